"""A page about a requirement: each day by queue, and one interval's service against agents; English or Chinese.

One file that needs no other: scripts, style and data are inside, everything from outside is escaped, and the page's own content
policy forbids it to load anything. It shares style sheet and chart library with the report (`scenarios.report`).
"""

import base64
import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from centre.errors import Faults
from centre.model import Queue, Settings
from scenarios.plot_words import words
from scenarios.report import asset, environment, script_json
from scenarios.report_curves import plain
from scenarios.report_data import Language
from scenarios.report_words import Format
from scenarios.versions import version_of
from scenarios.why import Working
from scenarios.why_deferred import day_of_work
from scenarios.why_team import Case
from scheduler.staffing.demand import grid_of

SCRIPTS = ("echarts.common.min.js", "staffing.js")
Floats = NDArray[np.float64]
View = dict[str, Any]


def render_plots(
    table: pd.DataFrame,
    settings: Settings,
    explained: tuple[Working, str, int] | None = None,
    day: int | None = None,
    language: Language = "en",
) -> str:
    """The whole page as HTML text.

    Parameters
    ----------
    table : columns of ``requirement.csv``
    explained : working, queue and UTC minutes of an interval whose service is drawn against agents; None for none
    day : day number of the only day to show, None for all of the requirement's
    """
    form = Format(language, settings.centre.timezone, settings.centre.currency)
    w = words(language)
    days = _days(table, settings, form, day)
    interval = None if explained is None else _interval(*explained, form, w)
    first = (
        0
        if explained is None
        else next((k for k, one in enumerate(days["days"]) if one["day"] == _day_of(explained)), 0)
    )
    told = {
        "days": [one["chart"] for one in days["days"]],
        "first": first,
        "queues": days["queues"],
        "interval": interval and interval["chart"],
    }
    return (
        environment()
        .get_template("staffing.html.jinja")
        .render(
            w=w, form=form, centre=settings.centre, policy=content_policy(), style=Markup(asset("page.css")),
            scripts=[Markup(asset(name)) for name in SCRIPTS], data=script_json(told | {"words": w}),
            days=days["days"], first=first, interval=interval, language=language, version=version_of("paiban"),
        )
    )  # fmt: skip


def content_policy() -> str:
    """The page's Content-Security-Policy: its own scripts by their hash, its own style, nothing else.

    Examples
    --------
    >>> content_policy().count("sha256-")
    2
    """
    hashes = (base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode() for name in SCRIPTS)
    scripts = " ".join(f"'sha256-{value}'" for value in hashes)
    return f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def _days(table: pd.DataFrame, settings: Settings, form: Format, only: int | None) -> View:
    """Every local day with its curves and sums; the queues that have rows, in the centre's order."""
    grid, place = grid_of(table, settings, Faults())
    names = [queue.name for queue in settings.queue if (table["queue"] == queue.name).any()]
    parts = [
        _dense(table, place, names, len(grid.starts), name)
        for name in ("offered", "agents_required", "agents_to_roster")
    ]
    day_of_place = grid.local_days()
    wanted = range(grid.first_day, grid.first_day + grid.days) if only is None else (only,)
    found = []
    for day in wanted if len(table) else ():
        here = _busy(np.flatnonzero(day_of_place == day), parts[0] + parts[2])
        clock = form.axis(iter(grid.starts[here].tolist()))
        contacts, needed, roster = (part[:, here] for part in parts)
        hours = grid.interval_minutes / 60
        chart = {
            "label": form.day(day, year=True),
            "clock": clock,
            "contacts": [plain(each) for each in contacts],
            "needed": [plain(each) for each in needed],
            "roster": plain(roster.sum(axis=0)),
        }
        sums = _Sums(clock, hours, form)
        rows = [sums.row(*each) for each in zip(names, contacts, needed, roster, strict=True)]
        total = sums.row("", contacts.sum(axis=0), needed.sum(axis=0), roster.sum(axis=0))
        found.append({"day": day, "chart": chart, "rows": rows, "all": total})
    return {"queues": names, "days": found}


def _day_of(explained: tuple[Working, str, int]) -> int:
    """Local day number of the interval explained."""
    working, _, at = explained
    return int(working.grid.local_days()[(at - working.grid.start) // working.grid.interval_minutes])


def _busy(day: NDArray[np.int64], values: Floats, also: int = -1) -> NDArray[np.int64]:
    """The intervals of a day from the first to the last with anything in it, and one on either side; a day of nothing whole."""
    some = np.flatnonzero((values[:, day] > 0).any(axis=0) | (day == also))
    return day[max(int(some[0]) - 1, 0) : int(some[-1]) + 2] if len(some) else day


def _dense(
    table: pd.DataFrame, place: NDArray[np.int64], names: Sequence[str], count: int, column: str
) -> Floats:
    """A column on the grid, shape (queues, intervals), 0 where there is no row."""
    found = np.zeros((len(names), count))
    code = np.array([names.index(name) for name in table["queue"].astype(str)], dtype=np.int64)
    found[code, place] = table[column].to_numpy(dtype=float)
    return found


class _Sums:
    """The lines of a day's table."""

    def __init__(self, clock: list[str], hours: float, form: Format) -> None:
        self.clock, self.hours, self.form = clock, hours, form

    def row(self, name: str, contacts: Floats, needed: Floats, roster: Floats) -> View:
        """A day of one queue, or of all."""
        top = int(np.argmax(needed))
        return {
            "name": name,
            "contacts": self.form.number(float(contacts.sum())),
            "needed": self.form.number(float(needed.sum()) * self.hours, 1),
            "roster": self.form.number(float(roster.sum()) * self.hours, 1),
            "peak": f"{self.form.number(float(needed[top]))} ({self.clock[top]})" if needed[top] else "–",
        }


def _interval(working: Working, name: str, at: int, form: Format, w: dict[str, str]) -> View:
    """One interval: service against agents, or for work that may wait the day about it."""
    step, grid = working.grid.interval_minutes, working.grid
    place = (at - grid.start) // step
    start = int(grid.starts[place])
    head = {"queue": name, "moment": form.moment(start), "until": form.clock(start + step)}
    if working.queue(name).deferred:
        return head | _work(working, name, place, form)
    case = Case(working, name, place)
    return head | _service(case, form, w)


def _service(case: Case, form: Format, w: dict[str, str]) -> View:
    """Service, abandonment and occupancy against agents of the team."""
    reach = max(5, math.ceil(2.5 * math.sqrt(case.agents)))
    table = case.beside(reach)
    own, queue = table[table["queue"] == case.queue.name], case.queue
    near = own[own["agents"].between(case.agents - 3, case.agents + 3)]
    levels = [
        {
            "name": q.name,
            "values": plain(table.loc[table["queue"] == q.name, "service_level"].to_numpy(float), 4),
            "target": q.target_share,
        }
        for q in sorted(case.team.queues, key=lambda q: q is not queue)
    ]
    chart = {
        "kind": "service",
        "agents": own["agents"].tolist(),
        "required": case.agents,
        "levels": levels,
        "abandonment": plain(own["abandonment"].to_numpy(float), 4),
        "occupancy": plain(own["occupancy"].to_numpy(float), 4),
        "max_abandonment": queue.max_abandonment,
        "max_occupancy": queue.max_occupancy,
        "nobody_leaves": queue.patience_seconds is None,
    }
    rows = [
        {
            "agents": row["agents"], "service": form.percent(row["service_level"]),
            "asa": form.seconds(row["asa_seconds"]) if math.isfinite(row["asa_seconds"]) else w["endless"],
            "abandonment": form.percent(row["abandonment"]), "occupancy": form.percent(row["occupancy"]),
            "misses": _misses(table[table["agents"] == row["agents"]], w), "chosen": row["agents"] == case.agents,
        }
        for row in near.to_dict("records")
    ]  # fmt: skip
    others = [q.name for q in case.team.queues if q is not queue]
    sentence = w["p_service"].format(agents=case.agents, promise=_promise(queue, form, w))
    if others:
        sentence += w["p_team"].format(others=", ".join(others), own=case.own_agents[case.place])
    return {"chart": chart, "rows": rows, "sentence": sentence, "kind": "service", "facts": None}


def _misses(rows: pd.DataFrame, w: dict[str, str]) -> str:
    """The limits that a number of agents misses, each with its queue where there are several."""
    told = []
    for row in rows.to_dict("records"):
        whose = f"{row['queue']}: " if len(rows) > 1 else ""
        missed = ", ".join(w[f"miss_{name}"] for name in row["misses"].split(", ") if name)
        told += [whose + missed] if missed else []
    return "; ".join(dict.fromkeys(told))


def _promise(queue: Queue, form: Format, w: dict[str, str]) -> str:
    return w["promise"].format(
        share=form.percent(queue.target_share, 0), time=form.seconds(queue.target_seconds)
    )


def _work(working: Working, name: str, place: int, form: Format) -> View:
    """The day about an interval of work that may wait: what comes, what gets done, what waits."""
    grid, w = working.grid, words(form.language)
    days = grid.local_days()
    minutes = day_of_work(working, name)
    here = _busy(
        np.flatnonzero(days == days[place]),
        np.array([minutes[part] for part in ("came", "own", "idle")]),
        place,
    )
    chart = {
        "kind": "work",
        "clock": form.axis(iter(grid.starts[here].tolist())),
        "at": int(place - here[0]),
        **{part: plain(values[here]) for part, values in minutes.items()},
    }
    agents = working.staffed[name].agents[place]
    sentence = w["p_work"].format(
        agents=form.number(float(agents)), came=form.number(float(minutes["came"][place])), own=form.number(float(minutes["own"][place])),
        idle=form.number(float(minutes["idle"][place])), waiting=form.number(float(minutes["waiting"][place])),
    )  # fmt: skip
    return {"chart": chart, "rows": [], "sentence": sentence, "kind": "work"}
