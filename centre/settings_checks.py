"""What settings must satisfy together: windows that fit, names that exist, weeks that a contract's shifts can
fill.
"""

from collections.abc import Callable, Iterable, Sequence

from centre.cells import suggestion
from centre.model import Contract, Queue, ShiftTemplate

Blame = Callable[[str, str, object], None]
"""Notes a fault: dotted path, what was expected, what was found."""


def check(
    queues: Iterable[Queue],
    shifts: Sequence[ShiftTemplate],
    contracts: Iterable[Contract],
    shift_names: set[str],
    blame: Blame,
) -> None:
    """Check the parts of ``centre.toml`` that are right in themselves; ``shift_names`` holds those of wrong
    shifts too.
    """
    for queue in queues:
        _check_queue(queue, f"queue.{queue.name}", blame)
    for shift in shifts:
        _check_starts(shift, f"shift.{shift.name}", blame)
        _check_breaks(shift, f"shift.{shift.name}", blame)
    sound = [shift for shift in shifts if shift.duration_minutes <= 1440 and shift.paid_minutes > 0]
    by_name = {shift.name: shift for shift in sound}
    for contract in contracts:
        _check_contract(contract, by_name, shift_names, f"contract.{contract.name}", blame)


def _check_queue(queue: Queue, path: str, blame: Blame) -> None:
    if ";" in queue.name or ":" in queue.name:
        blame(f"{path}.name", "a name without ; and :, which separate skills", queue.name)
    if queue.target_seconds is not None and queue.target_hours is not None:
        blame(f"{path}.target_hours", "either target_seconds or target_hours", "both")
    elif queue.channel in ("voice", "chat") and queue.target_seconds is None and queue.target_hours is None:
        blame(
            f"{path}.target_seconds",
            f"target_seconds for a {queue.channel} queue",
            "neither it nor target_hours",
        )
    if not queue.opening:
        blame(f"{path}.opening", "at least one span of hours", "none")
    for place, hours in enumerate(queue.opening, start=1):
        if hours.closes <= hours.opens:
            words = "a time after opens; past midnight is told as 25:00 and so on"
            blame(f"{path}.opening.{place}.closes", words, _clock(hours.closes))
        elif hours.closes - hours.opens > 1440:
            blame(f"{path}.opening.{place}.closes", "at most 24 hours after opens", _clock(hours.closes))


def _check_starts(shift: ShiftTemplate, path: str, blame: Blame) -> None:
    span = shift.latest_start - shift.earliest_start
    if shift.duration_minutes > 1440:
        blame(
            f"{path}.duration_minutes", "a shift no longer than a day (1440 minutes)", shift.duration_minutes
        )
    if span < 0:
        blame(
            f"{path}.latest_start",
            f"{_clock(shift.earliest_start)} (earliest_start) or later",
            _clock(shift.latest_start),
        )
    elif span % shift.start_step_minutes:
        words = f"a step that divides the {span} minutes from earliest_start to latest_start"
        blame(f"{path}.start_step_minutes", words, shift.start_step_minutes)


def _check_breaks(shift: ShiftTemplate, path: str, blame: Blame) -> None:
    ends = 0
    for place, rest in sorted(enumerate(shift.breaks, start=1), key=lambda pair: pair[1].earliest_minutes):
        where = f"{path}.breaks.{place}"
        span = rest.latest_minutes - rest.earliest_minutes
        if span < 0:
            blame(
                f"{where}.latest_minutes",
                f"{rest.earliest_minutes} (earliest_minutes) or more",
                rest.latest_minutes,
            )
        elif span % rest.step_minutes:
            words = f"a step that divides the {span} minutes from earliest_minutes to latest_minutes"
            blame(f"{where}.step_minutes", words, rest.step_minutes)
        if rest.latest_minutes + rest.minutes > shift.duration_minutes:
            words = f"a break that ends within the shift's {shift.duration_minutes} minutes"
            blame(f"{where}.latest_minutes", words, rest.latest_minutes)
        if rest.earliest_minutes < ends:
            blame(
                f"{where}.earliest_minutes",
                f"{ends} or more, when the break before it is over",
                rest.earliest_minutes,
            )
        ends = max(ends, rest.latest_minutes + rest.minutes)
    if shift.paid_minutes <= 0:
        blame(f"{path}.breaks", "some paid time in the shift", "none")


def _check_contract(
    contract: Contract, shifts: dict[str, ShiftTemplate], names: set[str], path: str, blame: Blame
) -> None:
    for name in contract.shifts:
        if name not in names:
            blame(f"{path}.shifts", "names of [[shift]] sections" + suggestion(name, names), name)
    ordered = True
    for what in ("weekly_minutes", "days"):
        low, high = getattr(contract, f"{what}_min"), getattr(contract, f"{what}_max")
        if low > high:
            blame(f"{path}.{what}_min", f"{high} ({what}_max) or less", low)
            ordered = False
    allowed = [shifts[name] for name in contract.shifts if name in shifts]
    if ordered and len(allowed) == len(contract.shifts) and not _can_be_filled(contract, allowed):
        words = (
            f"weekly minutes that {contract.days_min} to {contract.days_max} of its shifts"
            f" ({', '.join(f'{shift.name}: {shift.paid_minutes} paid' for shift in allowed)}) can add up to"
        )
        blame(
            f"{path}.weekly_minutes_min",
            words,
            f"{contract.weekly_minutes_min} to {contract.weekly_minutes_max}",
        )


def _can_be_filled(contract: Contract, allowed: Sequence[ShiftTemplate]) -> bool:
    """Whether some choice of at most one shift a weekday meets the contract's days and minutes (overtime left
    out).
    """
    reached = {(0, 0)}
    for weekday in range(7):
        lengths = {shift.paid_minutes for shift in allowed if weekday in shift.days}
        reached |= {(days + 1, minutes + length) for days, minutes in reached for length in lengths}
    return any(
        contract.days_min <= days <= contract.days_max
        and contract.weekly_minutes_min <= minutes <= contract.weekly_minutes_max
        for days, minutes in reached
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
