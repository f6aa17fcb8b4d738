"""What an event of a calendar means: whose it is, and which activity."""

import re
from collections.abc import Iterator
from typing import Any

from centre.activities import OFF_QUEUE

OFF = ("off", "day off", "rest day", "free", "休", "休息日", "轮休", "调休", "公休", "不上班")
LEAVE = ("leave", "vacation", "holiday", "sick", "absence", "time off", "pto", "休假", "请假")
KINDS = {
    "meal": ("meal", "lunch", "dinner", "用餐", "午餐", "晚餐", "午饭", "晚饭", "午休"),
    "break": ("break", "休息", "小休"),
    "training": ("training", "培训"),
    "meeting": ("meeting", "会议", "例会", "晨会", "周会", "站会"),
    "coaching": ("coaching", "辅导"),
    "checks": ("checks", "质检", "录音抽检"),
    "exam": ("exam", "考试", "考核"),
    "admin": ("admin", "行政事务"),
    "lead": ("lead", "主持", "带训"),
    "on_call": ("on_call", "on-call", "on call", "standby", "待命", "备班"),
    "call_out": ("call_out", "call-out", "call out"),
    "backup": ("backup", "支援"),
    "work": ("work", "shift", "上班", "班次"),
}
_NAMED = re.compile(r"\s*([\w.\-@+]+)\s*[:：]\s*(.+)", re.DOTALL)


def kind_of(event: Any, label: str, all_day: bool) -> str:
    """The activity of an event; ``off`` for a day off, ``leave``, empty for a whole day that is neither.

    Categories speak before the label, which is the summary without the person.
    """
    for text in (*_categories(event), label):
        plain = text.strip().lower()
        head = plain.partition(":")[0].partition("：")[0].strip()
        if plain in OFF:
            return "off"
        if head in LEAVE or plain in LEAVE or plain.endswith("假"):
            return "leave"
        if all_day and plain == "休息":
            return "off"
        for kind, words in KINDS.items():
            if head in words or any(w in plain for w in words if not w.isascii() and kind != "work"):
                named = re.split("[:：]", text.strip(), maxsplit=1)
                what = named[1].strip() if len(named) > 1 else label.strip()
                return _activity(kind, what, all_day)
    return "" if all_day else "work:*"


def people_of(calendar: Any, event: Any, stem: str) -> tuple[list[str], str]:
    """Whose an event is and its label: X-PAIBAN-AGENT, attendees, ``agent_id: shift``, organiser, file name."""
    summary = str(event.get("SUMMARY", ""))
    named = _NAMED.fullmatch(summary)
    if named and _is_word(named[1]):
        named = None
    label = named[2] if named else summary
    for source in (event, calendar):
        if "X-PAIBAN-AGENT" in source:
            return [str(source["X-PAIBAN-AGENT"]).strip()], label
    attending = list(_attending(event))
    if attending:
        return attending, label
    if named:
        return [named[1]], label
    organiser = event.get("ORGANIZER")
    return [_mailbox(organiser) if organiser else stem], label


def _is_word(text: str) -> bool:
    """Whether a text says what an event is rather than whose."""
    plain = text.lower()
    return plain in OFF or plain in LEAVE or any(plain in words for words in KINDS.values())


def _activity(kind: str, what: str, all_day: bool) -> str:
    if kind == "work":
        return "" if all_day else "work:*"
    if kind in OFF_QUEUE:
        return f"{kind}:{what}" if what else kind
    return kind


def _attending(event: Any) -> Iterator[str]:
    """The mailboxes of those who have not declined."""
    told = event.get("ATTENDEE", [])
    for one in told if isinstance(told, list) else [told]:
        if str(one.params.get("PARTSTAT", "")).upper() != "DECLINED":
            yield _mailbox(one)


def _mailbox(address: Any) -> str:
    """The part of an address before the @."""
    return re.sub(r"(?i)^mailto:", "", str(address)).partition("@")[0].strip()


def _categories(event: Any) -> list[str]:
    told = event.get("CATEGORIES", [])
    groups = told if isinstance(told, list) else [told]
    return [str(word) for group in groups for word in getattr(group, "cats", [group])]
