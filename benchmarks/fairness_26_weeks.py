"""Fairness over 26 weekly rotas of 100 people round the clock, rolled by closing each week, with the ledger and without.

    python benchmarks/fairness_26_weeks.py --out fairness.json

The centre is the round-the-clock week of ``_rota_weeks`` with a new draw of demand and leave each week, starts on the hour, and the public
holidays of the United States. Each week is solved twice with the same effort and seed: once knowing what the ledger says, once with an
empty one. Told are the spread of nights, weekend and holiday shifts per full-time share of a contract over the 26 weeks (most - least,
standard deviation) and what the rotas cost but for the prices of fairness themselves. Weeks that are done stand in ``--out``; a run that
was stopped goes on after them.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
from _rota_weeks import LOAD, MONDAYS, ZONES, _hours, _leave, _people, _requirement, _settings

from centre.calendar import public_holidays
from centre.instants import Grid, day_number, day_of
from scheduler.audit import audit
from scheduler.close import rolled
from scheduler.ledger import Ledger
from scheduler.problem import rota_problem
from scheduler.rota import Rota
from scheduler.rules.facts import facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.solution import Limits
from scheduler.solve import solve

SHAPE, STEP, BEFORE_DAYS = "round-the-clock", 60, 35
KINDS = ("nights", "weekends", "holidays")
FULL_TIME = 2400
COLUMNS = ["agent_id", "account", "period", "amount", "unit", "as_of"]


def week(k: int, people: int, ledger: Ledger, before: pd.DataFrame | None, told: bool, effort: int):
    """The rota of week ``k``, what it costs, its breaches, and the ledger after it."""
    settings = _settings(SHAPE, people, STEP)
    agents = _people(settings, people, np.random.default_rng([1, people]))
    grid = Grid(ZONES[SHAPE], day_number(MONDAYS[SHAPE]) + 7 * k, 7, 15)
    rng = np.random.default_rng([2, k])
    leave = _leave(agents, grid, rng)
    noise = np.exp(rng.normal(0.0, 0.04, 7))
    needed = _requirement(SHAPE, grid, LOAD[SHAPE] * _hours(settings, agents, leave, 7), settings, noise, rng)
    holidays = public_holidays("US", grid.first_day - 1, grid.first_day + 8)
    facts, known = (
        facts_of(settings, agents, leave, before, grid.first_day, 7, holidays, ledger=table)
        for table in (None, ledger.frame())
    )
    rules = list(rules_in_force(settings.rules, with_centre=True))
    problem = rota_problem(settings, agents, needed, None, rules, known if told else facts, grid)
    solution = solve(problem, Limits(effort=effort, workers=1))
    cost = sum(amount for term, amount in solution.cost.items() if not term.startswith("unfair_"))
    breaches = sum(v.verdict == "breach" for v in audit(solution.rota, rules, facts))
    return solution.rota, cost, breaches, rolled(ledger, solution.rota, known, settings, agents)


def run(people: int, weeks: int, effort: int, out: Path) -> dict:
    """All weeks of both, going on where an earlier run stopped."""
    kept = (
        json.loads(out.read_text())
        if out.exists()
        else {"people": people, "effort": effort, "with": [], "without": []}
    )
    if (kept["people"], kept["effort"]) != (people, effort):
        raise SystemExit(
            f"{out} is of {kept['people']} people and effort {kept['effort']}: name another file"
        )
    for name in ("with", "without"):
        for k in range(len(kept[name]), weeks):
            last = kept[name][-1] if kept[name] else {"ledger": [], "before": None}
            table = pd.DataFrame(last["ledger"], columns=COLUMNS)
            table["as_of"] = [day_of(day) for day in table["as_of"]]
            before = pd.DataFrame(last["before"]) if last["before"] else None
            began = time.perf_counter()
            rota, cost, breaches, ledger = week(
                k, people, Ledger.from_frame(table), before, name == "with", effort
            )
            for done in kept[name]:  # only the last needs what goes on
                done.pop("before", None)
                done.pop("ledger", None)
            rows = [(*key, entry.amount, entry.unit, entry.as_of) for key, entry in ledger.entries.items()]
            kept[name].append({
                "cost": cost, "breaches": breaches, "seconds": round(time.perf_counter() - began, 1), "ledger": rows,
                "before": _carried(before, rota, day_number(MONDAYS[SHAPE]) + 7 * (k + 1)),
            })  # fmt: skip
            out.write_text(json.dumps(kept))
            print(
                f"{name} the ledger, week {k + 1}: {cost:,.0f}, {breaches} breaches, {kept[name][-1]['seconds']} s",
                flush=True,
            )
    return kept


def _carried(before: pd.DataFrame | None, rota: Rota, end_day: int) -> dict:
    """What the next week looks back on, as JSON holds it."""
    table = rota.to_frame().assign(day=lambda t: t["day"].astype(str))
    for name in ("start", "end"):
        table[name] = table[name].astype(str)
    table = table if before is None else pd.concat([before, table])
    recent = [day_number(pd.Timestamp(day).date()) >= end_day - BEFORE_DAYS for day in table["day"]]
    return table[recent].to_dict("list")


def spreads(kept: dict, people: int) -> pd.DataFrame:
    """Most less least and standard deviation of each kind per full-time share, with the ledger and without."""
    settings = _settings(SHAPE, people, STEP)
    contracts = {contract.name: contract.weekly_minutes_max / FULL_TIME for contract in settings.contract}
    agents = _people(settings, people, np.random.default_rng([1, people]))
    share = {agent.agent_id: contracts[agent.contract] for agent in agents}
    rows = []
    for kind in KINDS:
        row: dict[str, object] = {"kind": kind}
        for name in ("without", "with"):
            had = dict.fromkeys(share, 0.0)
            for who, account, period, amount, *_ in kept[name][-1]["ledger"]:
                if account == kind and period not in ("entry", "away"):
                    had[who] += amount
            each = np.array([had[who] / share[who] for who in share])
            row |= {
                f"{name}_total": sum(had.values()),
                f"{name}_spread": np.ptp(each),
                f"{name}_sd": each.std(),
            }
        rows.append(row)
    table = pd.DataFrame(rows)
    for name in ("spread", "sd"):
        table[f"{name}_ratio"] = table[f"with_{name}"] / table[f"without_{name}"]
    return table.round(2)


def main() -> None:
    """Run and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--effort", type=int, default=20)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    kept = run(asked.people, asked.weeks, asked.effort, asked.out)
    print(spreads(kept, asked.people).to_string(index=False))
    cost = {name: sum(each["cost"] for each in kept[name]) for name in ("without", "with")}
    breaches = sum(each["breaches"] for name in cost for each in kept[name])
    print(
        f"cost without {cost['without']:,.0f}, with {cost['with']:,.0f}: {100 * (cost['with'] / cost['without'] - 1):+.2f} %"
    )
    print(f"{breaches} breaches in {2 * asked.weeks} rotas")


if __name__ == "__main__":
    main()
