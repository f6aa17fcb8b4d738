"""A page about a forecast: by queue its history and forecast with bands, profiles, accuracy, special days, events and the
factors of each day; English or Chinese.

One file that needs no other and runs no script: charts are inline SVG, and the page's own content policy forbids it to load
anything. It shares the style sheet with the report (`scenarios.report`).
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from forecasts.day_totals import day_totals
from forecasts.grid import Floats, weekdays_of
from forecasts.queue_forecast import QueueForecast
from scenarios import forecast_charts as charts
from scenarios.forecast_names import MODELS, day_name, name_of
from scenarios.forecast_plot_words import words
from scenarios.forecast_why import Facts, day_facts, day_parts
from scenarios.forecasting import Demand
from scenarios.report import asset, environment
from scenarios.report_data import Language
from scenarios.report_words import Format
from scenarios.versions import version_of

CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)
MOST_ROWS = 92  # days in the table of factors
LEAST_REACH = 0.25  # of a bar of change
View = dict[str, Any]


def render_forecast(
    demand: Demand, title: str, language: Language = "en", queues: Sequence[str] | None = None
) -> str:
    """The whole page as HTML text.

    Parameters
    ----------
    title : whose forecast it is
    queues : those to show; None for all
    """
    form, w = Format(language, demand.forecast.grid.zone, ""), words(language)
    shown = [queue for name, queue in demand.forecast.queues.items() if queues is None or name in queues]
    effects = demand.forecast.events
    events = effects.table().to_dict("records") if effects is not None else []
    views = [_Page(demand, queue, form, w).view(events) for queue in shown]
    return (
        environment()
        .get_template("forecast.html.jinja")
        .render(
            w=w, form=form, title=title, language=language, policy=CONTENT_POLICY, style=Markup(asset("page.css")),
            plots=Markup(asset("forecast.css")), queues=views, version=version_of("paiban"),
            minutes=demand.forecast.grid.interval_minutes,
        )
    )  # fmt: skip


class _Page:
    """What the page says of one queue."""

    def __init__(self, demand: Demand, queue: QueueForecast, form: Format, w: dict[str, str]) -> None:
        self.demand, self.queue, self.form, self.w = demand, queue, form, w
        grid, history = queue.grid, queue.past.history
        self.ahead = grid.first_day + np.arange(grid.days, dtype=np.int64)
        self.days = np.union1d(history.days[-731:], self.ahead)
        self.facts = day_facts(queue.past, self.days)
        self.parts = day_parts(queue, self.days)
        self.planned = charts.planned_totals(demand.table, queue)

    def view(self, events: Sequence[Mapping[Hashable, Any]]) -> View:
        """Every chart and table; ``events`` are those of all queues, see `forecasts.events.EventEffects.table`."""
        queue, form, w = self.queue, self.form, self.w
        return {
            "name": queue.queue,
            "lead": self._lead(),
            "origins": queue.fit.tried,
            "days": charts.days_chart(queue, self.planned, form, w),
            "moved": bool((np.abs(self.planned - queue.day_table()["offered"].to_numpy()) > 0.5).any()),
            "week": charts.week_chart(queue, self.demand.table, form, w),
            "profiles": charts.profile_charts(queue, form, w),
            "accuracy": charts.accuracy_chart(queue, form, w),
            "floor": form.percent(queue.fit.floor) if np.isfinite(queue.fit.floor) else "",
            "special": self._special(),
            "around": charts.around_charts(self.parts, self.facts, form, w),
            "events": self._events([row for row in events if row["queue"] == queue.queue]),
            "factors": self._factors(),
        }

    def _lead(self) -> str:
        queue, form, w = self.queue, self.form, self.w
        lead = w["lead"].format(
            contacts=form.number(float(self.planned.sum())), days=queue.grid.days,
            first=form.day(queue.grid.first_day, year=True), model=name_of(MODELS, queue.fit.model.name, form.language),
        )  # fmt: skip
        if not queue.fit.tried:
            return lead + w["lead_untried"]
        wape, floor = form.percent(queue.fit.wape[queue.fit.model.name]), form.percent(queue.fit.floor)
        return lead + w["lead_wape"].format(origins=queue.fit.tried, wape=wape, floor=floor)

    def _special(self) -> list[View]:
        """Each class and festival: its effect against an ordinary such weekday; those to come by date."""
        effects, seen = self._effects(), self._seen()
        groups: dict[tuple[str, str], list[int]] = {}
        for k, each in enumerate(self.facts):
            if each["class"] not in ("ordinary", "event"):
                groups.setdefault((each["class"], each["festival"]), []).append(k)
        found = []
        start = self.queue.grid.first_day
        soonest = {
            key: min((self.days[k] for k in rows if self.days[k] >= start), default=-1)
            for key, rows in groups.items()
        }
        for key in sorted(groups, key=lambda key: soonest[key]):
            rows = groups[key]
            known = [effects[k] for k in rows if np.isfinite(effects[k])]
            coming = [k for k in rows if self.days[k] >= start]
            effect = float(np.exp(np.mean(np.log(known)))) - 1 if known and self.parts else float("nan")
            found.append({
                "name": day_name(self.facts[rows[0]], self.form.language), "effect": effect,
                "seen": int(seen[rows].sum()), "ahead": [self.form.day(int(self.days[k])) for k in coming],
            })  # fmt: skip
        return self._with_bars([row for row in found if row["ahead"] or row["seen"]])

    def _with_bars(self, rows: list[View]) -> list[View]:
        reach = max([LEAST_REACH, *(abs(row["effect"]) for row in rows if np.isfinite(row["effect"]))])
        for row in rows:
            known = np.isfinite(row["effect"])
            row["bar"] = charts.change_bar(0.0, row["effect"], 0.0, reach) if known else ""
            row["change"] = self.form.signed(row["effect"])
        return rows

    def _effects(self) -> Floats:
        """Each day's factor against an ordinary day of its weekday; NaN where nothing comes on such a day."""
        if not self.parts:
            return np.full(len(self.days), np.nan)
        own = np.full(7, np.nan)
        for k, each in enumerate(self.facts):
            if each["class"] == "ordinary":
                own[each["weekday"]] = self.parts["weekday"][k]
        usual = own[weekdays_of(self.days)]
        usual = np.where(self._weekday_comes()[weekdays_of(self.days)], usual, np.nan)
        return np.asarray(
            self.parts["weekday"] * self.parts["special day"] * self.parts["around festival"] / usual
        )

    def _weekday_comes(self) -> Floats:
        """Weekdays on which contacts come as a rule, shape (7,)."""
        history = self.queue.past.history
        totals = day_totals(history)[history.usable]
        weekdays = weekdays_of(history.days[history.usable])
        return np.array([bool((totals[weekdays == k] > 0).any()) for k in range(7)])

    def _seen(self) -> Floats:
        """Days of history on which contacts came, shape (days,)."""
        return np.asarray(np.nansum(self.queue.past.history.rows_of(self.days), axis=1) > 0)

    def _events(self, rows: Sequence[Mapping[Hashable, Any]]) -> list[View]:
        """The events of the queue."""
        reach = max(
            [
                LEAST_REACH,
                *(float(row["uplift_p90"]) for row in rows),
                *(-float(row["uplift_p10"]) for row in rows),
            ]
        )
        return [
            {
                "name": f"{row['event']}: {row['phase']}" if row["phase"] else row["event"],
                "change": self.form.signed(row["uplift"]),
                "range": f"{self.form.signed(row['uplift_p10'])} … {self.form.signed(row['uplift_p90'])}",
                "bar": charts.change_bar(row["uplift_p10"], row["uplift"], row["uplift_p90"], reach),
                "source": self.w[f"s_{row['source']}"].format(learned=self.form.signed(row["learned"])),
                "occurrences": row["occurrences"],
            }
            for row in rows
        ]  # fmt: skip

    def _factors(self) -> View:
        """A row for each day ahead: its factors, the forecast with its band, what is planned with."""
        queue, form = self.queue, self.form
        table = queue.day_table()
        shown = min(len(self.ahead), MOST_ROWS)
        columns = {name: values[np.isin(self.days, self.ahead)] for name, values in self.parts.items()}
        columns |= self._further(columns)
        facts = [each for each, day in zip(self.facts, self.days, strict=True) if day >= queue.grid.first_day]
        rows = [
            {
                "day": form.day(int(self.ahead[k])),
                "kind": self._kind(facts[k], float(table["offered"].iloc[k])),
                "cells": [_cell(name, float(values[k]), form) for name, values in columns.items()],
                "forecast": form.number(float(table["offered"].iloc[k])),
                "band": f"{form.number(float(table['offered_p10'].iloc[k]))} – {form.number(float(table['offered_p90'].iloc[k]))}",
                "planned": form.number(float(self.planned[k])),
            }
            for k in range(shown)
        ]
        return {"columns": list(columns), "rows": rows, "days": len(self.ahead), "shown": shown}

    def _kind(self, facts: Facts, offered: float) -> str:
        """What a day is, where it is not an ordinary one."""
        special = [day_name(facts, self.form.language)] if facts["class"] != "ordinary" else []
        return " · ".join(special + ([] if offered > 0 else [self.w["closed"]]))

    def _further(self, columns: dict[str, Floats]) -> dict[str, Floats]:
        """Factors beside the model's: opening hours, events, agreement; the last two where there are any."""
        queue = self.queue
        plain, whole = queue.plain_totals(), np.prod(list(columns.values()), axis=0)
        found = {"hours": _ratio(plain, whole)} if columns else {}
        agreed = np.ones(len(plain)) if queue.agreed is None else queue.agreed
        total = queue.day_table()["offered"].to_numpy(dtype=float)
        if queue.parts:
            found["events"] = _ratio(total, plain * agreed)
        if queue.agreed is not None:
            found["agreement"] = agreed
        return found


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.ones_like(above), where=below > 0)


def _cell(name: str, value: float, form: Format) -> Facts:
    """A factor as the table has it; one that changes nothing stands back."""
    if name == "level":
        return {"text": form.number(value), "same": False}
    return {"text": f"{value:.3f}", "same": abs(value - 1) < 0.0005}
