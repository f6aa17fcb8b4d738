"""Evidence and mends of findings as the words that HR reads, in English or Chinese."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from centre.instants import day_of, from_minutes
from scenarios.report_data import Language
from scheduler.evidence import ShiftTold
from scheduler.mend_words import Change
from scheduler.mends import MORE_THAN_ONE, NO_RULE, NO_SHIFT, NOT_ALONE, Advice
from scheduler.rules.rule import Violation

MOST_SHIFTS = 14
REASONS = {
    MORE_THAN_ONE: "需要不止一处改动",
    NO_SHIFT: "审查期内没有涉及的班次",
    NO_RULE: "所违反的规则不在给定规则中",
    NOT_ALONE: "仅看此人的排班未发现",
}


def shifts_told(shifts: Sequence[ShiftTold], zone: ZoneInfo, language: Language) -> tuple[str, ...]:
    """The shifts concerned: day, name and local times; of more than `MOST_SHIFTS` the first and how many more.

    Examples
    --------
    >>> shifts_told([(12331, 17_757_360, 17_757_870, "晚")], ZoneInfo("Asia/Shanghai"), "en")
    ('2003-10-06 晚 20:00–04:30 (+1)',)
    """
    told = tuple(_shift(*shift, zone) for shift in shifts[:MOST_SHIFTS])
    more = len(shifts) - len(told)
    return told if not more else (*told, f"另有 {more} 个班次" if language == "zh" else f"and {more} more")


@lru_cache(maxsize=65_536)  # a shift stands behind several findings
def _shift(day: int, start: int, end: int, name: str, zone: ZoneInfo) -> str:
    return " ".join(filter(None, (day_of(day).isoformat(), name, clocks(start, end, zone))))


def clocks(start: int, end: int, zone: ZoneInfo) -> str:
    """Local times from start to end, with the number of days in between."""
    begins, ends = from_minutes(start, zone), from_minutes(end, zone)
    over = (ends.date() - begins.date()).days
    return f"{begins:%H:%M}–{ends:%H:%M}" + (f" (+{over})" if over else "")


def mends_told(
    advice: Iterable[Advice], zones: Mapping[str, ZoneInfo], zone: ZoneInfo, language: Language
) -> dict[Violation, str]:
    """The smallest change for each breach in words, or why there is none."""
    told = {}
    for each in advice:
        if language == "en":
            told[each.violation] = each.mend.words if each.mend else f"None found: {each.reason}."
        elif each.mend:
            clock = zones.get(each.violation.agent_id, zone)
            changes = "；".join(_change(change, clock) for change in each.mend.changes)
            told[each.violation] = f"{changes}。已按全部 {each.mend.rules} 条规则复核。"
        else:
            told[each.violation] = f"未找到：{REASONS.get(each.reason, each.reason)}。"
    return told


def _change(change: Change, zone: ZoneInfo) -> str:
    """One change in Chinese."""
    minutes = abs(change.minutes)
    of_day = f"{day_of(change.day).isoformat()} 的班次 {clocks(*change.before, zone)}"
    if change.after is None:
        return f"{of_day} 取消或改由他人承担（{minutes} 分钟）"
    if change.pause is not None:
        start, end = change.pause
        length = f"{end - start} 分钟（增加 {minutes} 分钟）"
        return f"{of_day} 中 {from_minutes(start, zone):%H:%M} 起的休息为 {length}"
    later = change.minutes > 0
    how = {
        "start_later": "推迟 {} 分钟开始", "start_earlier": "提前 {} 分钟开始",
        "end_later": "推迟 {} 分钟结束", "end_earlier": "提前 {} 分钟结束",
        "move": "整体推后 {} 分钟" if later else "整体提前 {} 分钟",
    }[change.kind]  # fmt: skip
    return f"{of_day} 改为 {clocks(*change.after, zone)}（{how.format(minutes)}）"
