"""Skill mixes: what cross-training is worth, and how many agents are told who can do two things.

    python benchmarks/multiskill.py

First the fact of Wallace and Whitt (2005): six queues alike, each agent with one skill, two (a chain of neighbours), three, or all
six; fewest agents for 80 % within 20 s, and the seconds it took to find them. Then 50 and 33 erlangs and agents who speak both
languages: pyworkforce's multi-skill programme (if it is installed, see requirements.txt) covers each language with its own Erlang C
requirement and counts every agent for both; ours is judged by simulation.
"""

import time

from centre.model import Queue
from scheduler.staffing import required_agents
from scheduler.staffing.multiskill import MixResult, SkillGroup, required_mix

AHT = 180.0
ERLANGS = 15.0


def main() -> None:
    """Print both tables."""
    required_mix([_queue("a")], 10, AHT, [SkillGroup("a", {"a": 1})], effort=0.01)  # compile
    names = "abcdef"
    print(
        f"{len(names)} queues of {ERLANGS:g} erlangs: skills an agent, agents, seconds, worst service with its interval"
    )
    for skills in (1, 2, 3, 6):
        kinds = [(names * 2)[k : k + skills] for k in range(len(names) if skills < len(names) else 1)]
        groups = [SkillGroup(kind, dict.fromkeys(kind, 1.0)) for kind in kinds]
        found, seconds = _timed([_queue(name) for name in names], ERLANGS * 3600 / AHT, groups)
        worst = found.service.sort_values("service_level").iloc[0]
        low, high = worst["service_level_low"], worst["service_level_high"]
        print(
            f"  {skills}  {sum(found.agents.values()):4d}  {seconds:6.1f}  {worst['service_level']:.3f} ({low:.3f} to {high:.3f})"
        )
    print("50 and 33 erlangs, agents who can do both:")
    both = [SkillGroup("both", {"english": 1.0, "spanish": 1.0})]
    found, seconds = _timed([_queue("english"), _queue("spanish")], [1000, 660], both)
    print(
        f"  ours {found.agents['both']} in {seconds:.1f} s; separate teams {found.separate_cost:g}; counted twice {_pyworkforce()}"
    )


def _queue(name: str) -> Queue:
    return Queue(name, target_seconds=20, target_share=0.8)


def _timed(queues: list[Queue], rates: object, groups: list[SkillGroup]) -> tuple[MixResult, float]:
    start = time.perf_counter()
    found = required_mix(queues, rates, AHT, groups, effort=0.25)  # type: ignore[arg-type]
    return found, time.perf_counter() - start


def _pyworkforce() -> str:
    """Agents that pyworkforce answers for the two languages."""
    needs = dict(
        zip(("english", "spanish"), required_agents([1000, 660], AHT, 0.8, 20).tolist(), strict=True)
    )
    try:
        from pyworkforce.staffing import MultiSkillStaffing
    except ImportError:
        return f"{max(needs.values())} (as pyworkforce would, which is not installed)"
    profiles = [{"name": "both", "skills": list(needs)}]
    return str(MultiSkillStaffing(list(needs), profiles, needs).solve()["total_agents"]) + " (pyworkforce)"


if __name__ == "__main__":
    main()
