"""What time off the queue costs service: placed by price, at random and at each team's usual hours, in the same rotas, simulated.

    .venv/bin/python benchmarks/activities.py --effort 15 --replications 30

Four weeks of two examples with the activities of ``examples/activities.toml``. Into each rota go the same sessions, of the same people for
the same length: where the product places them, at random times and at 10:00 and 14:00, each on a day at random. All keep to
shifts, pauses, windows, periods and minimum cover; stand-ups are at 08:30 in all three.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

import scenarios.activities as activities_of_plan
from centre.activities import OFF_QUEUE
from centre.folder import Centre, read_centre
from centre.instants import day_of
from scenarios.plan import Plan, plan
from scenarios.simulation import simulated
from scheduler.activities.candidates import window
from scheduler.activities.desk import Desk, Flags
from scheduler.activities.prices import Ints
from scheduler.activities.sessions import Session, given_up, with_sessions
from scheduler.rota import Rota
from scheduler.solution import Limits

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
CASES = (("anonbank", date(1999, 2, 21)), ("us-bank", date(2003, 10, 6)))
USUAL = (600, 840)
"""10:00 and 14:00, minutes of the day."""
Choose = Callable[[Ints, Session, Desk], int]


def with_activities(name: str) -> Centre:
    """An example with the policies' activities."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        shutil.copytree(EXAMPLES / name, copy)
        with (copy / "centre.toml").open("a", encoding="utf-8") as file:
            file.write("\n" + (EXAMPLES / "activities.toml").read_text(encoding="utf-8"))
        return read_centre(copy)


def elsewhere(desk: Desk, sessions: Sequence[Session], choose: Choose) -> tuple[list[Session], int]:
    """The same sessions, each at a start that ``choose`` takes among those possible, and how many stay where they were.

    Sessions of a day keep their time; others stay in the month (of the week: in the week) in which they were.
    """
    found, stayed = list[Session](), 0
    hard = sorted(sessions, key=lambda s: (s.activity.period != "day", (s.start - s.end) * len(s.attendees)))
    for session in hard:
        people = [desk.place[who] for who, _ in session.texts()]
        length = desk.slots_of(session.end - session.start)
        begin = desk.at(session.start)
        if session.activity.period != "day":
            starts = _possible(desk, session, np.array(people), length)
            begin = choose(starts, session, desk) if len(starts) else -1
            stayed += begin < 0
        if begin >= 0:
            desk.take(people, begin, begin + length)
            found.append(
                replace(session, start=desk.instant(begin), end=desk.instant(begin + length), room="")
            )
    return found, stayed


def _possible(desk: Desk, session: Session, people: Ints, length: int) -> Ints:
    day = desk.day[desk.at(session.start)]
    date_of = day_of(int(day))
    days = [int(d) for d in np.unique(desk.day)]
    if session.activity.period == "week":
        first = desk.grid.first_day + (int(day) - desk.grid.first_day) // 7 * 7
        inside = [d for d in days if first <= d < first + 7]
    else:
        inside = [d for d in days if day_of(d).month == date_of.month]
    ok: Flags = window(desk, session.activity, inside[0], inside[-1]).copy()
    for k in range(1, length):
        ok[: desk.count - k] &= ok[k:]
    ok &= (desk.ahead[people] >= length).all(axis=0) & (desk.minute % 15 == 0)
    ok &= desk.spare(people, length) >= len(people)
    return np.flatnonzero(ok)


def at_random(seed: int) -> Choose:
    """Any start, each as likely."""
    random = np.random.default_rng(seed)
    return lambda starts, session, desk: int(random.choice(starts))


def at_usual_hours(seed: int) -> Choose:
    """The start nearest to 10:00 or 14:00 on a day at random."""
    random = np.random.default_rng(seed)

    def choose(starts: Ints, session: Session, desk: Desk) -> int:
        day = random.choice(np.unique(desk.day[starts]))
        on = starts[desk.day[starts] == day]
        apart = np.abs(desk.minute[on][:, None] - np.array(USUAL)).min(axis=1)
        return int(on[np.argmin(apart)])

    return choose


def desk_of(made: Plan, bare: Rota) -> Desk:
    """The desk before anything is placed."""
    assert made.problem is not None
    return activities_of_plan.desk_of(made.centre, made.problem, made.requirement, bare)


def main() -> None:
    """Print a row for each way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--effort", type=int, default=15)
    parser.add_argument("--replications", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", nargs="+", default=[name for name, _ in CASES])
    asked = parser.parse_args()
    for name, start in CASES:
        if name in asked.case:
            _case(name, start, asked)


def _case(name: str, start: date, asked: argparse.Namespace) -> None:
    made = plan(with_activities(name), start, 28, Limits(effort=asked.effort, seed=asked.seed))
    assert made.activities is not None
    short = sum(q.short_minutes for q in made.activities.placing.quotas) / 60
    print(
        f"{name}: placed in {made.seconds['activities']:.1f} s, {len(made.breaches)} breaches, {short:.1f} h short",
        flush=True,
    )
    sessions = made.activities.placing.sessions
    bare = given_up(made.rota, sessions)
    stand_ups = [s for s in sessions if s.activity.period == "day"]
    ways: dict[str, Rota] = {
        "nothing placed": bare,
        "stand-ups alone": with_sessions(bare, stand_ups),
        "where the product places them": made.rota,
    }
    for label, choose in (
        ("at random", at_random(asked.seed)),
        ("10:00 and 14:00", at_usual_hours(asked.seed)),
    ):
        found, lost = elsewhere(desk_of(made, bare), sessions, choose)
        ways[f"{label} ({lost} find no place)"] = with_sessions(bare, found)
    for way, rota in ways.items():
        _, totals = simulated(made.centre, rota, made.forecast, asked.replications, asked.seed)
        _row(way, rota, totals)


def _row(way: str, rota: Rota, totals: dict[str, object]) -> None:
    queues = totals["queues"]
    assert isinstance(queues, dict)
    offered = sum(each["offered"]["mean"] for each in queues.values())
    late = sum(each["offered"]["mean"] * (1 - each["service_level"]["mean"]) for each in queues.values())
    away = rota.is_kind(*OFF_QUEUE)
    hours = float((rota.end - rota.start)[away].sum()) / 60
    print(f"| {way} | {hours:,.0f} | {late:,.0f} | {1 - late / offered:.4f} |", flush=True)


if __name__ == "__main__":
    main()
