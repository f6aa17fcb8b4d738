"""A week in which triggers alone call backup, played many times: calls, service with and without, and every call-out audited.

    .venv/bin/python benchmarks/trigger_week.py [--replications 200] [--effort 10]

`examples/peak-week` with call-outs left to the triggers (``planned = false``). Each replication's call-outs, joined with the rota, are
audited by all rules of the centre; "at most" is what hysteresis allows: a batch for each lead, in each stretch of the pool's hours.
"""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from centre.folder import read_centre
from scenarios.plan import plan
from scenarios.replications import play
from scenarios.simulated_backup import call_out_rota, call_outs
from scenarios.worlds import busiest_day, without_call_outs, world
from scheduler.audit import audit
from scheduler.rota import joined
from scheduler.solution import Limits

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "peak-week"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--effort", type=int, default=10)
    asked = parser.parse_args()
    centre = read_centre(EXAMPLE)
    pools = tuple(replace(pool, planned=False) for pool in centre.settings.backup)
    centre = replace(centre, settings=replace(centre.settings, backup=pools))
    made = plan(centre, date(2025, 10, 6), 7, Limits(effort=asked.effort))
    day = busiest_day(made)
    for name, each in (("triggers alone", made), ("nobody called", without_call_outs(made))):
        found = world(name, each, asked.replications, 1, 2, day)
        print(
            f"{name}: targets of the peak day met in {100 * float(found.met.mean):.1f} % of replications, in time on it"
            f" {', '.join(f'{queue} {100 * float(found.share_in_time.mean[q]):.1f} %' for q, queue in enumerate(found.queues))};"
            f" cost {found.cost:,.0f}"
        )
    played = play(made.centre, made.rota, made.forecast, asked.replications, 1, 2, made.requirement)
    calls = call_outs(played.result, played.floor.pools, played.floor.people, played.grid)
    people = np.bincount(calls["replication"] - 1, minlength=asked.replications)
    batches = (
        calls.groupby("replication")["called"]
        .nunique()
        .reindex(range(1, asked.replications + 1), fill_value=0)
    )
    (pool,) = pools
    hours = sum(each.closes - each.opens for each in pool.hours) * made.grid.days
    print(
        f"people called a replication: median {np.median(people):.0f}, {people.min()} to {people.max()}; calls (batches) at most"
        f" {batches.max()}, hysteresis allows {hours / pool.lead_minutes:.0f}"
    )
    lead = (calls["arrived"] - calls["called"]).dt.total_seconds().dropna() / 60
    length = (calls["left"] - calls["arrived"]).dt.total_seconds().dropna() / 60
    print(
        f"lead {lead.min():.0f} to {lead.max():.0f} min; at work {length.min():.0f} to {length.max():.0f} min; most calls of a person"
        f" in the week {calls.groupby(['replication', 'agent_id']).size().max()}; least value at a call {calls['value'].min():.0f}"
    )
    breaches = 0
    for replication in range(1, asked.replications + 1):
        rota = joined(made.rota, call_out_rota(calls, replication, made.grid.zone))
        found = audit(rota, made.rules, made.facts)
        breaches += sum(v.verdict == "breach" for v in found)
    print(f"{len(calls):,} call-outs of {asked.replications} replications audited: {breaches} breaches")


if __name__ == "__main__":
    main()
