"""What ``[[pattern]]`` must satisfy: days of shifts that exist, a day to count from, people whose contracts allow it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from centre.cells import suggestion
from centre.errors import Faults
from centre.instants import day_number, week_of
from centre.mix_checks import check_there
from centre.model import Contract, Pattern, Settings, ShiftTemplate
from centre.patterns import ANY, OFF, shift_and_start
from centre.people import Agent
from centre.queue_checks import Blame, clock


def check_patterns(
    patterns: Mapping[str, Pattern | None], shifts: Mapping[str, ShiftTemplate | None], blame: Blame
) -> None:
    """Fault what cannot work; what is wrong in itself is None under its name."""
    teams: dict[str, str] = {}
    for pattern in filter(None, patterns.values()):
        path = f"pattern.{pattern.name}"
        for place, entry in enumerate(pattern.days, start=1):
            if entry not in (OFF, ANY):
                _check_entry(entry, f"{path}.days.{place}", shifts, blame)
        if pattern.starts_on is None and len(pattern.days) != 7:
            words = f"a date on which its cycle of {len(pattern.days)} days begins; one of 7 days begins with the week"
            blame(f"{path}.starts_on", words, "none")
        for team in pattern.teams:
            if teams.setdefault(team, pattern.name) != pattern.name:
                blame(f"{path}.teams", f"a team without a pattern; [[pattern]] {teams[team]} has it", team)


def _check_entry(entry: str, path: str, shifts: Mapping[str, ShiftTemplate | None], blame: Blame) -> None:
    try:
        name, start = shift_and_start(entry)
    except ValueError as error:
        blame(path, str(error), entry)
        return
    if name not in shifts:
        blame(path, f"a [[shift]] of centre.toml, {OFF} or {ANY}" + suggestion(name, shifts), entry)
        return
    shift = shifts[name]
    if shift is not None and start is not None:
        starts = range(shift.earliest_start, shift.latest_start + 1, shift.start_step_minutes)
        if start not in starts:
            words = f"a start of {name}, {clock(starts[0])} to {clock(starts[-1])} every {shift.start_step_minutes} min"
            blame(path, words, entry)


def pattern_of(agent: Agent, patterns: Mapping[str, Pattern]) -> tuple[Pattern | None, int]:
    """The pattern that somebody works and how many days ahead in it they are; None where they work none.

    The column of the agents file comes before the pattern of the team. A name that is not known is none: `check_pattern_people`
    faults it.
    """
    name, _, ahead = agent.pattern.rpartition(":") if ":" in agent.pattern else (agent.pattern, "", "0")
    if name in patterns and ahead.isdecimal():
        return patterns[name], int(ahead)
    of_team = (each for each in patterns.values() if agent.team and agent.team in each.teams)
    return (None if agent.pattern else next(of_team, None)), 0


def check_pattern_people(settings: Settings, agents: Sequence[Agent], file: str, faults: Faults) -> None:
    """Fault patterns that are not there, places beyond the cycle and shifts that a contract does not have; warn of weeks that a contract
    cannot fill.
    """
    patterns = {pattern.name: pattern for pattern in settings.pattern}
    contracts = {contract.name: contract for contract in settings.contract}
    shifts = {shift.name: shift for shift in settings.shift}
    for each in patterns.values():
        check_there(
            each.teams,
            {agent.team for agent in agents} - {""},
            f"pattern.{each.name}.teams",
            file,
            faults,
        )
    worked = dict[tuple[str, str], None]()
    for agent in agents:
        pattern, ahead = pattern_of(agent, patterns)
        if agent.pattern and (pattern is None or ahead >= len(pattern.days)):
            words = "a [[pattern]] of centre.toml, NAME or NAME:DAYS ahead, fewer days than its cycle has"
            found = agent.pattern
            faults.add(
                file,
                f"{words}{suggestion(found, patterns)}; agent {agent.agent_id}",
                found=found,
                column="pattern",
            )
        elif pattern is not None and agent.contract in contracts:
            worked.setdefault((pattern.name, agent.contract))
    for name, contract in worked:
        _check_contract(patterns[name], contracts[contract], shifts, faults)


def _check_contract(
    pattern: Pattern, contract: Contract, shifts: Mapping[str, ShiftTemplate], faults: Faults
) -> None:
    """Whether somebody of this contract can work the pattern."""
    path = f"pattern.{pattern.name}.days"
    names = {shift_and_start(entry)[0] for entry in pattern.days} - {OFF, ANY}
    for name in sorted(names - set(contract.shifts)):
        words = f"shifts of contract {contract.name}, whose people work this pattern: {', '.join(contract.shifts)}"
        faults.add("centre.toml", words, found=name, column=path)
    longest = max((shifts[name].paid_minutes for name in contract.shifts), default=0)
    minutes = [0 if e == OFF else longest if e == ANY else _paid(e, shifts) for e in pattern.days]
    each_week = sum(minutes) * 7 / len(minutes)
    if each_week < contract.weekly_minutes_min - 0.5:
        faults.warn(
            f"centre.toml: [[pattern]] {pattern.name} has at most {each_week:.0f} paid minutes a week on average, contract "
            f"{contract.name} asks for {contract.weekly_minutes_min} or more: add days to it, or work it with another contract"
        )


def _paid(entry: str, shifts: Mapping[str, ShiftTemplate]) -> int:
    name = shift_and_start(entry)[0]
    return shifts[name].paid_minutes if name in shifts else 0


def longer_than(patterns: Iterable[Pattern], first_day: int, days: int, week_start: int) -> Iterator[str]:
    """Patterns of which a horizon shows a part only, in sentences: with which of their days it begins, and how to see the whole."""
    for pattern in patterns:
        length = len(pattern.days)
        if length > days:
            begins = (
                week_of(first_day, week_start) if pattern.starts_on is None else day_number(pattern.starts_on)
            )
            place = (first_day - begins) % length + 1
            yield (
                f"[[pattern]] {pattern.name} has {length} days, more than the {days} planned: they begin with day {place} of it; "
                f"plan {length} days, or a multiple, to see all of it"
            )
