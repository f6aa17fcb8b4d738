"""Shifts as their template draws them: start, weekday, length, breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from centre.instants import MINUTES_A_DAY, Minutes, to_timestamps, weekday_of
from centre.model import ShiftTemplate
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.call_outs import is_call_out
from scheduler.rules.shared.findings import breach, local, unknown
from scheduler.rules.shared.starters import is_training_day
from scheduler.rules.shared.template_breaks import break_faults
from scheduler.rules.shared.worked import in_horizon
from scheduler.shifts import is_peak_of, template_weekday

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class ShiftTemplateRule:
    """Every shift is one of the centre's templates, to the minute.

    It starts inside the template's window and on its step by the local clock, on a weekday of the template (a make-up workday
    counts as the Friday before it) and, where the template names peaks, on a day on which one of them holds;
    it has the template's length in elapsed time; every break is there with its length, pay and kind and
    starts inside its window, and there is no other; no minute of it is left without a row, and what is paid
    is what the template pays. Call-outs of backup (shift ``backup:...``) have no template: their pool binds them;
    nor have training days, on which nobody serves a queue.

    **Source:** the shift templates in centre.toml.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "shift-template"
    words: ClassVar[str] = "Every shift starts, lasts and breaks as its template says."
    example: ClassVar[str] = (
        "A template that starts from 07:00 to 09:00: a shift of its name that starts at 09:30 is a breach."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Everything in which a shift of the horizon departs from its template."""
        if facts.templates is None:
            yield unknown(self, facts, "Not checked: the centre's shift templates were not given.")
            return
        judged = in_horizon(rota, facts)
        for code, name in enumerate(rota.shift_names):
            which = np.flatnonzero(judged & (rota.duties.shift == code))
            if is_call_out(name) or is_training_day(name):
                continue
            if name not in facts.templates:
                yield from self._unknown(rota, facts, which, name)
                continue
            template = facts.templates[name]
            yield from self._starts(rota, facts, which, template)
            yield from self._days(rota, facts, which, template)
            yield from self._lengths(rota, facts, which, template)
            yield from self._contents(rota, facts, which, template)

    def _finding(
        self, rota: Rota, facts: Facts, k: int, found: float | None, limit: float | None, words: str
    ) -> Violation:
        """A breach by shift ``k``; ``words`` tells what is wrong with "the shift"."""
        window = int(rota.duties.start[k]), int(rota.duties.end[k])
        name = rota.shift_names[rota.duties.shift[k]]
        sentence = f"in the shift {name!r} from {local(window[0], facts)}: {words}"
        unit = "" if found is None else "minutes"
        return breach(self, rota.agent_ids[rota.duties.agent[k]], window, found, limit, unit, sentence)

    def _unknown(self, rota: Rota, facts: Facts, which: Minutes, name: str) -> Iterator[Violation]:
        """Shifts whose name no template has."""
        for k in which:
            yield self._finding(rota, facts, k, None, None, "the centre has no template of this name.")

    def _starts(
        self, rota: Rota, facts: Facts, which: Minutes, template: ShiftTemplate
    ) -> Iterator[Violation]:
        """Starts outside the window or off the step."""
        shifts = rota.duties
        wall = to_timestamps(shifts.start[which]).tz_convert(facts.zone).tz_localize(None)
        minute = wall.values.astype("datetime64[m]").astype(np.int64) - shifts.day[which] * MINUTES_A_DAY
        nearest = np.clip(minute, template.earliest_start, template.latest_start)
        steps = (minute - template.earliest_start) % template.start_step_minutes
        window = f"{_clock(template.earliest_start)} to {_clock(template.latest_start)}"
        for i in np.flatnonzero(minute != nearest):
            words = (
                f"it starts {abs(minute[i] - nearest[i])} min outside the template's window of {window} "
                f"(minute {minute[i]} of the day; minute {nearest[i]} is the nearest allowed)."
            )
            yield self._finding(rota, facts, which[i], minute[i], nearest[i], words)
        for i in np.flatnonzero((minute == nearest) & (steps != 0)):
            every = f"{template.start_step_minutes} min from {window[:5]}"
            words = f"it starts {steps[i]} min off the template's steps of {every}."
            yield self._finding(rota, facts, which[i], steps[i], 0, words)

    def _days(self, rota: Rota, facts: Facts, which: Minutes, template: ShiftTemplate) -> Iterator[Violation]:
        """Shifts on a weekday that the template leaves out, or beside its peaks."""
        makeup, peaks = facts.makeup_days, ", ".join(template.peaks)
        for k, day in zip(which.tolist(), rota.duties.day[which].tolist(), strict=True):
            if template_weekday(day, makeup) not in template.days:
                as_friday = ", a make-up workday that counts as a Friday" if day in makeup else ""
                words = f"it is on a {WEEKDAYS[weekday_of(day)]}{as_friday}, which the template leaves out."
                yield self._finding(rota, facts, k, None, None, words)
            if not is_peak_of(template, day, facts.peak_days):
                words = f"the template is offered on days of {peaks} alone, and this is none."
                yield self._finding(rota, facts, k, None, None, words)
        if template.peaks and facts.peak_days is None and len(which):
            words = f"Not checked for {len(which)} shift(s) {template.name!r}: on which days {peaks} holds is not known."
            yield unknown(self, facts, words)

    def _lengths(
        self, rota: Rota, facts: Facts, which: Minutes, template: ShiftTemplate
    ) -> Iterator[Violation]:
        """Shifts longer or shorter than the template."""
        length = (rota.duties.end - rota.duties.start)[which]
        for i in np.flatnonzero(length != template.duration_minutes):
            words = f"it lasts {length[i]} min; the template has {template.duration_minutes} min."
            yield self._finding(rota, facts, which[i], length[i], template.duration_minutes, words)

    def _contents(
        self, rota: Rota, facts: Facts, which: Minutes, template: ShiftTemplate
    ) -> Iterator[Violation]:
        """Wrong breaks; where they are right, minutes without a row or with the wrong pay."""
        shifts = rota.duties
        faulty = set()
        for k, found, limit, words in break_faults(rota, which, template):
            faulty.add(k)
            yield self._finding(rota, facts, k, found, limit, words)
        length = np.where(rota.duty >= 0, rota.end - rota.start, 0)
        told = np.bincount(np.maximum(rota.duty, 0), weights=length, minlength=len(shifts)).astype(np.int64)
        gap = (shifts.end - shifts.start - told)[which]
        for i in np.flatnonzero(gap > 0):
            if which[i] not in faulty:
                yield self._finding(rota, facts, which[i], gap[i], 0, f"{gap[i]} min of it have no row.")
        paid, whole = shifts.paid[which], gap == 0
        for i in np.flatnonzero(
            whole & (told[which] == template.duration_minutes) & (paid != template.paid_minutes)
        ):
            if which[i] not in faulty:
                words = f"{paid[i]} min of it are paid; the template pays {template.paid_minutes} min."
                yield self._finding(rota, facts, which[i], paid[i], template.paid_minutes, words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: a solver's candidate shifts are drawn from the templates (`scheduler.shifts`)."""
        return iter(())


def _clock(minute: int) -> str:
    """A minute of the day as clock time; beyond 24:00 it is the next day's."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
