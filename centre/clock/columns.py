"""The columns of clock records in English and Chinese, and the words of their events."""

HEADINGS = {
    "agent_id": ("工号", "员工编号", "员工号", "employee_id", "employee", "agent"),
    "clock_in": ("上班时间", "上班打卡", "上班打卡时间", "签到时间", "开始时间", "clock in", "time_in"),
    "clock_out": ("下班时间", "下班打卡", "下班打卡时间", "签退时间", "结束时间", "clock out", "time_out"),
    "time": ("时间", "打卡时间", "timestamp"),
    "event": ("事件", "打卡类型", "类型"),
    "day": ("日期", "考勤日期", "date"),
    "activity": ("活动",),
    "paid": ("带薪", "是否带薪"),
    "shift": ("班次",),
    "site": ("站点", "职场", "地点"),
    "timezone": ("时区",),
}
"""Column of ours -> headings under which other tools write it, in lower case."""
OTHER_NAMES = {
    **{heading: name for name, headings in HEADINGS.items() for heading in headings},
    **{name: name for name in HEADINGS},
    "start": "clock_in",
    "end": "clock_out",
}
IN, OUT, BREAK_START, BREAK_END = "in", "out", "break_start", "break_end"
EVENTS = {
    IN: ("clock_in", "login", "上班", "签到", "上班打卡"),
    OUT: ("clock_out", "logout", "下班", "签退", "下班打卡"),
    BREAK_START: ("break start", "休息开始", "开始休息"),
    BREAK_END: ("break end", "休息结束", "结束休息"),
}
EVENT_OF = {word: event for event, words in EVENTS.items() for word in (event, *words)}
ANY_STYLE = ("agent_id",)
OPTIONAL = tuple(name for name in HEADINGS if name != "agent_id")


def is_clock_header(names: list[str]) -> bool:
    """Whether a header row is that of clock records and not of ``rota.csv``.

    Examples
    --------
    >>> is_clock_header(["工号", "上班时间", "下班时间"])
    True
    >>> is_clock_header(["agent_id", "day", "start", "end", "activity", "shift", "paid"])
    False
    """
    plain = [name.strip().lower() for name in names]
    if {"start", "end"} & set(plain) and {"day", "activity"} & set(plain):
        return False  # rota.csv, or one that lacks columns
    ours = {OTHER_NAMES.get(name, "") for name in plain}
    return "agent_id" in ours and bool({"clock_in", "clock_out"} <= ours or {"time", "event"} <= ours)
