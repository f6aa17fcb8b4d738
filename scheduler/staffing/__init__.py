"""Demand to agents: Erlang B, C and A, agents that targets need, shrinkage, the requirement of intervals."""

from scheduler.staffing.erlang import Performance, erlang_b, erlang_c, performance
from scheduler.staffing.targets import required_agents

__all__ = ["Performance", "erlang_b", "erlang_c", "performance", "required_agents"]
