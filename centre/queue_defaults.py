"""Targets that a preset brings to queues which tell none: company policies as settings, each with its row.

A queue's role follows from what it is and who feeds it. A target that the centre tells itself always holds,
and every one taken from here is told to the user.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from centre.model import FollowUp, Queue

Role = Literal["chat", "second line", "complaints", "complaint case"]


@dataclass(frozen=True, slots=True)
class QueueDefault:
    """One setting for queues of one role; ``source`` is the row of the policy it comes from."""

    setting: Literal["target_seconds", "target_hours"]
    value: float
    source: str


QUEUE_DEFAULTS: dict[str, dict[Role, QueueDefault]] = {
    "customer-service": {
        "chat": QueueDefault("target_seconds", 30, "policy P1"),
        "second line": QueueDefault("target_seconds", 120, "policy P2"),
        "complaints": QueueDefault("target_seconds", 300, "policy P6"),
        "complaint case": QueueDefault("target_hours", 24, "policy P6"),
    },
}
"""Preset -> role -> its default; the share to be met is ``target_share`` of the queue, 80 % where not told."""


def with_defaults(
    queues: Sequence[Queue], follow_ups: Iterable[FollowUp], presets: Collection[str]
) -> list[tuple[Queue, str]]:
    """The queues without a target to which a preset in force brings one, and the sentence that tells it.

    Examples
    --------
    >>> [(queue, note)] = with_defaults([Queue("chat", "chat")], [], ["customer-service"])
    >>> queue.target_seconds, note
    (30, 'queue chat: target_seconds 30 (preset customer-service, policy P1)')
    """
    taking = {queue.name for queue in queues if queue.complaints}
    second_lines = {queue.transfer_to for queue in queues}
    cases = {follow_up.to for follow_up in follow_ups if follow_up.queue in taking}
    found = []
    for queue in queues:
        role = _role(queue, second_lines, cases)
        preset = next((name for name in presets if role in QUEUE_DEFAULTS.get(name, {})), None)
        if role and preset:
            default = QUEUE_DEFAULTS[preset][role]
            told = f"{default.setting} {default.value:g} (preset {preset}, {default.source})"
            found.append((_with(queue, default), f"queue {queue.name}: {told}"))
    return found


def _role(queue: Queue, second_lines: Collection[str], cases: Collection[str]) -> Role | None:
    """What kind of queue this is, if it tells no target of its own."""
    if queue.target_seconds is not None or queue.deferred:
        return None
    if queue.channel not in ("voice", "chat"):
        return "complaint case" if queue.channel == "case" and queue.name in cases else None
    if queue.complaints:
        return "complaints"
    if queue.name in second_lines:
        return "second line"
    return "chat" if queue.channel == "chat" else None


def _with(queue: Queue, default: QueueDefault) -> Queue:
    if default.setting == "target_seconds":
        return replace(queue, target_seconds=default.value)
    return replace(queue, target_hours=default.value)
