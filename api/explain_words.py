"""The facts behind a number of agents as lines that a planner can follow with a pocket calculator."""

from collections.abc import Iterator
from math import isfinite, isnan
from typing import Any

import pandas as pd

from centre.model import Settings
from scenarios.why import Facts

HEAD = f"{'agents':>8} {'service':>9} {'ASA s':>9} {'abandon':>9} {'occupied':>9}  misses"
METHODS = {
    "erlang_c": "Erlang C",
    "erlang_a": "Erlang A",
    "own": "as planned",
    "simulation": "simulation",
}
WAYS = {"answered": "of those answered", "callbacks": "of the call-backs taken"}


def lines_of(facts: Facts, settings: Settings) -> list[str]:
    """The lines, from what comes in to the agents on the rota."""
    zone, minutes = settings.centre.timezone, settings.centre.interval_minutes
    lines = [
        f"{facts['queue']}, {minutes} minutes from {_local(facts['interval_start'], settings)} ({zone.key})",
        f"Contacts: {_contacts(facts['inputs'], facts)}",
        f"Handle time: {_handle_time(facts['inputs'], facts)}",
    ]
    lines += _deferred(facts, settings) if facts["kind"] == "deferred" else _immediate(facts, minutes)
    lines += _shrinkage(facts)
    return lines + [f"Note: {note}" for note in facts["notes"]]


def _contacts(told: Facts, facts: Facts) -> str:
    """From the forecast to what reaches agents."""
    parts = [f"{told['forecast_contacts']:g} forecast" if told["told"] else "no forecast of its own"]
    left = told["forecast_contacts"] - told["contained_contacts"]
    if told["contained_contacts"]:
        parts.append(f"{told['contained_contacts']:g} of them a bot takes, leaves {left:g}")
    if told["repeat_factor"] != 1.0:
        parts.append(
            f"x {told['repeat_factor']:.4f} for repeats as the resolution changes = {told['own_contacts']:g}"
        )
    for each in told["from_queues"]:
        ways = ", ".join(
            f"{way['share']:.0%} {WAYS[way['of']]}"
            + f" {way['after_minutes']} min before" * bool(way["after_minutes"])
            for way in each["ways"]
        )
        parts.append(f"plus {each['contacts']:g} from {each['queue']} ({ways})")
    return "; ".join(parts) + (f"; {facts['offered']:g} in all" if told["from_queues"] else "")


def _handle_time(told: Facts, facts: Facts) -> str:
    if isnan(facts["aht_seconds"]):
        return "none known, none needed"
    if not told["told"]:
        return f"{facts['aht_seconds']:g} s, the queue's own"
    given = f"{told['forecast_aht_seconds']:g} s, " + (
        "assumed: the queue's aht_seconds, for the forecast has none"
        if told["aht_assumed"]
        else "as forecast"
    )
    longer = told["containment_aht_factor"]
    return given + (
        f", x {longer:g} for those a bot leaves = {facts['aht_seconds']:g} s" if longer != 1.0 else ""
    )


def _immediate(facts: Facts, minutes: int) -> Iterator[str]:
    """A queue that is answered at once."""
    offered, aht, agents, load = (
        facts[name] for name in ("offered", "aht_seconds", "agents_required", "erlangs")
    )
    team = facts["team"]
    work = "no handle time known" if isnan(aht) else f"{aht:g} s of work each"
    yield f"Inputs: {offered:g} contacts reach agents, {work}; {_limits(facts['limits'])}"
    yield f"Load: {offered:g} contacts x {0.0 if isnan(aht) else aht:g} s / {60 * minutes} s = {load:.2f} erlangs"
    if len(team["queues"]) > 1:
        each = ", ".join(f"{one['queue']} {one['erlangs']:.2f}" for one in team["queues"])
        yield f"Load of the team: {sum(one['erlangs'] for one in team['queues']):.2f} erlangs ({each})"
    yield f"First guess, the square-root rule: {_guess(facts['first_guess'])}"
    yield f"Formula: {facts['formula']}"
    yield from _returns(team)
    yield from _beside(facts["alternatives"], team)
    if len(team["queues"]) > 1:
        told = ", ".join(f"{one['queue']} {one['agents']}" for one in team["queues"])
        yield f"Required of the team: {team['agents']}, the fewest that miss nothing"
        yield f"Told on its queues, each its stated minimum and the rest by load, in whole agents: {told}"
        yield f"Required at their desks: {agents:g} of these for {facts['queue']}"
    else:
        yield f"Required at their desks: {agents:g}, the fewest that miss nothing"
    yield f"Decided by: {_decided(facts, team['agents'])}"
    if facts["steps"]:
        yield f"By hand, with {team['agents']} agents:"
        yield from (f"  {step}" for step in facts["steps"])
        if len(team["queues"]) > 1:
            yield "  Shares in time: from the distribution of these waits, not by hand (scheduler/staffing/priority.py)"
    if "compare" in facts:
        yield from _compared(facts["compare"], team["agents"])


def _guess(told: Facts) -> str:
    load = told["load"]
    slower = f" (load x {told['slowdown']:.4g}, all chats taken)" if told["slowdown"] != 1.0 else ""
    return f"{load:.2f}{slower} + √{load:.2f} = {load + load**0.5:.2f}, so {told['agents']} agents"


def _returns(team: Facts) -> Iterator[str]:
    """Redials and call-backs with the agents required."""
    for one in team["queues"]:
        if one["contacts_with_redials"] > one["contacts"] * (1 + 1e-12):
            yield (
                f"Redials: with {team['agents']} agents {one['contacts']:g} contacts of {one['queue']} become "
                f"{one['contacts_with_redials']:g}; the figures below count them"
            )
        if one["callbacks"]:
            yield f"Call-backs: with {team['agents']} agents {one['callbacks']:g} contacts of {one['queue']} take one"


def _beside(table: pd.DataFrame, team: Facts) -> Iterator[str]:
    """The figures of a few more and fewer agents."""
    pooled = len(team["queues"]) > 1
    yield HEAD
    for row in table.to_dict("records"):
        misses = (f"{row['queue']}: " if pooled else "") + (row["misses"] or "nothing")
        yield (
            f"{row['agents']:>8} {row['service_level']:>9.1%} {row['asa_seconds']:>9.1f} "
            f"{row['abandonment']:>9.1%} {row['occupancy']:>9.1%}  {misses}"
        )


def _decided(facts: Facts, agents: int) -> str:
    """Which limits one agent fewer would miss."""
    if not agents:
        return "no contacts, nobody needed"
    by = facts["decided_by"]
    if not by:
        return "nothing: contacts need at least one agent"
    pooled = len(facts["team"]["queues"]) > 1
    told = []
    for each in by:
        if each["limit"] == "minimum_agents":
            alone = "; the limits of service would need fewer" if len(by) == 1 else ""
            told.append(f"minimum_agents {each['wanted']}{alone}")
            continue
        number = f"{each['value']:.1f} s" if each["limit"] == "asa_seconds" else f"{each['value']:.1%}"
        wanted = f"{each['wanted']:g} s" if each["limit"] == "asa_seconds" else _percent(each["wanted"])
        most = "at least" if each["limit"] == "service_level" else "at most"
        whose = f" of {each['queue']}" if pooled else ""
        told.append(f"{each['limit']}{whose}, {number} with {agents - 1} where {most} {wanted} is set")
    return "; ".join(told)


def _compared(table: pd.DataFrame, agents: int) -> Iterator[str]:
    """Methods side by side."""
    yield f"Side by side, service with {agents} agents:"
    yield f"  {'':<11}{'needs':>6} {'service':>14} {'ASA s':>14} {'abandon':>14} {'occupied':>14}"
    pairs = (
        ("service_level", "service_level_half_width"), ("asa_seconds", "asa_half_width"),
        ("abandonment", "abandonment_half_width"), ("occupancy", "occupancy_half_width"),
    )  # fmt: skip
    for row in table.to_dict("records"):
        needs = "" if isnan(row["agents_needed"]) else f"{row['agents_needed']:g}"
        figures = " ".join(
            f"{_figure(row[name], row[width], name != 'asa_seconds'):>14}" for name, width in pairs
        )
        yield f"  {METHODS[row['method']]:<11}{needs:>6} {figures}  {row['note']}".rstrip()


def _figure(value: float, width: float, is_share: bool) -> str:
    """A figure with half its interval where there is one."""
    if isnan(value):
        return "–"
    scale, mark = (100.0, "%") if is_share else (1.0, "")
    told = f"{scale * value:.1f}{mark}" if isfinite(value) else "endless"
    return told if isnan(width) else f"{scale * value:.2f}{mark} ±{scale * width:.2f}"


def _deferred(facts: Facts, settings: Settings) -> Iterator[str]:
    """A queue whose work may wait."""
    told, agents = facts["deferred"], facts["agents_required"]
    yield f"Inputs: {facts['offered']:g} contacts come, {told['came_minutes']:.1f} minutes of work; {_terms(facts['limits'], told)}"
    yield f"Due: by {_local(told['due'], settings)}"
    first = (
        f", the first of it due by {_local(told['backlog_first_due'], settings)}"
        if told["backlog_first_due"]
        else ""
    )
    yield f"Waiting as it begins: {told['backlog_contacts']:.1f} contacts, {told['backlog_minutes']:.1f} minutes{first}"
    yield f"Formula: {facts['formula']}"
    if told["fills_idle_of"]:
        whose = ", ".join(f"{name} {minutes:.1f}" for name, minutes in told["idle_used_of"].items())
        yield f"Idle time used: {told['idle_used_minutes']:.1f} of {told['idle_to_be_had_minutes']:.1f} minutes to be had ({whose})"
    share = facts["limits"]["max_occupancy"] or 1.0
    yield (
        f"Own agents: {agents:g} x {settings.centre.interval_minutes} min x {share:g} = {told['own_minutes_to_be_had']:.1f} minutes, "
        f"{told['own_minutes_used']:.1f} of them used"
    )
    done = f"{told['done_minutes']:.1f} minutes, {told['done_contacts']:.1f} contacts"
    yield f"Done: {done}; {told['left_minutes']:.1f} minutes wait as it ends"
    if facts["offered"]:
        until = told["seconds_until_done"]
        mean = (
            f"{until / 3600:.1f} h after they came on average"
            if isfinite(until)
            else "some after the last interval"
        )
        yield f"Of what comes now, {told['service_level']:.1%} is done in time, {mean}"
    yield from _why_deferred(facts, settings)
    yield f"Required at their desks: {agents:g}"


def _why_deferred(facts: Facts, settings: Settings) -> Iterator[str]:
    told = facts["deferred"]
    if not told["is_open"]:
        yield "Why so many: closed, nobody works on it now"
        return
    run = told["run"]
    if run is None:
        yield "Why so many: what is due needs no own agents here beyond the stated minimum"
    else:
        yield (
            f"Why so many: from {_local(run['from'], settings)} to {_local(run['to'], settings)}, {run['open_intervals']} open intervals, "
            f"{run['must_minutes']:.1f} minutes of what comes from the first on must be done by the last; "
            f"{run['idle_minutes']:.1f} find idle time, the rest needs ({run['must_minutes']:.1f} - {run['idle_minutes']:.1f}) / "
            f"({run['open_intervals']} x {run['agent_minutes']:g}) = {run['mean_agents']:.2f} own agents throughout"
        )
        yield (
            f"The flattest profile in fractions has {told['profile_agents']:.2f} here: never more than it rounded up, and the fewest whole "
            "agents in all that still meet every due time"
        )
    yield f"{'agents':>8} {'minutes too late':>17}  misses"
    for row in facts["alternatives"].to_dict("records"):
        yield f"{row['agents']:>8} {row['minutes_too_late']:>17.1f}  {row['misses'] or 'nothing'}"


def _shrinkage(facts: Facts) -> Iterator[str]:
    """From desks to the rota, and to people on the books."""
    told, agents, roster = facts["shrinkage"], facts["agents_required"], facts["agents_to_roster"]
    lost, away = told["unplanned_together"], told["planned_together"]
    yield f"Unplanned shrinkage: {_causes(told['unplanned'])}; together {lost:.2%}"
    yield f"To roster: {agents:g} / (1 - {lost:.4f}) = {agents / (1 - lost):.2f}, rounded up: {roster:g}"
    if told["planned"]:
        yield f"Planned shrinkage, placed by the rota itself: {_causes(told['planned'])}; together {away:.2%}"
        quotient = agents / ((1 - away) * (1 - lost))
        yield (
            f"Beside the rota, people on the books: {agents:g} / ((1 - {away:.4f}) x (1 - {lost:.4f})) = {quotient:.2f}, "
            f"rounded up: {told['headcount']}; for hiring only, no part of what is rostered"
        )


def _causes(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.1%}" for name, share in shares.items()) or "none"


def _percent(share: float) -> str:
    """A share that somebody has set, with the digits it was set with."""
    return f"{100 * share:.6g}%"


def _limits(told: Facts) -> str:
    """What the queue promises and allows."""
    lines = [
        f"{told['target_share']:.0%} within {told['target_seconds']:g} s ({told['service_level_definition']})"
    ]
    if told["max_occupancy"] is not None:
        lines.append(f"occupancy at most {told['max_occupancy']:.0%}")
    if told["max_asa_seconds"] is not None:
        lines.append(f"ASA at most {told['max_asa_seconds']:g} s")
    if told["max_abandonment"] is not None:
        lines.append(f"abandonment at most {told['max_abandonment']:.0%}")
    if told["minimum_agents"]:
        lines.append(f"never fewer than {told['minimum_agents']} agents")
    return ", ".join(lines)


def _terms(limits: Facts, told: Facts) -> str:
    """What holds for work that may wait."""
    lines = [
        "due by the end of the day"
        if limits["due_by_day_end"]
        else f"due within {limits['target_hours']:g} h"
    ]
    if limits["max_occupancy"] is not None:
        lines.append(f"occupancy at most {limits['max_occupancy']:.0%}")
    if told["fills_idle_of"]:
        lines.append(f"fills idle time of {', '.join(told['fills_idle_of'])}")
    if limits["minimum_agents"]:
        lines.append(f"never fewer than {limits['minimum_agents']} agents")
    return ", ".join(lines)


def _local(instant: Any, settings: Settings) -> str:
    return f"{pd.Timestamp(instant).tz_convert(settings.centre.timezone):%Y-%m-%d %H:%M}"
