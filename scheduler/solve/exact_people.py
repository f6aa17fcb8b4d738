"""What one person's line costs in the exact model: pay, premiums, wishes, charges, overtime and preferences."""

from itertools import combinations

from centre.instants import MINUTES_A_DAY, from_minutes
from scheduler.problem import PlannedPerson
from scheduler.solve.exact_line import Bool, Line, total
from scheduler.solve.exact_money import Money
from scheduler.terms import DaysOffTogether, ForwardRotation, OvertimePay, SameStart


def charge_person(line: Line, person: PlannedPerson, money: Money) -> None:
    """Charge everything that is priced on one person's line alone."""
    _charge_shifts(line, person, money)
    for pay in person.overtime:
        _charge_overtime(line, pay, money)
    for wanted in person.preferences:
        if isinstance(wanted, DaysOffTogether):
            _charge_days_off(line, wanted, money)
        else:
            _charge_starts(line, wanted, money)


def _charge_shifts(line: Line, person: PlannedPerson, money: Money) -> None:
    """Prices of single shifts, and what is charged until a shift is worked."""
    money.constant += sum(charge.constant for charge in person.charges)
    money.constant += sum(wish.price for wish in person.wishes if wish.kind == "on")
    for number, works in line.works.items():
        shift = line.shifts[number]
        premium = person.premiums[number] if person.premiums else 0.0
        price = person.cost_per_minute * (shift.paid_minutes + premium)
        price += sum(charge.by_shift[number] for charge in person.charges)
        for wish in person.wishes:
            if wish.day == shift.day and wish.shift in ("", shift.template.name):
                price += wish.price if wish.kind == "off" else -wish.price
        money.charge(works, price)


def _charge_overtime(line: Line, pay: OvertimePay, money: Money) -> None:
    """The minutes counted beyond the threshold; none where it is a rebate, which no law gives."""
    counted = {k: pay.counted(line.shifts[k].day, line.shifts[k].paid_minutes) for k in line.works}
    most = (
        sum(max((counted[k] for k in numbers), default=0) for numbers in line.by_day.values()) - pay.threshold
    )
    if most > 0:
        beyond = line.model.new_int_var(0, most, "")
        minutes = total(counted[k] * line.works[k] for k in line.works)
        line.model.add(beyond >= minutes - pay.threshold)
        money.charge(beyond, pay.extra_per_minute, most)


def _charge_days_off(line: Line, wanted: DaysOffTogether, money: Money) -> None:
    """A day off between two days worked."""
    for day in line.days[1:-1]:
        alone = line.model.new_bool_var("")
        around = line.works_on(day - 1) + line.works_on(day + 1)
        line.model.add(around - line.works_on(day) <= 1 + alone)
        money.charge(alone, wanted.price)


def _charge_starts(line: Line, wanted: SameStart | ForwardRotation, money: Money) -> None:
    """Two shifts with none between them, the later of which starts at a time of day too far from the earlier one's."""
    moved: dict[int, Bool] = {}
    for day, later in combinations(sorted(line.by_day), 2):
        between = total(line.works_on(d) for d in range(day + 1, later))
        for k in line.by_day[day]:
            far = [j for j in line.by_day[later] if _too_far(line, wanted, k, j)]
            if far:
                if later not in moved:
                    moved[later] = line.model.new_bool_var("")
                line.model.add(line.works[k] + line.sum_of(far) <= 1 + moved[later] + between)
    for charged in moved.values():
        money.charge(charged, wanted.price)


def _too_far(line: Line, wanted: SameStart | ForwardRotation, before: int, after: int) -> bool:
    """Whether a start is charged after another: the short way round the clock, so that 00:30 is an hour after 23:30."""
    first, second = (from_minutes(line.shifts[k].start, wanted.zone) for k in (before, after))
    later = (second.hour * 60 + second.minute - first.hour * 60 - first.minute) % MINUTES_A_DAY
    earlier = MINUTES_A_DAY - later
    if isinstance(wanted, ForwardRotation):
        return later >= earlier > wanted.tolerance_minutes
    return min(later, earlier) > wanted.tolerance_minutes
