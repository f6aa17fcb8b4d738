"""What notices say, in English and in simplified Chinese."""

from collections.abc import Iterator
from typing import Any

from api.notices.told import Told

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "rota.published": "Rota published: {days} days from {start}",
        "rota.changed": "Published rota changed: {days} days from {start}",
        "swap.asked": "Swap of shifts asked, to be accepted: {day}",
        "swap.agreed": "Swap of shifts agreed, to be approved: {day}",
        "swap.accepted": "Swap of shifts accepted: {day}",
        "swap.refused": "Swap of shifts refused: {day}",
        "leave.asked": "Leave asked, to be decided: from {day}",
        "leave.granted": "Leave granted: from {day}",
        "leave.refused": "Leave refused: from {day}",
        "call_out": "Backup called out: {pool}, {day}",
        "breach": "Rota published although it breaks rules: {days} days from {start}",
        "job.failed": "A job failed: {work}",
        "centre": "Centre: {0}",
        "object": "What: {0}",
        "version": "Version: {0}",
        "code": "Exit code: {0}",
        "of_all": "Breaches of the whole rota: {0}",
        "people": "People: {0}",
        "more": "... and {0} more",
        "is": ": ",
    },
    "zh": {
        "rota.published": "排班已发布：{start} 起 {days} 天",
        "rota.changed": "已发布的排班有变动：{start} 起 {days} 天",
        "swap.asked": "换班申请，待对方同意：{day}",
        "swap.agreed": "换班双方同意，待批准：{day}",
        "swap.accepted": "换班已批准：{day}",
        "swap.refused": "换班未批准：{day}",
        "leave.asked": "休假申请，待批准：{day} 起",
        "leave.granted": "休假已批准：{day} 起",
        "leave.refused": "休假未批准：{day} 起",
        "call_out": "已呼叫后备人员：{pool}，{day}",
        "breach": "排班违反规则仍已发布：{start} 起 {days} 天",
        "job.failed": "任务失败：{work}",
        "centre": "中心：{0}",
        "object": "对象：{0}",
        "version": "版本：{0}",
        "code": "退出码：{0}",
        "of_all": "整份排班的违规：{0}",
        "people": "人数：{0}",
        "more": "……另有 {0} 人",
        "is": "：",
    },
}
COUNTED: dict[str, dict[str, str]] = {
    "en": {
        "rota.published": "Days with a shift: {0}",
        "rota.changed": "Changed days: {0}",
        "call_out": "Calls: {0}",
        "breach": "Breaches about people: {0}",
    },
    "zh": {
        "rota.published": "有班天数：{0}",
        "rota.changed": "变动天数：{0}",
        "call_out": "呼叫次数：{0}",
        "breach": "涉及人员的违规：{0}",
    },
}
MOST_PEOPLE = 20
_PLAIN = str.maketrans("<>[]*`\\", "＜＞［］＊｀＼")


def title(told: Told, lang: str) -> str:
    """What happened, in one line."""
    key = told.kind
    if key == "swap.decided":
        key = "swap.accepted" if told.detail["accepted"] else "swap.refused"
    elif key == "leave.decided":
        key = "leave.granted" if told.detail["granted"] else "leave.refused"
    return flat(WORDS[lang][key].format(**told.detail))


def lines(told: Told, lang: str, most_people: int = MOST_PEOPLE) -> Iterator[str]:
    """The rest: centre, figures, and whose they are."""
    words, counted = WORDS[lang], COUNTED[lang].get(told.kind)
    yield words["centre"].format(flat(told.centre_name))
    yield words["object"].format(told.object)
    for key in ("version", "code", "of_all"):
        if key in told.detail:
            yield words[key].format(told.detail[key])
    if not told.people:
        return
    yield words["people"].format(len(told.people))
    if counted:
        yield counted.format(sum(told.people.values()))
    for who, count in list(told.people.items())[:most_people]:
        name = f" {flat(told.names[who])}" if who in told.names else ""
        yield flat(who) + name + (f"{words['is']}{count}" if counted else "")
    if len(told.people) > most_people:
        yield words["more"].format(len(told.people) - most_people)


def data(told: Told, lang: str) -> dict[str, Any]:
    """All of it for programs: ids, figures and, where the receiver may see them, names."""
    return {
        "type": told.kind,
        "timestamp": told.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "id": told.id,
            "title": title(told, lang),
            "centre": {"id": told.centre_id, "name": told.centre_name},
            "object": told.object,
            **told.detail,
            "people": [
                {"agent_id": who, "count": count} | ({"name": told.names[who]} if who in told.names else {})
                for who, count in told.people.items()
            ],
        },
    }


def flat(text: str) -> str:
    """A text as part of one line: what cannot be seen, line ends and turns of writing direction included, is a space.

    Examples
    --------
    >>> flat("two\\nlines")
    'two lines'
    """
    return "".join(each if each.isprintable() else " " for each in text)


def plain(text: str) -> str:
    """A text that no form of markdown takes for more than text: what would open a link, a tag or a mention stands full width.

    Examples
    --------
    >>> plain("<@all> [here](http://x)")
    '＜@all＞ ［here］(http://x)'
    """
    return text.translate(_PLAIN)
