"""Demand to agents to rota to verdict."""
