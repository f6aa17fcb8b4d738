"""Repairing a rota while it is being worked: what is short from now on, which changes would help, which of them to make."""
