"""What goes in and out of the API, a file a noun: strict, unknown fields refused."""
