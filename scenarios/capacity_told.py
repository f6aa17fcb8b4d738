"""A capacity plan in sentences, for people, and as plain figures, for machines."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from centre.instants import day_number
from scenarios.capacity_plan import Judged, Planned, Worth, expected
from scenarios.capacity_words import words
from scenarios.report_words import Format

LEAST_PART = 0.5  # hours worth telling


def sentences(found: Planned, form: Format) -> Iterator[str]:
    """The plan in short: what is done, what it costs, how sure that is, and where limits clash."""
    w = words(form.language)
    yield _lead(found, form, w)
    yield _cover("short", found, found.best, form, w)
    better = found.nobody.counted.plain - found.best.counted.plain
    yield _cover("nobody", found, found.nobody, form, w, better=form.money(better))
    plan = found.best.plan
    yield w["proof"].format(
        gap=form.percent(found.best.gap, 2), status=w[f"s_{plan.status}"], solver=plan.solver
    )
    yield from (w["not_checked"].format(fault=fault) for fault in found.best.counted.faults[:5])
    if not found.best.counted.faults:
        yield w["checked"]
    yield from clash(found, form)


def _lead(found: Planned, form: Format, w: dict[str, str]) -> str:
    problem, counted, starts = found.problem, found.best.counted, found.capacity.starts
    told = {
        "weeks": problem.weeks, "first": _day(starts[0], form),
        "money": form.money(float(expected(problem, counted.money).sum())),
        "today": form.money(float(counted.people.wages_today.sum())),
    }  # fmt: skip
    if not found.worths:
        return w["lead_none"].format(**told)
    first = min(starts[each.week] - timedelta(weeks=problem.classes[each.class_number].lead_weeks) for each in found.worths)  # fmt: skip
    people = sum(each.people for each in found.worths)
    return w["lead"].format(**told, people=people, classes=len(found.worths), decide=_day(first, form))


def _cover(key: str, found: Planned, judged: Judged, form: Format, w: dict[str, str], **more: str) -> str:
    problem, plan = found.problem, judged.plan
    short, required = (float(expected(problem, each).sum()) for each in (plan.short, problem.hours))
    return w[key].format(
        short=form.number(short), required=form.number(required), share=form.percent(short / max(required, 1e-9)),
        overtime=form.number(float(expected(problem, plan.overtime).sum())),
        backup=form.number(float(expected(problem, plan.backup).sum())),
        money=form.money(float(expected(problem, judged.counted.money).sum())), **more,
    )  # fmt: skip


def clash(found: Planned, form: Format) -> Iterator[str]:
    """Limits that cannot all hold, and what would have to give; nothing where all do."""
    w, way, starts = words(form.language), found.way_out, found.capacity.starts
    if way is None:
        return
    yield from (
        w["unpaid"].format(name=name, money=form.money(lacking)) for name, lacking in way.unpaid.items()
    )
    if not way.weeks:
        return
    first, last = starts[way.weeks[0]], starts[way.weeks[-1]]
    yield w["limits_clash"].format(
        hours=form.number(way.hours), weeks=len(way.weeks), first=_day(first, form), last=_day(last, form),
        most=form.number(way.most_hours, 1),
    )  # fmt: skip
    ready = [kind.starts[0] + kind.training_weeks for kind in found.problem.classes if kind.starts]
    if not ready or min(ready) >= found.problem.weeks:
        yield w["no_early"]
    elif min(ready) > way.weeks[0]:
        yield w["way_early"].format(day=_day(starts[min(ready)], form))
    yield w["way_share"].format(share=f"{way.allowed_share + 5e-4:.3f}", most=form.number(way.most_hours, 1))
    if way.hours_without_budget is not None and way.money_without_budget is not None:
        remaining = form.number(way.hours_without_budget)
        yield w["way_budget"].format(hours=remaining, money=form.money(way.money_without_budget))


def why(found: Planned, worth: Worth, form: Format) -> str:
    """Why one class starts when it does, in plain words."""
    w, starts, kind = words(form.language), found.capacity.starts, found.problem.classes[worth.class_number]
    leaves_open = max(1.0, found.best.plan.objective - found.best.plan.bound)
    wait = w["why_wait"].format(lead=kind.lead_weeks, training=kind.training_weeks)
    hours = {"p_overtime": worth.overtime, "p_backup": worth.backup, "p_short": worth.short}
    parts = w["and"].join(w[key].format(hours=form.number(n)) for key, n in hours.items() if n > LEAST_PART)
    told = {"money": form.money(abs(worth.saves)), "parts": parts, "beyond": form.number(worth.beyond)}
    if worth.first_week is None or worth.last_week is None or not parts:
        return w["why_even"].format(**told) + wait
    told |= {"first": _day(starts[worth.first_week], form), "last": _day(starts[worth.last_week], form)}
    if worth.saves < 0 and worth.beyond > LEAST_PART:
        return w["why_limit"].format(**told) + wait
    return w["why_even" if abs(worth.saves) <= leaves_open else "why_saves"].format(**told) + wait


def _day(day: date, form: Format) -> str:
    return form.day(day_number(day), year=True)


def figures(found: Planned) -> dict[str, Any]:
    """The plan's numbers by name, expected over the scenarios where they differ."""
    problem, plan = found.problem, found.best.plan
    return {
        "status": plan.status, "solver": plan.solver, "objective": plan.objective, "bound": plan.bound, "gap": found.best.gap,
        "reproducible": plan.reproducible, "checked": not found.best.counted.faults,
        "check_faults": list(found.best.counted.faults), "people_hired": int(plan.hires.sum()),
        "starts_of_classes": len(found.worths), "worst_share": problem.worst_share,
        "plan": _totals(found, found.best), "nobody_hired": _totals(found, found.nobody),
        "scenarios": [
            {
                "name": name, "weight": float(problem.weights[s]), "required_hours": float(problem.hours[s].sum()),
                "short_hours": float(plan.short[s].sum()), "cost": float(found.best.counted.money[s].sum()),
                "cost_without_hires": float(found.nobody.counted.money[s].sum()),
            }
            for s, name in enumerate(problem.scenarios)
        ],
        "way_out": found.way_out,
    }  # fmt: skip


def _totals(found: Planned, judged: Judged) -> dict[str, float]:
    problem, plan, counted = found.problem, judged.plan, judged.counted
    over_scenarios = {
        "cost": counted.money, "overtime_cost": counted.overtime, "backup_cost": counted.backup, "overtime_hours": plan.overtime,
        "backup_hours": plan.backup, "short_hours": plan.short, "beyond_allowed_hours": counted.breach,
        "shortage_cost": counted.shortage,
    }  # fmt: skip
    told = {name: float(expected(problem, values).sum()) for name, values in over_scenarios.items()}
    return told | {
        "wages": float(counted.people.wages.sum()), "wages_of_people_today": float(counted.people.wages_today.sum()),
        "hiring_cost": float(counted.people.hiring.sum()),
    }  # fmt: skip
