"""Where the report's numbers come from, as words and rows: rules, cost, formulas, models, search."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from centre.instants import from_timestamps
from centre.model import Queue
from scenarios.report_data import CostTerm, ForecastFacts, ReportData
from scenarios.report_words import Format, words

View = dict[str, Any]
BREACH_ROWS = 300


def views(data: ReportData, form: Format, w: dict[str, str]) -> View:
    """What the template shows of this module."""
    return {
        "rules": rule_rows(data, form, w), "breaches": breach_rows(data, form),
        "breach_count": int((data.violations["verdict"] == "breach").sum()), "costs": cost_groups(data, form, w),
        "rule_prices": rule_price_rows(data, form),
        "facts": queue_facts(data, form, w), "models": [(f, model_rows(f, form, w)) for f in data.forecast_facts],
        "solver": solver_rows(data, form, w), "shrinkage": shrinkage_sentence(data, form, w),
    }  # fmt: skip


def target(queue: Queue, form: Format) -> str:
    """What was promised for a queue, in words."""
    hours = queue.target_hours
    if queue.due_by_day_end:
        return words(form.language)["target_day"].format(share=form.percent(queue.target_share, 0))
    if hours is None and queue.target_seconds is None:
        return "–"
    time = form.seconds(queue.target_seconds) if hours is None else form.hours(60 * hours)
    return words(form.language)["target"].format(
        share=form.percent(queue.target_share, 0), time=time.replace(" ", "\u00a0")
    )


def status(data: ReportData, w: dict[str, str]) -> str:
    """The solver's status in words; one that is not known stands as it is."""
    return w.get(f"status.{data.solver.status}", data.solver.status)


def unchecked_rules(data: ReportData) -> set[str]:
    """Names of rules that could not be judged on everyone."""
    return set(data.violations.loc[data.violations["verdict"] == "not_checked", "rule"].astype(str))


def rule_rows(data: ReportData, form: Format, w: dict[str, str]) -> list[View]:
    """Every rule in force with its verdict; findings of a rule that is not listed get a row too."""
    known = {rule.name: rule for rule in data.rules}
    found = {str(name): rows for name, rows in data.violations.groupby("rule", sort=True)}
    rows = []
    for name in [*known, *(n for n in found if n not in known)]:
        rule, here = known.get(name), found.get(name, data.violations.iloc[:0])
        source = rule.source if rule else str(here["source"].iloc[0])
        rows.append(
            {
                "name": name,
                "words": rule.words if rule else "",
                "limit": rule.limit if rule else "",
                "source": source,
            }
            | _verdict(here, w)
        )
    return rows


def _verdict(found: pd.DataFrame, w: dict[str, str]) -> View:
    count = Counter(found["verdict"])
    notes = [w["near"].format(count=count["near"])] if count["near"] else []
    tone, result = "good", w["kept"]
    unchecked = found[found["verdict"] == "not_checked"]
    if len(unchecked):
        reason, people = (
            str(unchecked["explanation"].iloc[0]),
            unchecked["agent_id"].replace("", np.nan).nunique(),
        )
        key = "not_checked_some" if people else "not_checked"
        told = reason.lower().startswith("not checked")  # a finding about the whole rota says so itself
        notes.append(reason if told else w[key].format(reason=reason, count=people))
        tone, result = "unknown", ""
    if count["breach"]:
        tone, result = "bad", w["broken"].format(count=count["breach"])
    return {"tone": tone, "result": result, "notes": notes}


def breach_rows(data: ReportData, form: Format) -> list[View]:
    """The breaches found, person by person, as many as the page bears."""
    names = {agent.agent_id: agent.name for agent in data.agents}
    breaches = data.violations[data.violations["verdict"] == "breach"].head(BREACH_ROWS)
    return [
        {
            "rule": row["rule"], "person": names.get(row["agent_id"], ""), "id": row["agent_id"],
            "when": form.window(_minutes(row["from"]), _minutes(row["to"])),
            "found": _amount(row["found"], row["unit"], form), "limit": _amount(row["limit"], row["unit"], form),
            "explanation": row["explanation"],
        }
        for row in breaches.to_dict("records")
    ]  # fmt: skip


def _minutes(stamp: object) -> int | None:
    return None if stamp is None or pd.isna(stamp) else int(from_timestamps(pd.DatetimeIndex([stamp]))[0])  # type: ignore[call-overload]


def _amount(value: float | None, unit: str, form: Format) -> str:
    if value is None or pd.isna(value):
        return "–"
    if unit == "minutes":
        return form.duration(round(value))
    return f"{form.number(value, 2).rstrip('0').rstrip('.')} {unit}".strip()


def cost_groups(data: ReportData, form: Format, w: dict[str, str]) -> list[View]:
    """What is paid, then what is only weighed, each with its total."""
    groups = []
    for money, caption in ((True, w["cap_money"]), (False, w["cap_prices"])):
        terms = [term for term in data.cost if term.money == money]
        total = sum(term.amount for term in terms)
        rows = [
            {"name": cost_name(t, w), "note": cost_note(t, form, w), "amount": form.money(t.amount),
             "part": t.amount / total if total else 0.0, "share": form.percent(t.amount / total if total else None)}
            for t in terms
        ]  # fmt: skip
        if rows:
            groups.append({"caption": caption, "rows": rows, "total": form.money(total)})
    return groups


def cost_name(term: CostTerm, w: dict[str, str]) -> str:
    """A term of cost in words."""
    kind, _, name = term.name.partition(":")
    return w["cost.mix"].format(name=name) if kind == "mix" else w.get(f"cost.{term.name}", term.name)


def cost_note(term: CostTerm, form: Format, w: dict[str, str]) -> str:
    """How often what a term prices happened, in words."""
    if term.times is None:
        return ""
    if term.unit == "hours":
        return (
            w["mix_short"].format(hours=form.number(term.times, 1)) if term.times >= 0.05 else w["mix_kept"]
        )
    return w["cost_times"].format(count=form.number(round(term.times)))


def rule_price_rows(data: ReportData, form: Format) -> list[View]:
    """What rules cost by bounds, and the most that this rota could cost less without each."""
    known = {rule.name: rule.words for rule in data.rules}
    return [
        {
            "name": price.rule, "words": known.get(price.rule, ""), "saved": form.money(price.saved),
            "most": form.money(max(0.0, data.solver.objective - price.bound_without)), "people": form.number(len(price.agents)),
        }
        for price in data.rule_prices
    ]  # fmt: skip


def queue_facts(data: ReportData, form: Format, w: dict[str, str]) -> list[View]:
    """Per queue: the promise, the formula, and the busiest interval worked out."""
    return [
        {
            "name": q.name, "promise": target(q, form), "definition": q.service_level_definition,
            "formula": _formula(q, data.queues, form, w),
            "occupancy": form.percent(q.max_occupancy, 0), "minimum": q.minimum_agents, "example": _example(data, q, form, w),
        }
        for q in data.queues
    ]  # fmt: skip


def _formula(queue: Queue, queues: Iterable[Queue], form: Format, w: dict[str, str]) -> str:
    if queue.due_by_day_end:
        return w["deferred_day"]
    if queue.target_hours is not None:
        return w["deferred"].format(hours=form.number(queue.target_hours))
    told = w["erlang_c"]
    if queue.patience_seconds is not None:
        told = w["erlang_a"].format(patience=form.seconds(queue.patience_seconds))
    if queue.concurrency > 1:
        told = w["chats"].format(number=queue.concurrency, base=told)
    others = [q.name for q in queues if queue.pool and q.pool == queue.pool and q.name != queue.name]
    return w["pooled"].format(others=", ".join(others), base=told) if others else told


def _example(data: ReportData, queue: Queue, form: Format, w: dict[str, str]) -> str:
    rows = data.requirement[data.requirement["queue"] == queue.name].dropna(subset=["offered", "aht_seconds"])
    if rows.empty or queue.deferred:
        return "–"
    top = rows.iloc[int(np.argmax((rows["offered"] * rows["aht_seconds"]).to_numpy()))]
    start = _minutes(top["interval_start"])
    erlangs = top["offered"] * top["aht_seconds"] / 60 / data.interval_minutes
    return w["say_example"].format(
        when=form.moment(start or 0), contacts=form.number(top["offered"], 1), aht=form.seconds(top["aht_seconds"]),
        interval=form.seconds(60 * data.interval_minutes), erlangs=form.number(erlangs, 1),
        desks=form.number(top["agents_required"]), service=form.percent(top["service_level"]),
        roster=form.number(top["agents_to_roster"], 1),
    )  # fmt: skip


def model_rows(facts: ForecastFacts, form: Format, w: dict[str, str]) -> list[View]:
    """A queue's models by error, the best first, with what each was."""

    def note(name: str) -> str:
        return w["chosen"] if name == facts.model else w["baseline"] if name in facts.baselines else ""

    by_error: Iterable[tuple[str, float]] = sorted(facts.wape.items(), key=lambda item: (item[1], item[0]))
    return [{"name": name, "wape": form.percent(wape), "note": note(name)} for name, wape in by_error]


def solver_rows(data: ReportData, form: Format, w: dict[str, str]) -> list[tuple[str, str]]:
    """The search in (term, value) pairs."""
    s = data.solver
    return [
        (w["status"], status(data, w)), (w["objective"], form.money(s.objective)),
        (w["bound"], w["no_bound"] if s.bound is None else f"{form.money(s.bound)} {s.bound_note}".strip()),
        (w["controllable"], form.money(s.controllable_cost)), (w["gap"], form.percent(s.gap, 2)),
        (w["seconds"], form.seconds(s.seconds)), (w["stopped_by"], s.limit), (w["seed"], f"{s.seed}, {s.workers}"),
        (w["repeatable"], w["yes" if s.reproducible else "no"]),
    ]  # fmt: skip


def shrinkage_sentence(data: ReportData, form: Format, w: dict[str, str]) -> str:
    """Unplanned shrinkage in all and by cause; where it differs by weekday and time, from the least to the most."""
    parts = data.shrinkage.unplanned

    def span(shares: Sequence[float]) -> str:
        return " – ".join(dict.fromkeys(form.percent(share) for share in (min(shares), max(shares))))

    causes = {
        name: [one.share for one in loss] if isinstance(loss, tuple) else [loss]
        for name, loss in parts.items()
    }
    least, most = (1 - float(np.prod([1 - pick(v) for v in causes.values()])) for pick in (min, max))
    named = (
        f" ({', '.join(f'{name} {span(shares)}' for name, shares in causes.items())})"
        if len(causes) > 1
        else ""
    )
    return w["shrinkage"].format(share=span([least, most]), parts=named)
