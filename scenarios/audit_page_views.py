"""What an audit's page shows, section by section, as words and rows."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from centre.instants import day_number, from_minutes
from scenarios.audit_page_words import rule_name
from scenarios.audit_report import FILE_RULES, AuditData, Finding, tables_of
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report_words import Format

View = dict[str, Any]
MOST_ONE_BY_ONE = 2_000
MOST_UNCHECKED = 300


def views(data: AuditData, form: Format, w: dict[str, str]) -> View:
    """Everything that the template shows besides the data's own facts."""
    tables = tables_of(data)
    unchecked = data.of("not_checked")
    breaches = data.of("breach")
    left_out = [f for f in unchecked if f.violation.rule in FILE_RULES]
    missing = [f for f in unchecked if f.violation.rule not in FILE_RULES]
    shown = data.of("excepted")[:MOST_UNCHECKED], data.of("near")[:MOST_UNCHECKED]
    people = person_rows(data, breaches, form, w)
    return {
        "sentence": sentence(data, tables, form, w),
        "tiles": tiles(data, tables, form, w),
        "rules": rule_rows(data, tables["by_rule"], form, w),
        "teams": sum_rows(tables["by_team"], "team", form, w),
        "weeks": week_rows(tables["by_week"], form),
        "trend": trend(tables["by_week"], form, w),
        "people": people,
        "listed": sum(len(each["rows"]) for each in people),
        "breach_count": len(breaches),
        "excepted": [row(data, found, form, w) for found in shown[0]],
        "near": [row(data, found, form, w) for found in shown[1]],
        "unchecked": [told(found, form) for found in missing[:MOST_UNCHECKED]],
        "left_out": [told(found, form) for found in left_out[:MOST_UNCHECKED]],
    }


def sentence(data: AuditData, tables: dict[str, pd.DataFrame], form: Format, w: dict[str, str]) -> str:
    """The verdict in one sentence with its figures."""
    breaches, broken, rest = _counts(data, tables)
    counts = {"people": form.number(data.people), "shifts": form.number(data.shifts)}
    if not breaches:
        text = w["say_none"].format(**counts)
    else:
        told = w["one_breach"] if breaches == 1 else w["breaches"].format(count=form.number(breaches))
        text = w["say_breaches"].format(people_broken=form.number(broken), breaches=told, **counts)
        text += w["say_rest"].format(minutes=form.duration(rest)) if rest else ""
    for verdict in ("near", "excepted"):
        if number := len(data.of(verdict)):
            text += w[f"say_{verdict}"].format(count=form.number(number))
    unchecked = len(data.of("not_checked"))
    return text + (w["say_unchecked"].format(count=form.number(unchecked)) if unchecked else w["say_end"])


def _counts(data: AuditData, tables: dict[str, pd.DataFrame]) -> tuple[int, int, int]:
    """Breaches, people with breaches, minutes of rest missing."""
    by_person = tables["by_person"]
    broken = int((by_person["breaches"] > 0).sum())
    return len(data.of("breach")), broken, int(by_person["rest_minutes_missing"].sum())


def tiles(data: AuditData, tables: dict[str, pd.DataFrame], form: Format, w: dict[str, str]) -> list[View]:
    """The figures at the top; ``tone`` is good, warn, bad or plain."""
    breaches, broken, rest = _counts(data, tables)
    near, unchecked = len(data.of("near")), len(data.of("not_checked"))
    kinds = len({found.violation.rule for found in data.of("breach")})
    share = form.percent(broken / data.people) if data.people else "–"
    near_sub = (
        w["sub_near_off"] if data.near_minutes is None else w["sub_near"].format(minutes=data.near_minutes)
    )
    told = [
        ("people", form.number(data.people), w["sub_days"].format(days=data.days), ""),
        ("shifts", form.number(data.shifts), "", ""),
        (
            "breaches",
            form.number(breaches),
            w["sub_rules"].format(rules=kinds),
            "bad" if breaches else "good",
        ),
        ("broken", form.number(broken), w["sub_share"].format(share=share), "bad" if broken else "good"),
        ("rest", form.duration(rest), w["sub_rest"], "bad" if rest else "good"),
        ("near", "–" if data.near_minutes is None else form.number(near), near_sub, "warn" if near else ""),
        ("unchecked", form.number(unchecked), w["sub_unchecked"], "warn" if unchecked else "good"),
    ]
    return [{"name": w[f"tile_{key}"], "value": v, "sub": sub, "tone": tone} for key, v, sub, tone in told]


def rule_rows(data: AuditData, table: pd.DataFrame, form: Format, w: dict[str, str]) -> list[View]:
    """Every rule in force with its figures; those broken most first."""
    known = {(rule.name, rule.source): rule for rule in data.rules}
    rows = []
    for r in table.sort_values("breaches", ascending=False, kind="stable").to_dict("records"):
        if r["rule"] in FILE_RULES:
            continue
        rule = known.get((r["rule"], r["source"]))
        rows.append(
            {
                "name": rule_name(r["rule"], data.language), "words": rule.words if rule else "",
                "preset": rule.preset if rule else "", "source": r["source"], "broken": r["breaches"] > 0,
                "breaches": form.number(r["breaches"]), "people": form.number(r["people"]),
                "rest": minutes(r["rest_minutes_missing"], form), "near": form.number(r["near"]),
                "excepted": form.number(r["excepted"]), "not_checked": form.number(r["not_checked"]),
            }
        )  # fmt: skip
    return rows


def sum_rows(table: pd.DataFrame, key: str, form: Format, w: dict[str, str]) -> list[View]:
    """Rows of a table of sums, most breaches first."""
    ordered = table.sort_values(["breaches", "rest_minutes_missing"], ascending=False, kind="stable")
    return [
        {
            "name": r[key] or w["no_team"], "breaches": form.number(r["breaches"]), "people": form.number(r["people"]),
            "rest": minutes(r["rest_minutes_missing"], form), "near": form.number(r["near"]),
        }
        for r in ordered.to_dict("records")
    ]  # fmt: skip


def week_rows(table: pd.DataFrame, form: Format) -> list[View]:
    """Weeks in their order."""
    return [
        {
            "name": form.day(_day(r["week"]), year=True), "breaches": form.number(r["breaches"]),
            "people": form.number(r["people"]), "rest": minutes(r["rest_minutes_missing"], form),
            "near": form.number(r["near"]),
        }
        for r in table.to_dict("records")
    ]  # fmt: skip


def _day(text: str) -> int:
    return day_number(pd.Timestamp(text).date())


def trend(table: pd.DataFrame, form: Format, w: dict[str, str]) -> Markup | None:
    """Breaches by week as bars, weeks without any in their place; None where there is only one week."""
    found = {_day(r["week"]): r for r in table.to_dict("records")}
    if not found:
        return None
    weeks = list(range(min(found), max(found) + 1, 7))
    if len(weeks) < 2:
        return None
    ticks = ticks_to(max(1, *(int(r["breaches"]) for r in found.values())))
    ticks = [tick for tick in ticks if tick == int(tick)]
    chart = Chart(len(weeks), ticks[-1], height=230)
    chart.axis(ticks, [form.number(tick) for tick in ticks])
    every = -(-len(weeks) // 14)
    for k, week in enumerate(weeks):
        number = int(found[week]["breaches"]) if week in found else 0
        told = f"{form.day(week)}: {form.number(number)}"
        chart.box(k + 0.2, k + 0.8, 0.0, float(number), "bar", told)
        if len(weeks) <= 26:
            chart.text(k + 0.5, number + 0.02 * ticks[-1], form.number(number), "value")
        if k % every == 0:
            chart.below(k + 0.5, form.day(week))
    return chart.svg(w["alt_weeks"])


def person_rows(data: AuditData, breaches: Sequence[Finding], form: Format, w: dict[str, str]) -> list[View]:
    """People and their breaches one by one, most first, up to `MOST_ONE_BY_ONE`; the whole rota's come first."""
    by_person: dict[str, list[Finding]] = {}
    for found in breaches:
        by_person.setdefault(found.violation.agent_id, []).append(found)
    shown, room = [], MOST_ONE_BY_ONE
    for agent_id in sorted(by_person, key=lambda name: (name != "", -len(by_person[name]), name)):
        rows = [row(data, found, form, w) for found in by_person[agent_id][:room]]
        room -= len(rows)
        if rows:
            team = by_person[agent_id][0].team
            zone = data.clock(agent_id)
            shown.append(
                {
                    "id": agent_id or w["h_whole"], "team": team, "count": len(by_person[agent_id]),
                    "clock": zone.key if zone != data.zone else "", "rows": rows,
                }
            )  # fmt: skip
    return shown


def row(data: AuditData, found: Finding, form: Format, w: dict[str, str]) -> View:
    """One finding."""
    v = found.violation
    own = Format(form.language, data.clock(v.agent_id), "")
    return {
        "rule": rule_name(v.rule, data.language), "source": v.source, "person": v.agent_id,
        "when": window(own, v.start, v.end), "found": amount(v.found, v.unit, form, w),
        "required": amount(v.limit, v.unit, form, w), "short": amount(v.short, v.unit, form, w),
        "shifts": found.shifts, "mend": found.mend, "explanation": v.explanation, "id": found.id,
    }  # fmt: skip


def told(found: Finding, form: Format) -> View:
    """One thing that could not be judged."""
    v = found.violation
    return {
        "rule": rule_name(v.rule, form.language), "source": v.source, "person": v.agent_id,
        "reason": v.explanation,
    }  # fmt: skip


def window(form: Format, start: int | None, end: int | None) -> str:
    """Local day and time of both ends, with the year and, where clocks change in between, the offsets."""
    if start is None or end is None:
        return "–"
    begins, ends = from_minutes(start, form.zone), from_minutes(end, form.zone)
    offsets = begins.utcoffset() != ends.utcoffset()
    told = [f"{at:%Y-%m-%d %H:%M}" + (f" ({at:%z})" if offsets else "") for at in (begins, ends)]
    return " – ".join(told)


def amount(value: float | None, unit: str, form: Format, w: dict[str, str]) -> str:
    """A figure with its unit; minutes as hours and minutes."""
    if value is None:
        return "–"
    if unit == "minutes" and value == int(value) and value >= 0:
        return minutes(int(value), form, zero="0 min" if form.language == "en" else "0 分")
    text = form.number(value, 2).rstrip("0").rstrip(".") if value != int(value) else form.number(value)
    return f"{text} {w.get(f'unit_{unit}', unit)}".strip()


def minutes(value: int, form: Format, zero: str = "–") -> str:
    """Minutes as hours and minutes; below an hour as minutes alone."""
    if value == 0:
        return zero
    if value < 60:
        return f"{value} 分" if form.language == "zh" else f"{value} min"
    return form.duration(int(value))


def any_of(rows: Iterable[View], key: str) -> bool:
    """Whether any row tells something under a key, so that its column is worth showing."""
    return any(each[key] for each in rows)
