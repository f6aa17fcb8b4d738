"""What ``[[activity]]`` must satisfy: sessions that fit their windows, sizes in order, names that exist; and whom an activity means."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from centre.activities import POLICY_ACTIVITIES, Activity
from centre.errors import Faults
from centre.mix_checks import check_there
from centre.people import Agent
from centre.queue_checks import Blame, clock


def check_activities(activities: Mapping[str, Activity | None], blame: Blame) -> None:
    """Fault what cannot work; an activity that is wrong in itself is None under its name."""
    for activity in filter(None, activities.values()):
        path = f"activity.{activity.name}"
        if activity.least_size > activity.most_size:
            blame(f"{path}.least_size", f"{activity.most_size} (most_size) or less", activity.least_size)
        if activity.part_minutes is not None and activity.minutes % activity.part_minutes:
            words = f"a length that divides the {activity.minutes} minutes of a session"
            blame(f"{path}.part_minutes", words, activity.part_minutes)
        if activity.at is None and activity.latest - activity.earliest < (
            activity.part_minutes or activity.minutes
        ):
            words = f"{clock(activity.earliest)} (earliest) and the length of a session, or later"
            blame(f"{path}.latest", words, clock(activity.latest))


def check_activity_people(
    activities: Iterable[Activity], agents: Sequence[Agent], file: str, faults: Faults
) -> None:
    """Fault teams, sites and roles that nobody has, groups larger than all who are meant, and what is fixed at one time for the same
    people; warn where nobody is meant, or nobody may lead.
    """
    activities = list(activities)
    _check_fixed(activities, agents, faults)
    for activity in activities:
        path = f"activity.{activity.name}"
        usual = POLICY_ACTIVITIES.get(activity.name, {})
        for key in ("teams", "sites", "roles", "leader_roles"):
            told = getattr(activity, key)
            if told != usual.get(key, ()):
                there = {getattr(agent, key.removeprefix("leader_")[:-1]) for agent in agents}
                check_there(told, there - {""}, f"{path}.{key}", file, faults)
        meant = [agent.team for agent in agents if is_meant(activity, agent)]
        most = max(Counter(meant).values(), default=0) if activity.one_team else len(meant)
        if not meant:
            faults.warn(f"centre.toml: [[activity]] {activity.name}: nobody in {file} is meant")
        elif most < activity.least_size and activity.per == "person":
            words = f"{most} or less: so many people of {'a team' if activity.one_team else file} are meant"
            faults.add("centre.toml", words, found=activity.least_size, column=f"{path}.least_size")
        asks = activity.leader_levels or activity.leader_roles
        if asks and not any(leads(activity, agent) for agent in agents):
            faults.warn(f"centre.toml: [[activity]] {activity.name}: nobody in {file} may lead it")


def _check_fixed(activities: Sequence[Activity], agents: Sequence[Agent], faults: Faults) -> None:
    """Fault what is fixed on every day worked at a time at which something else is, for somebody who is meant by both."""
    fixed = [(a, a.at) for a in activities if a.period == "day" and a.at is not None]
    for k, (one, begins) in enumerate(fixed):
        for other, at in fixed[k + 1 :]:
            together = (
                begins < at + other.minutes and at < begins + one.minutes and {*one.days} & {*other.days}
            )
            if together and any(is_meant(one, agent) and is_meant(other, agent) for agent in agents):
                words = f"a time at which [[activity]] {one.name}, from {clock(begins)} for the same people, is over or not begun"
                faults.add("centre.toml", words, found=clock(at), column=f"activity.{other.name}.at")


def is_meant(activity: Activity, agent: Agent) -> bool:
    """Whether a person is one of those who owe an activity.

    Examples
    --------
    >>> somebody = Agent("a1", "", "Atlantic", "senior", (), "full-time")
    >>> is_meant(Activity("x", levels=("senior",)), somebody), is_meant(Activity("x", teams=("Pacific",)), somebody)
    (True, False)
    """
    asked: Iterable[tuple[tuple[str, ...], str]] = (
        (activity.levels, agent.level),
        (activity.roles, agent.role),
        (activity.teams, agent.team),
        (activity.sites, agent.site),
    )
    return all(not names or own in names for names, own in asked)


def leads(activity: Activity, agent: Agent) -> bool:
    """Whether a person may lead its sessions."""
    if not activity.leader_levels and not activity.leader_roles:
        return False
    by_level = not activity.leader_levels or agent.level in activity.leader_levels
    return by_level and (not activity.leader_roles or agent.role in activity.leader_roles)
