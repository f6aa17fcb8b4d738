"""Time off the queue: the sections ``[[activity]]`` of ``centre.toml``, with the units in the names, and those of policies.

Sizes and lengths are of one session, a clock time is minutes after local midnight, a weekday is 0 for Monday.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, MinLen

ActivityKind = Literal["meeting", "training", "coaching", "checks", "exam", "admin"]
LEAD = "lead"
"""Kind of activity in a rota of who leads a session: trainer, reviewer, coach."""
OFF_QUEUE = ("meeting", "training", "coaching", "checks", "exam", "admin", LEAD)
"""Kinds of activity in a rota that are paid work and serve no queue; ``KIND:NAME``."""
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Activity:
    """What people do off the queue in paid time, how often it is owed and where it may lie.

    Owed are ``times`` sessions of ``minutes`` in each ``period``, of each person meant (``per`` person) or of each team together
    (``per`` team); ``day`` is each day worked. Meant are people of one of ``levels``, ``roles``, ``teams`` and ``sites``; an empty
    list asks nothing. What a period leaves owed stays owed after it, unless ``carries_over`` is false.

    ``at`` : fixed on the clock of the centre; None: anywhere from ``earliest`` to ``latest`` (its end) on ``days``
    ``late_start`` : of a fixed one, people whose shift starts later have theirs at their start, or are excused
    ``part_minutes`` : a session may be taken in parts no shorter than this; None: in one
    ``least_size``, ``most_size`` : people in a session; 1 and 1 is somebody alone
    ``one_team`` : the people of a session are of one team
    ``most_away_share`` : of the people meant and at work, at most this share is in the session at a time; several sittings then
    ``leader_levels``, ``leader_roles`` : one such person leads each session and is in it for its length; both empty: nobody
    ``rooms`` : each session takes one of these, by name, and activities that name a room share it; empty: none needed
    ``priority`` : the higher is placed first and given up last
    """

    name: Annotated[str, MinLen(1)]
    kind: ActivityKind = "training"
    minutes: Annotated[int, Gt(0), Le(1440)] = 60
    times: Annotated[int, Ge(1)] = 1
    period: Literal["day", "week", "month", "quarter", "half_year", "year"] = "month"
    per: Literal["person", "team"] = "person"
    levels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    at: int | None = None
    earliest: int = 0
    latest: int = 1440
    days: tuple[int, ...] = EVERY_DAY
    late_start: Literal["own_start", "excused"] = "own_start"
    part_minutes: Annotated[int, Gt(0)] | None = None
    least_size: Annotated[int, Ge(1)] = 1
    most_size: Annotated[int, Ge(1)] = 1
    one_team: bool = False
    most_away_share: Annotated[float, Gt(0), Le(1)] = 1.0
    leader_levels: tuple[str, ...] = ()
    leader_roles: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    carries_over: bool = True
    priority: int = 0

    @property
    def text(self) -> str:
        """The activity as a rota writes it."""
        return f"{self.kind}:{self.name}"

    @property
    def quota_minutes(self) -> int:
        """Minutes owed in a whole period."""
        return self.minutes * self.times


POLICY_ACTIVITIES: dict[str, dict[str, Any]] = {
    "stand-up": {
        "kind": "meeting", "minutes": 15, "period": "day", "at": "08:30", "most_size": 500, "one_team": True, "carries_over": False,
        "priority": 9,
    },
    "training": {"kind": "training", "minutes": 240, "part_minutes": 60, "period": "month"},
    "product-update": {"kind": "training", "minutes": 60, "period": "month", "most_size": 12},
    "emotion-management": {"kind": "training", "minutes": 60, "period": "quarter", "most_size": 12},
    "leadership": {"kind": "training", "minutes": 120, "period": "quarter", "roles": ("reserve",), "most_size": 12},
    "skills-exam": {"kind": "exam", "minutes": 60, "period": "quarter", "priority": 3},
    "quarterly-review": {"kind": "meeting", "minutes": 60, "period": "quarter", "most_size": 500, "one_team": True, "priority": 2},
    "team-meeting": {
        "kind": "meeting", "minutes": 60, "period": "month", "most_size": 500, "one_team": True, "most_away_share": 0.5, "priority": 2,
    },
    "recorded-call-checks": {"kind": "checks", "minutes": 20, "times": 5, "period": "week", "per": "team", "leader_roles": ("quality",)},
    "knowledge-base": {"kind": "admin", "minutes": 20, "times": 5, "period": "month"},
}  # fmt: skip
"""What the policies of preset ``customer-service`` ask for, rows P9 and P14; the lengths that they leave open are assumed."""


def with_policies(raw: dict[str, Any]) -> dict[str, Any]:
    """The file with what the policies say of activities that it names and tells nothing more of."""
    items = raw.get("activity", [])
    if not isinstance(items, list):
        return raw
    return raw | {"activity": [_with_policy(item) if isinstance(item, dict) else item for item in items]}


def _with_policy(item: dict[str, Any]) -> dict[str, Any]:
    name = item.get("name")
    return {**(POLICY_ACTIVITIES.get(name, {}) if isinstance(name, str) else {}), **item}
