"""What an audit's page shows, section by section, as words and rows."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from centre.instants import day_number
from scenarios.audit_page_findings import alike, minutes, person_rows, row, told
from scenarios.audit_page_rules import law, rule_name, rule_words
from scenarios.audit_report import FILE_RULES, AuditData, RuleInForce
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report_data import Language
from scenarios.report_words import Format

View = dict[str, Any]
MOST_OTHERS = 100


def views(data: AuditData, form: Format, w: dict[str, str]) -> View:
    """Everything that the template shows besides the data's own facts."""
    tables = data.tables
    unchecked = data.of("not_checked")
    breaches = data.of("breach")
    left_out = [f for f in unchecked if f.is_left_out]
    missing = [f for f in unchecked if not f.is_left_out]
    people = person_rows(data, breaches, form, w)
    excepted, _ = _others(data, "excepted", form, w)
    near, near_listed = _others(data, "near", form, w)
    return {
        "sentence": sentence(data, form, w),
        "tiles": tiles(data, form, w),
        "rules": rule_rows(data, form, w),
        "in_force": [
            {
                "name": rule_name(r.name, data.language),
                "source": r.source,
                "limits": r.limits,
                "reading": ", ".join(w[f"read_{each}"] for each in r.reading) or "–",
            }
            for r in data.rules
        ],
        "teams": team_rows(tables["teams"], form, w),
        "weeks": week_rows(tables["trend"], form),
        "trend": trend(tables["trend"], form, w),
        "people": people,
        "listed": sum(each["listed"] for each in people),
        "breach_count": len(breaches),
        "excepted": excepted,
        "near": near,
        "near_listed": near_listed,
        "near_count": len(data.of("near")),
        "unchecked": [told(found, form) for found in missing[:MOST_OTHERS]],
        "unchecked_count": len(missing),
        "left_out": [told(found, form) for found in left_out[:MOST_OTHERS]],
        "left_out_count": len(left_out),
    }


def _others(data: AuditData, verdict: str, form: Format, w: dict[str, str]) -> tuple[list[View], int]:
    """Findings other than breaches, those nearest to the limit first, as many as the page bears; and how many."""
    groups = alike(sorted(data.of(verdict), key=lambda each: each.violation.short or 0))[:MOST_OTHERS]
    return [row(data, same, form, w) for same in groups], sum(map(len, groups))


def sentence(data: AuditData, form: Format, w: dict[str, str]) -> str:
    """The verdict in one sentence with its figures."""
    breaches, broken, rest = _counts(data)
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


def _counts(data: AuditData) -> tuple[int, int, int]:
    """Breaches, people with breaches, minutes of rest missing."""
    people = data.tables["people"]
    return (
        len(data.of("breach")),
        int((people["breaches"] > 0).sum()),
        int(people["rest_minutes_missing"].sum()),
    )


def tiles(data: AuditData, form: Format, w: dict[str, str]) -> list[View]:
    """The figures at the top; ``tone`` is good, warn, bad or plain."""
    breaches, broken, rest = _counts(data)
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


def rule_rows(data: AuditData, form: Format, w: dict[str, str]) -> list[View]:
    """Every rule in force with its figures, those broken most first; of several of a kind, which binds."""
    known = {(rule.name, rule.source): rule for rule in data.rules}
    rows = []
    for r in data.tables["rules"].to_dict("records"):
        if r["rule"] in FILE_RULES:
            continue
        rule = known.get((r["rule"], r["source"]))
        rows.append(
            {
                "name": rule_name(r["rule"], data.language), "words": rule_words(r["rule"], rule.words if rule else "", data.language),
                "preset": rule.preset if rule else "", "source": law(r["source"], data.language), "broken": r["breaches"] > 0,
                "binds": _binds(rule, w, data.language), "rest": minutes(r["rest_minutes_missing"], form),
                **_numbers(r, ("breaches", "people_with_breach", "near", "excepted", "not_checked"), form),
            }
        )  # fmt: skip
    return rows


def _binds(rule: RuleInForce | None, w: dict[str, str], language: Language) -> str:
    if rule is None or rule.binds is None:
        return ""
    if rule.binds:
        return w["binds"]
    return w["laxer"].format(source=law(rule.laxer_than, language)) if rule.laxer_than else ""


def _numbers(row: Mapping[Hashable, Any], names: Iterable[str], form: Format) -> dict[str, str]:
    return {name: form.number(row[name]) for name in names}


def team_rows(table: pd.DataFrame, form: Format, w: dict[str, str]) -> list[View]:
    """Teams, most breaches first."""
    return [
        {
            "name": r["team"] or w["no_team"], "people": form.number(r["people"]),
            "rest": minutes(r["rest_minutes_missing"], form), "share": form.percent(r["share_of_people"], 0),
            **_numbers(r, ("breaches", "people_with_breach", "near"), form),
        }
        for r in table.to_dict("records")
    ]  # fmt: skip


def week_rows(table: pd.DataFrame, form: Format) -> list[View]:
    """Weeks in their order."""
    return [
        {
            "name": form.day(_day(r["week_from"]), year=True), "share": form.percent(r["share_of_people"], 0),
            "rest": minutes(r["rest_minutes_missing"], form),
            **_numbers(r, ("breaches", "people_with_breach", "near"), form),
        }
        for r in table.to_dict("records")
    ]  # fmt: skip


def _day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def trend(table: pd.DataFrame, form: Format, w: dict[str, str]) -> Markup | None:
    """Breaches by week as bars; None where there is only one week."""
    if len(table) < 2:
        return None
    breaches = table["breaches"].tolist()
    ticks = [tick for tick in ticks_to(max(1, *breaches)) if tick % 1 == 0]
    chart = Chart(len(table), ticks[-1], height=200)
    chart.axis(ticks, [form.number(tick) for tick in ticks])
    every = -(-len(table) // 14)
    for k, text in enumerate(table["week_from"]):
        week = form.day(_day(text))
        chart.box(k + 0.25, k + 0.75, 0.0, float(breaches[k]), "breaches", f"{week}: {breaches[k]:,}")
        if len(table) <= 26:
            chart.text(k + 0.5, breaches[k] + 0.02 * ticks[-1], form.number(breaches[k]), "value")
        if k % every == 0:
            chart.below(k + 0.5, week)
    return chart.svg(w["alt_weeks"])
