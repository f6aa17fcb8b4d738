"""What ``[[backup]]``, ``[[peak]]`` and ``[[leave_quota]]`` must satisfy together: triggers that can fire and end, call-outs that fit their
hours, names that exist, quotas that do not contradict.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from centre.cells import suggestion
from centre.errors import Faults
from centre.hours import Opening
from centre.mix_checks import check_there
from centre.model import Backup, LeaveQuota, Peak, Queue, ShiftTemplate
from centre.peaks import PEAK_SETTINGS, Trigger
from centre.people import Agent
from centre.queue_checks import Blame, check_span, clock

WEEK = 7 * 1440


def check_peaks(
    backups: Mapping[str, Backup | None],
    peaks: Mapping[str, Peak | None],
    quotas: Mapping[str, LeaveQuota | None],
    shifts: Sequence[ShiftTemplate],
    queues: Mapping[str, Queue | None] | None,
    blame: Blame,
) -> None:
    """Fault what cannot work; a part that is wrong in itself is None under its name."""
    for backup in filter(None, backups.values()):
        _check_backup(backup, f"backup.{backup.name}", queues, blame)
    for peak in filter(None, peaks.values()):
        _check_peak(peak, f"peak.{peak.name}", queues, blame)
    for shift in shifts:
        _check_names(shift.peaks, f"shift.{shift.name}.peaks", peaks, blame)
    told = [quota for quota in quotas.values() if quota is not None]
    for quota in told:
        path = f"leave_quota.{quota.name}"
        if (quota.at_most is None) == (quota.share is None):
            found = "neither" if quota.at_most is None else "both"
            blame(f"{path}.at_most", "either at_most (people) or share (of those employed)", found)
        _check_names(quota.peaks, f"{path}.peaks", peaks, blame)
    for one, other in combinations(told, 2):
        _check_alike(one, other, blame)


def _check_names(names: Sequence[str], path: str, peaks: Mapping[str, Peak | None], blame: Blame) -> None:
    for name in names:
        if name not in peaks:
            blame(path, "a [[peak]] of centre.toml" + suggestion(name, peaks), name)


def _check_alike(one: LeaveQuota, other: LeaveQuota, blame: Blame) -> None:
    """Two quotas of the same people for the same days."""
    same_people = set(one.teams) == set(other.teams)
    same_days = set(one.dates) == set(other.dates) and set(one.peaks) == set(other.peaks)
    if same_people and same_days:
        words = f"one quota for these people and days; [[leave_quota]] {one.name} says {_said(one)}"
        blame(f"leave_quota.{other.name}.at_most", words, _said(other))


def _said(quota: LeaveQuota) -> str:
    return f"at_most {quota.at_most}" if quota.at_most is not None else f"share {quota.share}"


def _check_backup(backup: Backup, path: str, queues: Mapping[str, Queue | None] | None, blame: Blame) -> None:
    if backup.maximum_minutes < backup.minimum_minutes:
        words = f"{backup.minimum_minutes:g} (minimum_minutes) or more"
        blame(f"{path}.maximum_minutes", words, backup.maximum_minutes)
    if not backup.hours:
        blame(f"{path}.hours", "some hours in which they may be at work", "none")
    for place, hours in enumerate(backup.hours, start=1):
        where = f"{path}.hours.{place}.closes"
        check_span(hours.opens, hours.closes, where, blame)
        if 0 < hours.closes - hours.opens < backup.minimum_minutes:
            words = f"hours that hold the shortest call-out, {backup.minimum_minutes:g} minutes"
            blame(where, words, f"{clock(hours.opens)} to {clock(hours.closes)}")
    for place, trigger in enumerate(backup.triggers):
        _check_trigger(trigger, path if not place else f"{path}.also.{place}", blame)
    helped = [(queues or {}).get(name) for name in backup.queues]
    known = [queue for queue in helped if queue is not None]
    if known and len(known) == len(helped) and not any(_meet(backup.hours, q.opening) for q in known):
        words = "hours in which one of its queues is open: at no other time can a trigger fire"
        blame(f"{path}.hours", words, "; ".join(_told(backup.hours)))


def _check_trigger(trigger: Trigger, path: str, blame: Blame) -> None:
    """A trigger that could never fire, or never end."""
    low = trigger.when == "service_level"
    if low and trigger.threshold >= 1:
        blame(f"{path}.threshold", "a share of contacts in time below 1, such as 0.6", trigger.threshold)
    elif trigger.release_threshold is not None:
        over = trigger.release_threshold > trigger.threshold
        if over != low or (trigger.release_threshold == trigger.threshold and low):
            words = (
                f"{'more' if low else 'no more'} than the threshold, {trigger.threshold:g}, at which it fires"
            )
            blame(f"{path}.release_threshold", words, trigger.release_threshold)


def _check_peak(peak: Peak, path: str, queues: Mapping[str, Queue | None] | None, blame: Blame) -> None:
    check_span(peak.opens, peak.closes, f"{path}.closes", blame)
    days = (peak.dates, peak.events, peak.holidays != "none", peak.days_before_holiday, peak.makeup_workdays)
    if not any(days):
        words = "days: dates, events, holidays, days_before_holiday or makeup_workdays"
        blame(f"{path}.dates", words, "none of them")
    for place, name in enumerate(peak.queues, start=1):
        if queues is not None and name not in queues:
            blame(f"{path}.queues.{place}", "a queue of centre.toml" + suggestion(name, queues), name)
    if queues is None:
        return
    to = peak.callback_to
    if to is not None and (to not in queues or not getattr(queues[to], "deferred", True)):
        words = "a queue for work that may wait" + suggestion(to, queues)
        blame(f"{path}.callback_to", words, to)
    for queue in (queues.get(name) for name in peak.queues or queues):
        if queue is not None and queue.deferred:
            for name in ("target_seconds", "callback_share"):
                if peak.queues and getattr(peak, name) is not None:
                    words = f"immediate queues: work of {queue.name} may wait"
                    blame(f"{path}.{name}", words, getattr(peak, name))


def check_quota_teams(
    quotas: Sequence[LeaveQuota], agents: Sequence[Agent], file: str, faults: Faults
) -> None:
    """Fault teams of quotas that nobody of the agents file is in."""
    teams = {agent.team for agent in agents} - {""}
    for quota in quotas:
        check_there(quota.teams, teams, f"leave_quota.{quota.name}.teams", file, faults)


def settings_of(peak: Peak) -> dict[str, object]:
    """What a peak changes of its queues."""
    told = {name: getattr(peak, name) for name in PEAK_SETTINGS}
    return {name: value for name, value in told.items() if value is not None}


def _meet(some: Sequence[Opening], others: Sequence[Opening]) -> bool:
    """Whether two lists of hours have a minute of the week in common."""
    return any(
        one < last and first < end for one, end in _spans(some) for first, last in _spans(others, (-WEEK, 0, WEEK))
    )  # fmt: skip


def _spans(hours: Sequence[Opening], weeks: Sequence[int] = (0,)) -> Iterator[tuple[int, int]]:
    for each in hours:
        for day in each.days:
            for week in weeks:
                yield week + day * 1440 + each.opens, week + day * 1440 + each.closes


def _told(hours: Sequence[Opening]) -> list[str]:
    return [f"{clock(each.opens)} to {clock(each.closes)}" for each in hours]
