"""Why a backup pool is called, kept, released or left alone, in a sentence."""

from zoneinfo import ZoneInfo

from centre.instants import from_minutes
from centre.peaks import Backup, Trigger, TriggerKind
from scheduler.live import NEVER, Decision, Measures

NAMES: dict[TriggerKind, str] = {
    "customers_online": "customers online",
    "online_per_agent": "customers online per agent",
    "waiting": "customers waiting",
    "wait_seconds": "seconds that the longest waiting one has waited",
    "agents_short": "agents short",
    "service_level": "share in time of the last half hour",
}


def reason(pool: Backup, decision: Decision, measures: Measures, zone: ZoneInfo) -> str:
    """Why so, in a sentence."""
    now, verdict = decision.state.looked, decision.verdict
    if verdict.trigger is not None:
        found = f"{told(verdict.trigger, verdict.value)}, {_bound(verdict.trigger)}"
        return f"{found}{_since(decision, now)}: {_on_call(pool, decision, now, zone)}"
    if verdict.over:
        return f"{_all_told(pool, measures)}: {_when_over(pool, decision, now, zone)}"
    unknown = [NAMES[each.when] for each in pool.triggers if not _known(each, measures)]
    if unknown:
        held = "nobody is called or sent home on what is not known"
        return f"not known: {', '.join(unknown)}; {held}{_present(decision, zone)}"
    below = f"{_all_told(pool, measures)}: below what calls and not yet below what releases"
    return f"{below}{_present(decision, zone)}"


def told(trigger: Trigger, value: float | None) -> str:
    """A measure and its value.

    Examples
    --------
    >>> told(Trigger("waiting", 20), 12.0), told(Trigger("service_level", 0.6), None)
    ('customers waiting 12', 'share in time of the last half hour not known')
    >>> told(Trigger("online_per_agent", 4), float("inf"))
    'customers online per agent with nobody at work'
    """
    words = "not known" if value is None else f"{value:.4g}" if value < NEVER else "with nobody at work"
    return f"{NAMES[trigger.when]} {words}"


def _bound(trigger: Trigger) -> str:
    return f"at or {'below' if trigger.when == 'service_level' else 'above'} {trigger.threshold:g}"


def _all_told(pool: Backup, measures: Measures) -> str:
    return ", ".join(
        f"{told(each, measures[each.when].value)} ({_bound(each)} calls, {_release(each)} releases)"
        for each in pool.triggers
    )


def _release(trigger: Trigger) -> str:
    return f"{'above' if trigger.when == 'service_level' else 'below'} {trigger.release:g}"


def _known(trigger: Trigger, measures: Measures) -> bool:
    found = measures.get(trigger.when)
    return found is not None and found.value is not None and found.whole


def _since(decision: Decision, now: float) -> str:
    passed = now - decision.since
    return f" for {minutes(passed)}" if passed > 0 else ""


def _on_call(pool: Backup, decision: Decision, now: float, zone: ZoneInfo) -> str:
    """What a trigger that holds leads to."""
    if decision.action == "call":
        arrival = _clock(now + pool.lead_minutes, zone)
        return f"{_people(len(decision.people))} called, at work at {arrival}"
    coming = decision.state.who("coming")
    if coming:
        first = min(decision.state.helpers[name].calls[-1] for name in coming) + pool.lead_minutes
        return f"{_people(len(coming))} on the way, there at {_clock(first, zone)}"
    if decision.ready > now:
        resting = decision.state.gone + pool.cool_down_minutes
        why = (
            f"somebody went at {_clock(decision.state.gone, zone)} and nobody is called for {minutes(pool.cool_down_minutes)}"
            if resting >= decision.ready
            else f"it must hold for {minutes(pool.sustained_minutes)}{_counted(decision, zone)}"
        )
        return f"{why}; a call may come at {_clock(decision.ready, zone)}"
    causes = "; ".join(f"{count} {why}" for why, count in sorted(decision.refused.items()))
    return f"nobody may be called ({causes or 'the pool is empty'})"


def _counted(decision: Decision, zone: ZoneInfo) -> str:
    """From when holding counts, where that is not its beginning."""
    arrived = decision.state.arrived
    return f", counted from the last arrival at {_clock(arrived, zone)}" if arrived > decision.since else ""


def _when_over(pool: Backup, decision: Decision, now: float, zone: ZoneInfo) -> str:
    """What it leads to that all triggers are over."""
    if decision.action == "release":
        more = f", the others after another {minutes(pool.hold_minutes)}" if pool.batch else ""
        here = decision.state.who("here")
        return f"over for {minutes(now - decision.since)}, {_people(len(decision.people))} may go{more if here else ''}"
    if decision.state.who("here"):
        if decision.since + pool.hold_minutes > now:
            return f"over since {_clock(decision.since, zone)}; they may go at {_clock(decision.ready, zone)} if it stays so"
        until = f" until {_clock(decision.ready, zone)}" if decision.ready < NEVER else ""
        return f"they stay their minimum of {minutes(pool.minimum_minutes)}{until}"
    coming = decision.state.who("coming")
    return f"{_people(len(coming))} on the way all the same" if coming else "nobody is needed"


def _present(decision: Decision, zone: ZoneInfo) -> str:
    here = decision.state.who("here", "coming")
    return f"; {_people(len(here))} there or on the way stay" if here else ""


def minutes(count: float) -> str:
    """A number of minutes.

    Examples
    --------
    >>> minutes(1), minutes(2.5)
    ('1 minute', '2.5 minutes')
    """
    return "1 minute" if count == 1 else f"{count:g} minutes"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _clock(at: float, zone: ZoneInfo) -> str:
    return f"{from_minutes(int(at), zone):%H:%M}"
