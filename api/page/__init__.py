"""The page: screens for people in a browser, a module a screen, over the same functions as the HTTP routes."""
