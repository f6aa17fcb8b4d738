"""``capacity.html``: a capacity plan as one page without scripts; charts of hours and heads, hires with reasons; English or Chinese."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from markupsafe import Markup

from centre.instants import day_number
from scenarios.capacity_plan import Planned, Worth, expected
from scenarios.capacity_told import clash, sentences, why
from scenarios.capacity_words import words
from scenarios.forecast_plots import CONTENT_POLICY
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report import asset, environment
from scenarios.report_words import Format
from scenarios.versions import version_of
from scheduler.capacity import Floats

LABELS = 14  # weeks told under a chart, about
QUARTER = ("heads", "hired", "left", "required", "own", "overtime", "backup", "short_h", "beyond", "money", "nobody_short")  # fmt: skip
SCENARIO = ("weight", "required", "overtime", "backup", "short_h", "beyond", "money", "nobody_short")
GROUP = ("first_heads", "last_heads", "hired", "left")
KEYS = {
    "own": "k_supply", "overtime": "k_overtime", "backup": "k_backup", "short": "k_short", "required": "k_required",
    "range": "k_band", "without": "k_nobody",
}  # fmt: skip


def render_capacity(found: Planned, title: str, form: Format) -> str:
    """The whole page as HTML text."""
    w, problem = words(form.language), found.problem
    warnings = list(clash(found, form))
    return (
        environment()
        .get_template("capacity.html.jinja")
        .render(
            w=w, form=form, title=title, language=form.language, policy=CONTENT_POLICY, style=Markup(asset("page.css")),
            plots=Markup(asset("forecast.css")), version=version_of("paiban"),
            sentences=[each for each in sentences(found, form) if each not in warnings], clash=warnings,
            keys={kind: w[key] for kind, key in KEYS.items()}, scenario_names=w["and"].join(problem.scenarios),
            hours=_hours_chart(found, form), people=_people_chart(found, form), hires=list(_hires(found, form)),
            quarter_columns=QUARTER, quarters=list(_quarters(found, form)),
            scenario_columns=SCENARIO, scenarios=list(_scenarios(found, form)),
            group_columns=GROUP, groups=list(_groups(found, form)),
        )
    )  # fmt: skip


def _hours_chart(found: Planned, form: Format) -> Markup:
    """Required hours with their range, over what is there piled up: own hours used or not, overtime, backup, short."""
    problem, plan = found.problem, found.best.plan
    required = problem.hours.sum(axis=2)
    own = found.best.counted.people.productive.sum(axis=1)
    nobody = found.nobody.counted.people.productive.sum(axis=1)
    piled = (
        ("overtime", expected(problem, plan.overtime.sum(axis=2))),
        ("backup", expected(problem, plan.backup.sum(axis=(2, 3)))),
        ("short", expected(problem, plan.short.sum(axis=2))),
    )  # fmt: skip
    top = own + sum(values for _, values in piled)
    ticks = ticks_to(float(max(top.max(), required.max())))
    chart = Chart(problem.weeks, ticks[-1], height=340)
    chart.axis(ticks, [form.number(tick) for tick in ticks])
    for week in range(problem.weeks):
        low = float(own[week])
        chart.box(week, week + 1, 0.0, low, "own", f"{_day(found, week, form)} {form.number(low)} h")
        for css, values in piled:
            if values[week] > 0:
                chart.box(week, week + 1, low, low + float(values[week]), css, f"{form.number(float(values[week]))} h")  # fmt: skip
            low += float(values[week])
    chart.band(required.min(axis=0), required.max(axis=0), "range")
    chart.line(expected(problem, required), "required")
    chart.line(nobody, "without")
    _hire_marks(chart, found, form)
    _weeks_below(chart, found)
    return chart.svg(words(form.language)["alt_chart"])


def _people_chart(found: Planned, form: Format) -> Markup:
    heads, nobody = (each.counted.people.headcount.sum(axis=1) for each in (found.best, found.nobody))
    ticks = ticks_to(float(max(heads.max(), nobody.max())))
    chart = Chart(found.problem.weeks, ticks[-1], height=240)
    chart.axis(ticks, [form.number(tick) for tick in ticks])
    chart.line(heads, "with")
    chart.line(nobody, "without")
    _hire_marks(chart, found, form)
    _weeks_below(chart, found)
    return chart.svg(words(form.language)["alt_people"])


def _hire_marks(chart: Chart, found: Planned, form: Format) -> None:
    """A triangle on the axis wherever a class starts."""
    for worth in found.worths:
        kind, x, y = found.problem.classes[worth.class_number], chart.x(worth.week + 0.5), chart.y(0.0)
        chart.add(
            '<polygon class="hire" points="{a},{b} {c},{b} {d},{e}"><title>{t}</title></polygon>',
            a=x - 5, b=y, c=x + 5, d=x, e=y - 10, t=f"{_day(found, worth.week, form)}: {kind.name}, {worth.people}",
        )  # fmt: skip


def _weeks_below(chart: Chart, found: Planned) -> None:
    step = max(1, round(found.problem.weeks / LABELS))
    for week in range(0, found.problem.weeks, step):
        day = found.capacity.starts[week]
        text = f"{day.year}-{day.month:02d}" if found.problem.weeks > 30 else f"{day.month:02d}-{day.day:02d}"
        chart.below(week + 0.5, text)


def _hires(found: Planned, form: Format) -> Iterator[dict[str, Any]]:
    def decided(worth: Worth) -> date:
        lead = found.problem.classes[worth.class_number].lead_weeks
        return found.capacity.starts[worth.week] - timedelta(weeks=lead)

    for worth in sorted(found.worths, key=lambda each: (decided(each), each.week)):
        kind = found.problem.classes[worth.class_number]
        yield {
            "decide": form.day(day_number(decided(worth)), year=True), "start": _day(found, worth.week, form),
            "name": kind.name, "people": worth.people, "cost": form.money(worth.people * kind.cost_per_hire),
            "why": why(found, worth, form),
        }  # fmt: skip


def _quarters(found: Planned, form: Format) -> Iterator[list[str]]:
    """Each calendar quarter by the weeks that begin in it, expected over the scenarios."""
    problem, plan, counted = found.problem, found.best.plan, found.best.counted
    names = np.array([f"{day.year}-Q{(day.month + 2) // 3}" for day in found.capacity.starts])
    sums = [
        plan.hires.sum(axis=0), counted.people.leavers.sum(axis=1), expected(problem, problem.hours.sum(axis=2)),
        counted.people.productive.sum(axis=1), expected(problem, plan.overtime.sum(axis=2)),
        expected(problem, plan.backup.sum(axis=(2, 3))), expected(problem, plan.short.sum(axis=2)),
        expected(problem, counted.breach.sum(axis=2)), expected(problem, counted.money),
        expected(problem, found.nobody.plan.short.sum(axis=2)),
    ]  # fmt: skip
    heads = counted.people.headcount.sum(axis=1)
    for name in dict.fromkeys(names.tolist()):
        weeks = np.flatnonzero(names == name)
        told = [float(values[weeks].sum()) for values in sums]
        money = form.money(told[8])
        yield [name, form.number(float(heads[weeks[0]]), 1), *(form.number(n) for n in told[:8]), money, form.number(told[9])]  # fmt: skip


def _scenarios(found: Planned, form: Format) -> Iterator[list[str]]:
    problem, plan, counted = found.problem, found.best.plan, found.best.counted
    hours: list[Floats] = [problem.hours, plan.overtime, plan.backup, plan.short, counted.breach]
    for s, name in enumerate(problem.scenarios):
        told = [form.number(float(values[s].sum())) for values in hours]
        weight, money = form.percent(float(problem.weights[s])), form.money(float(counted.money[s].sum()))
        yield [name, weight, *told, money, form.number(float(found.nobody.plan.short[s].sum()))]


def _groups(found: Planned, form: Format) -> Iterator[list[str]]:
    people, plan = found.best.counted.people, found.best.plan
    for g, group in enumerate(found.problem.groups):
        mine = [c for c, kind in enumerate(found.problem.classes) if kind.group == g]
        heads = people.headcount[:, g]
        yield [
            group.name, form.number(float(heads[0]), 1), form.number(float(heads[-1]), 1),
            form.number(int(plan.hires[mine].sum())), form.number(float(people.leavers[:, g].sum()), 1),
        ]  # fmt: skip


def _day(found: Planned, week: int, form: Format) -> str:
    return form.day(day_number(found.capacity.starts[week]), year=True)
