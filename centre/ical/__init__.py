"""Rotas as calendars."""
