"""Demand to agents: Erlang B, C and A, queues carried over, agents that targets need, shrinkage, the requirement of intervals."""

from scheduler.staffing.carryover import CarriedPerformance, carried_performance, required_agents_carried
from scheduler.staffing.erlang import Performance, erlang_b, erlang_c, performance
from scheduler.staffing.targets import required_agents

__all__ = [
    "CarriedPerformance",
    "Performance",
    "carried_performance",
    "erlang_b",
    "erlang_c",
    "performance",
    "required_agents",
    "required_agents_carried",
]
