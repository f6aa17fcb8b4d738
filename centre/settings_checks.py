"""What settings must satisfy together: windows that fit, names that exist, weeks that a contract's shifts can
fill.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from centre.activity_checks import check_activities
from centre.cells import suggestion
from centre.mix_checks import check_mixes
from centre.model import (
    Activity,
    Backup,
    Contract,
    FollowUp,
    LeaveQuota,
    Mix,
    Pattern,
    Peak,
    Queue,
    ShiftTemplate,
    Shrinkage,
)
from centre.pattern_checks import check_patterns
from centre.peak_checks import check_peaks
from centre.queue_checks import Blame, Warn, check_queues, check_span, clock


@dataclass(frozen=True)
class Parts:
    """The parts of ``centre.toml`` by their names: one that is wrong in itself is None, as is a section that is
    no list of tables.
    """

    queues: Mapping[str, Queue | None] | None
    shifts: Mapping[str, ShiftTemplate | None] | None
    contracts: Mapping[str, Contract | None] | None
    follow_ups: Mapping[str, FollowUp | None] | None
    backups: Mapping[str, Backup | None] | None
    mixes: Mapping[str, Mix | None] | None
    peaks: Mapping[str, Peak | None] | None
    quotas: Mapping[str, LeaveQuota | None] | None
    activities: Mapping[str, Activity | None] | None
    patterns: Mapping[str, Pattern | None] | None
    shrinkage: Shrinkage | None


def check(parts: Parts, blame: Blame, warn: Warn) -> None:
    """Check what is right in itself against the rest."""
    if parts.queues is not None:
        check_queues(parts.queues, parts.follow_ups or {}, parts.backups or {}, blame, warn)
    shifts = [shift for shift in (parts.shifts or {}).values() if shift is not None]
    for shift in shifts:
        _check_starts(shift, f"shift.{shift.name}", blame)
        _check_breaks(shift, f"shift.{shift.name}", blame)
    sound = [shift for shift in shifts if shift.duration_minutes <= 1440 and shift.paid_minutes > 0]
    by_name = {shift.name: shift for shift in sound}
    for contract in (parts.contracts or {}).values():
        if contract is not None:
            _check_contract(contract, by_name, set(parts.shifts or ()), f"contract.{contract.name}", blame)
    check_mixes(parts.mixes or {}, parts.queues, blame)
    check_peaks(parts.backups or {}, parts.peaks or {}, parts.quotas or {}, shifts, parts.queues, blame)
    check_activities(parts.activities or {}, blame)
    check_patterns(parts.patterns or {}, parts.shifts or {}, blame)
    if parts.shrinkage:
        _check_losses(parts.shrinkage, blame)


def _check_losses(shrinkage: Shrinkage, blame: Blame) -> None:
    for half in ("planned", "unplanned"):
        for cause, losses in getattr(shrinkage, half).items():
            for place, loss in enumerate(losses if isinstance(losses, tuple) else (), start=1):
                check_span(loss.opens, loss.closes, f"shrinkage.{half}.{cause}.{place}.closes", blame)


def _check_starts(shift: ShiftTemplate, path: str, blame: Blame) -> None:
    span = shift.latest_start - shift.earliest_start
    if shift.duration_minutes > 1440:
        blame(
            f"{path}.duration_minutes", "a shift no longer than a day (1440 minutes)", shift.duration_minutes
        )
    if span < 0:
        blame(
            f"{path}.latest_start",
            f"{clock(shift.earliest_start)} (earliest_start) or later",
            clock(shift.latest_start),
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
        if rest.kind == "split" and rest.paid:
            blame(f"{where}.paid", "false for a split, which is a person's own time", "true")
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
