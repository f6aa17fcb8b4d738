"""Template, overlap and one-shift-a-day rules, verdicts worked by hand."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import Grid, day_number, day_of
from centre.model import Break, ShiftTemplate
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, day_classes
from scheduler.rules.one_shift_a_day import OneShiftADay
from scheduler.rules.overlap import Overlap
from scheduler.rules.shift_template import ShiftTemplateRule
from scheduler.shifts import break_starts, candidate_shifts

BERLIN = ZoneInfo("Europe/Berlin")
DAY = ShiftTemplate(
    "day", 480, 600, 510, 30, (0, 1, 2, 3, 4, 5),
    (Break(30, 180, 300, paid=False, kind="meal"), Break(15, 60, 150), Break(15, 330, 450)),
)  # fmt: skip
NIGHT = ShiftTemplate("night", 1320, 1320, 540)
TEMPLATES = {"day": DAY, "night": NIGHT}
RIGHT = ((90, 15, True, "break"), (240, 30, False, "meal"), (390, 15, True, "break"))
RULE = ShiftTemplateRule("template")


def horizon(start="2024-05-06", days=7, templates=TEMPLATES, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, templates=templates, **more)


@pytest.fixture(name="shift")
def shift_fixture(local_shift, rota_of):
    """A rota of one shift of template ``day``."""

    def shift(clock="2024-05-06T08:00", minutes=510, breaks=RIGHT, name="day", **more):
        return rota_of([local_shift(BERLIN, "a", clock, minutes, breaks, name, **more)])

    return shift


def without(rota, keep):
    frame = rota.to_frame()
    return Rota.from_frame(frame[[keep(row) for row in frame.itertuples()]])


class TestStarts:
    @pytest.mark.parametrize("clock", ["08:00", "08:30", "10:00"])
    def test_inside_the_window_and_on_its_step(self, shift, breaches, clock):
        assert breaches(RULE, shift(f"2024-05-06T{clock}"), horizon()) == []

    @pytest.mark.parametrize(
        ("clock", "found", "limit"), [("07:59", 479, 480), ("10:01", 601, 600), ("08:10", 10, 0)]
    )
    def test_outside_of_it_or_off_it(self, shift, breaches, clock, found, limit):
        assert breaches(RULE, shift(f"2024-05-06T{clock}"), horizon()) == [("a", found, limit)]

    def test_on_a_weekday_that_the_template_leaves_out(self, shift, breaches):
        assert breaches(RULE, shift("2024-05-12T08:00"), horizon()) == [("a", None, None)]

    def test_told_under_another_day(self, shift, breaches):
        assert breaches(RULE, shift(day="2024-05-07"), horizon()) == [("a", -960, 480)]

    def test_of_no_template(self, shift, breaches):
        assert breaches(RULE, shift(name="早班"), horizon()) == [("a", None, None)]

    @pytest.mark.parametrize("night", ["2024-03-30", "2024-03-31", "2024-10-26", "2024-10-27"])
    def test_a_start_is_by_the_clock_and_a_length_elapsed(self, shift, breaches, night):
        rota = shift(f"{night}T22:00", 540, (), "night")
        assert breaches(RULE, rota, horizon(night, 1)) == []
        assert breaches(RULE, shift(f"{night}T22:00", 480, (), "night"), horizon(night, 1)) == [
            ("a", 480, 540)
        ]

    def test_a_window_that_reaches_into_the_next_day(self, shift, breaches):
        templates = {"late": ShiftTemplate("late", 1380, 1500, 240)}
        rota = shift("2024-05-07T01:00", 240, (), "late", day="2024-05-06")
        assert breaches(RULE, rota, horizon(templates=templates)) == []


class TestBreaks:
    def test_a_break_deleted(self, shift, breaches):
        rota = without(shift(), lambda row: row.activity != "meal")
        assert breaches(RULE, rota, horizon()) == [("a", 30, 60)]

    def test_pay_and_kind_are_told_in_plain_words(self, shift):
        def told(left_out):
            rota = shift(breaks=tuple(rest for rest in RIGHT if rest[3] != left_out))
            return [v.explanation.partition(": ")[2] for v in RULE.violations(rota, horizon())]

        assert told("meal") == [
            "an unpaid meal of 30 min is missing: 30 min of breaks found, 60 min required."
        ]
        assert told("break")[0].startswith("a paid break of 15 min is missing: ")

    def test_a_break_worked_through(self, shift, breaches):
        assert breaches(RULE, shift(breaks=RIGHT[:2]), horizon()) == [("a", 45, 60)]

    def test_a_break_too_many(self, shift, breaches):
        assert breaches(RULE, shift(breaks=(*RIGHT, (450, 10, True, "break"))), horizon()) == [("a", 70, 60)]

    @pytest.mark.parametrize(
        "wrong", [(240, 29, False, "meal"), (240, 30, True, "meal"), (240, 30, False, "break")]
    )
    def test_wrong_length_pay_or_kind_is_one_missing_and_one_too_many(self, shift, breaches, wrong):
        found = 30 + wrong[1]
        assert breaches(RULE, shift(breaks=(RIGHT[0], wrong, RIGHT[2])), horizon()) == [("a", found, 60)] * 2

    @pytest.mark.parametrize(
        ("offset", "expected"), [(180, []), (179, [("a", 179, 180)]), (301, [("a", 301, 300)])]
    )
    def test_the_window_of_a_break(self, shift, breaches, offset, expected):
        breaks = (RIGHT[0], (offset, 30, False, "meal"), RIGHT[2])
        assert breaches(RULE, shift(breaks=breaks), horizon()) == expected

    def test_alike_breaks_are_matched_as_they_fit_best(self, shift, breaches):
        template = replace(DAY, breaks=(Break(15, 60, 400), Break(15, 60, 120)))
        breaks = ((100, 15, True, "break"), (350, 15, True, "break"))
        assert breaches(RULE, shift(breaks=breaks), horizon(templates={"day": template})) == []

    def test_each_template_has_breaks_of_its_own(self, local_shift, rota_of, breaches):
        short = ShiftTemplate("short", 480, 600, 240, breaks=(Break(15, 60, 150),))
        told = [("a", "short", 1), ("b", "same", 1), ("c", "short", 0), ("d", "same", 1)]  # c lacks its break
        rota = rota_of(
            [local_shift(BERLIN, who, "2024-05-06T08:00", 240, RIGHT[:n], name) for who, name, n in told]
        )
        facts = horizon(templates={"short": short, "same": replace(short, name="same")})
        assert breaches(RULE, rota, facts) == [("c", 0, 15)]
        free = horizon(templates={"short": replace(short, breaks=()), "same": short})
        assert breaches(RULE, rota, free) == [("a", 15, 0)]

    def test_minutes_without_a_row(self, shift, breaches):
        starts = shift().to_frame()["start"].tolist()
        rota = without(shift(), lambda row: row.start != starts[2])  # the work between first break and meal
        assert breaches(RULE, rota, horizon()) == [("a", 135, 0)]

    def test_work_that_is_not_paid(self, shift, breaches):
        frame = shift().to_frame()
        frame.loc[0, "paid"] = False
        assert breaches(RULE, Rota.from_frame(frame), horizon()) == [("a", 390, 480)]

    def test_every_shift_that_the_templates_can_draw_is_right(self, local_shift, rota_of, breaches):
        grid = Grid(BERLIN, day_number(date(2024, 3, 29)), 4, 15)
        shifts = []
        for number, candidate in enumerate(candidate_shifts(TEMPLATES.values(), grid)):
            for edge in (0, -1):
                breaks = sorted(
                    (break_starts(candidate, k)[edge] - candidate.start, b.minutes, b.paid, b.kind)
                    for k, b in enumerate(candidate.template.breaks)
                )
                shift = local_shift(BERLIN, "", "2024-01-01T00:00", 1, breaks, candidate.template.name)
                own = f"{number}-{edge}"
                shifts.append(
                    replace(shift, agent=own, day=candidate.day, start=candidate.start, end=candidate.end)
                )
        assert len(shifts) > 30
        assert breaches(RULE, rota_of(shifts), horizon("2024-03-29", 4)) == []


def test_without_templates_it_is_not_checked(shift, not_checked):
    assert len(not_checked(RULE, shift(), horizon(templates=None))) == 1


class TestOverlap:
    def test_a_row_doubled(self, shift, breaches):
        frame = shift().to_frame()
        rota = Rota.from_frame(frame.loc[[0, 0, 1, 2, 3, 4, 5, 6]])
        assert breaches(Overlap("s"), rota, horizon()) == [("a", 90, 0)]

    def test_rows_that_touch_do_not_overlap_and_those_of_two_people_do_not(
        self, local_shift, rota_of, breaches
    ):
        told = [("a", "2024-05-06T08:00", 60), ("a", "2024-05-06T09:00", 60), ("b", "2024-05-06T08:30", 60)]
        assert breaches(Overlap("s"), rota_of([local_shift(BERLIN, *s) for s in told]), horizon()) == []

    def test_a_long_row_overlaps_every_later_one_inside(self, local_shift, rota_of, breaches):
        told = [("a", "2024-05-06T08:00", 480), ("a", "2024-05-06T09:00", 60), ("a", "2024-05-06T15:59", 60)]
        rota = rota_of([local_shift(BERLIN, *s) for s in told])
        assert breaches(Overlap("s"), rota, horizon()) == [("a", 60, 0), ("a", 1, 0)]

    def test_over_the_edge_of_the_horizon(self, local_shift, rota_of, breaches):
        before = rota_of([local_shift(BERLIN, "a", "2024-05-05T22:00", 540)])
        rota = rota_of([local_shift(BERLIN, "a", "2024-05-06T06:50", 60)])
        assert breaches(Overlap("s"), rota, horizon(before=before)) == [("a", 10, 0)]

    def test_leave_is_not_its_matter(self, shift, rota_of, breaches):
        row = ("a", date(2024, 5, 6), "2024-05-06T00:00Z", "2024-05-06T20:00Z", "leave", "", True)
        frame = shift().to_frame()
        frame.loc[len(frame)] = rota_of([], [row]).to_frame().loc[0]
        assert breaches(Overlap("s"), Rota.from_frame(frame), horizon()) == []


class TestOneShiftADay:
    def test_two_names_or_far_apart_are_two_shifts(self, local_shift, rota_of, breaches):
        told = [
            ("a", "2024-05-06T08:00", 240, (), "day"), ("a", "2024-05-06T12:00", 240, (), "late"),
            ("b", "2024-05-06T08:00", 240, (), "day"), ("b", "2024-05-06T17:00", 240, (), "day"),
            ("c", "2024-05-06T08:00", 240, (), "day"), ("c", "2024-05-06T13:00", 240, (), "day"),
            ("d", "2024-05-06T08:00", 240, (), "day"), ("d", "2024-05-07T08:00", 240, (), "day"),
        ]  # fmt: skip
        rota = rota_of([local_shift(BERLIN, *s) for s in told])
        assert breaches(OneShiftADay("s"), rota, horizon()) == [("a", 2, 1), ("b", 2, 1)]

    def test_shifts_without_a_name_count_too(self, local_shift, rota_of, breaches):
        told = [("a", f"2024-05-06T{hour}:00", 60, (), "") for hour in ("08", "18")]
        rota = rota_of([local_shift(BERLIN, *s) for s in told])
        assert breaches(OneShiftADay("s"), rota, horizon()) == [("a", 2, 1)]


SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ShiftTemplate("office", 540, 540, 480, days=(0, 1, 2, 3, 4))
WEEKEND = ShiftTemplate("weekend", 540, 540, 480, days=(5, 6))
LONG = ShiftTemplate("long", 540, 540, 480, peaks=("双11", "节前"))
NATIONAL_DAY = Grid(SHANGHAI, day_number(date(2025, 9, 22)), 21, 30)
"""22 September to 12 October 2025: 28 September (a Sunday) and 11 October (a Saturday) are worked."""


def chinese(peak_days=None):
    first, days = NATIONAL_DAY.first_day, NATIONAL_DAY.days
    special = day_classes("CN", first, days)
    templates = {template.name: template for template in (OFFICE, WEEKEND, LONG)}
    return Facts(SHANGHAI, first, days, templates=templates, special_days=special, peak_days=peak_days)


def offered(template, facts):
    """Dates on which a template has candidate shifts."""
    shifts = candidate_shifts([template], NATIONAL_DAY, facts.makeup_days, facts.peak_days)
    return [str(day_of(shift.day)) for shift in shifts]


class TestMakeupWorkdays:
    def test_they_count_as_the_friday_before(self):
        assert "2025-09-28" in offered(OFFICE, chinese())
        assert "2025-10-11" in offered(OFFICE, chinese())
        assert offered(WEEKEND, chinese()) == ["2025-09-27", "2025-10-04", "2025-10-05", "2025-10-12"]
        assert "2025-09-28" not in offered(replace(OFFICE, days=(0, 1, 2, 3)), chinese())

    def test_where_no_calendar_is_known_they_are_weekends(self):
        assert "2025-09-28" not in offered(OFFICE, replace(chinese(), special_days=None))

    def test_the_rule_says_so(self, local_shift, rota_of):
        rota = rota_of([local_shift(SHANGHAI, "a", "2025-09-28T09:00", 480, (), "weekend")])
        (found,) = RULE.violations(rota, chinese())
        assert found.explanation.endswith(
            "it is on a Sunday, a make-up workday that counts as a Friday, which the template leaves out."
        )

    @pytest.mark.parametrize("template", [OFFICE, WEEKEND, LONG])
    def test_the_rule_allows_what_is_offered_and_nothing_else(self, local_shift, rota_of, template):
        facts = chinese({"双11": frozenset({NATIONAL_DAY.first_day + 3}), "节前": frozenset()})
        span = range(NATIONAL_DAY.first_day, NATIONAL_DAY.first_day + NATIONAL_DAY.days)

        def is_allowed(day):
            rota = rota_of([local_shift(SHANGHAI, "a", f"{day_of(day)}T09:00", 480, (), template.name)])
            return not list(RULE.violations(rota, facts))

        assert [str(day_of(day)) for day in span if is_allowed(day)] == offered(template, facts)


PEAK_DAYS = {
    "双11": frozenset({day_number(date(2025, 9, 25))}),
    "节前": frozenset({day_number(date(2025, 9, 30))}),
}


class TestPeaks:
    def test_p11_longer_shifts_are_offered_on_days_of_a_peak_alone(self):
        assert offered(LONG, chinese(PEAK_DAYS)) == ["2025-09-25", "2025-09-30"]
        assert offered(LONG, chinese({})) == []
        assert len(offered(LONG, chinese(None))) == 21  # not known: whatever the day

    def test_a_shift_beside_them_is_a_breach(self, local_shift, rota_of):
        rota = rota_of([local_shift(SHANGHAI, "a", "2025-09-26T09:00", 480, (), "long")])
        (found,) = RULE.violations(rota, chinese(PEAK_DAYS))
        assert found.verdict == "breach"
        assert found.explanation.endswith(
            "the template is offered on days of 双11, 节前 alone, and this is none."
        )

    def test_days_that_are_not_known_are_not_checked(self, local_shift, rota_of):
        rota = rota_of([local_shift(SHANGHAI, "a", "2025-09-26T09:00", 480, (), "long")])
        (found,) = RULE.violations(rota, chinese())
        assert found.verdict == "not_checked"
        assert "on which days 双11, 节前 holds is not known" in found.explanation
        office = rota_of([local_shift(SHANGHAI, "a", "2025-09-26T09:00", 480, (), "office")])
        assert list(RULE.violations(office, chinese())) == []
