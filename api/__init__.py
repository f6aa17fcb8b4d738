"""The doors: command line now; HTTP and page later."""
