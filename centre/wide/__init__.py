"""Rotas as sheets with people down and days across."""
