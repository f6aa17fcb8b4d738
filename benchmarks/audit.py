"""The audit of a large rota: seconds in all and by rule, peak memory, number of findings.

    taskset -c 0,1 python benchmarks/audit.py --people 5000 --days 365

An invented year in Asia/Shanghai, seeded: weeks of early, day, late or night shifts of nine hours, a meal of
an hour as a row of its own (three rows a shift; ``--no-breaks`` for one), five days a week, one week in seven
away on leave, 35 days of work known before, everyone's birth date (17 to 60 years), one in a hundred in a protected
period of four months, China's calendar. So that there is something to find, one shift in a hundred begins
three hours sooner, one is 90 minutes longer, and one week in a hundred has six shifts, one seven. Both
readings of policy P12 are judged. The rota is built as columns, so reading a file is not in the figure;
``--table`` hands the audit a data frame instead. Needs nothing but the project.
"""

import argparse
import resource
import time
from collections import Counter
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import day_start
from centre.model import Contract, Overtime, RuleSettings
from scheduler.audit import audit
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person, day_classes
from scheduler.rules.presets import rules_in_force

ZONE, FIRST_DAY, DAYS_BEFORE = ZoneInfo("Asia/Shanghai"), 19723, 35  # the Monday 2024-01-01
STARTS = {"early": 6 * 60, "day": 9 * 60, "late": 14 * 60, "night": 22 * 60}
SHIFT_MINUTES, MEAL_AFTER, MEAL_MINUTES = 540, 240, 60
CONTRACT = Contract("full", 1920, 2400, 4, 6, tuple(STARTS), overtime=Overtime(weekly_minutes=300))


def shifts_of(people: int, days: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Person, day number, kind, UTC start and minutes over nine hours of every shift; weeks away last."""
    weeks = -(-days // 7)
    kind = np.sort(rng.integers(0, len(STARTS), (people, weeks, 2)), axis=2)[:, :, 0]
    away = rng.random((people, weeks)) < 1 / 7
    length = rng.choice([5, 6, 7], (people, weeks), p=[0.98, 0.01, 0.01])
    first = np.where(length > 5, 0, rng.choice([0, 2], (people, weeks)))
    weekday = np.arange(7)
    on = (weekday >= first[..., None]) & (weekday < (first + length)[..., None]) & ~away[..., None]
    person, day = np.nonzero(on.reshape(people, -1)[:, :days])
    what = kind[person, day // 7]
    midnight = np.array([day_start(ZONE, FIRST_DAY - DAYS_BEFORE + k) for k in range(days)])
    start = midnight[day] + np.array(list(STARTS.values()))[what]
    start -= np.where(rng.random(len(day)) < 0.01, 180, 0)
    longer = np.where(rng.random(len(day)) < 0.01, 90, 0)
    return person, day + FIRST_DAY - DAYS_BEFORE, what, start, longer, away


def rota_of(names: tuple[str, ...], shifts: tuple[np.ndarray, ...], breaks: bool) -> Rota:
    """Shifts as a rota, each with its meal as a row of its own or as one row."""
    edges = [0, MEAL_AFTER, MEAL_AFTER + MEAL_MINUTES, SHIFT_MINUTES] if breaks else [0, SHIFT_MINUTES]
    parts = len(edges) - 1
    person, day, what, start, longer = (np.repeat(column, parts) for column in shifts)
    row = np.tile(np.arange(parts), len(shifts[0]))
    from_, to = np.array(edges[:-1])[row], np.array(edges[1:])[row]
    to = to + np.where(row == parts - 1, longer, 0)
    meal = row == 1
    return Rota(
        names, tuple(STARTS), ("work:*", "meal"), person.astype(np.int32), day, start + from_, start + to,
        meal.astype(np.int32), what.astype(np.int32), ~meal,
    )  # fmt: skip


def material(people: int, days: int, breaks: bool, seed: int) -> tuple[Rota, Facts]:
    """The rota to judge and what is known besides, every person with a contract and their leave."""
    rng = np.random.default_rng(seed)
    *columns, away = shifts_of(people, days + DAYS_BEFORE, rng)
    names = tuple(f"a{k:05d}" for k in range(people))
    origin = FIRST_DAY - DAYS_BEFORE
    edge = [day_start(ZONE, origin + 7 * week) for week in range(away.shape[1] + 1)]
    listed = {
        name: Person(
            name, CONTRACT, starts_on=origin - 400, leave=tuple((edge[w], edge[w + 1]) for w in np.flatnonzero(gone)),
            born_on=origin - int(age * 365.25),
            protections=(("pregnancy", FIRST_DAY, FIRST_DAY + 120),) if k % 100 == 0 else (),
        )
        for k, (name, gone, age) in enumerate(zip(names, away, rng.uniform(17, 60, people), strict=True))
    }  # fmt: skip
    early = columns[1] < FIRST_DAY
    past = rota_of(names, tuple(column[early] for column in columns), breaks)
    rota = rota_of(names, tuple(column[~early] for column in columns), breaks)
    special = day_classes("CN", FIRST_DAY, days)
    return rota, Facts(ZONE, FIRST_DAY, days, people=listed, before=past, special_days=special)


def memory() -> float:
    """Peak memory of this process so far in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    """Audit once for the figures that count, then rule by rule to say where the time goes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--presets", default="cn-labour,customer-service")
    parser.add_argument("--no-breaks", action="store_true")
    parser.add_argument("--table", action="store_true", help="from a data frame rather than from columns")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    settings = RuleSettings(tuple(asked.presets.split(",")), {"rest-in-any-window": {}})
    rules = rules_in_force(settings, with_centre=False)
    rota, facts = material(asked.people, asked.days, not asked.no_breaks, asked.seed)
    given = rota.to_frame() if asked.table else rota
    print(f"{asked.people:,} people, {len(rota):,} rows; {memory():.2f} GiB before the audit")
    began, cpu = time.perf_counter(), time.process_time()
    found = audit(given, rules, facts)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{asked.presets}: {took:.2f} s by the clock, {cpu:.2f} s of processor, peak {memory():.2f} GiB")
    print(f"{len(rota.duties):,} shifts; findings {dict(Counter(v.verdict for v in found))}")
    count = Counter((v.rule, v.source) for v in found)
    for rule in rules:  # the shared table is made by now
        began = time.perf_counter()
        list(rule.violations(rota, facts))
        took = time.perf_counter() - began
        print(
            f"  {rule.name:24}{took:8.2f} s {count[rule.name, rule.source]:8,} findings  {rule.source[:50]}"
        )


if __name__ == "__main__":
    main()
