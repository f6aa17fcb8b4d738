"""What the columns of other tools' exports are called, and what each of them is for us.

**Source:** the import and export pages of the makers: Genesys Cloud, *Prepare the historical data import .csv file*; Amazon
Connect, *Override a forecast* and *Import historical data*; Calabrio WFM (Teleopti), *Queue data file format*; NICE
IEX WFM, *Contact History Import File* and *CT Results Export Module*.
"""

import re
import unicodedata

COUNTS = ("offered", "handled", "abandoned", "within_target", "abandoned_short", "transferred_in")
BESIDE = "transferred_beside"
DURATIONS = ("aht", "handle_time")
PLACES = ("interval_start", "date", "time", "queue", "part", "interval")
HISTORY_ROLES = (*PLACES, *COUNTS, BESIDE, *DURATIONS)
"""What a column of a history can be. ``part`` parts a queue's contacts (media, skill set): rows that differ in it alone are added up.
``aht`` is seconds a contact, ``handle_time`` of all handled contacts; several columns of either are added (talk, hold, wrap-up).
``transferred_beside`` are contacts from another queue that the file does not count among ``offered``."""
SUMMED = ("offered", *DURATIONS)
"""Roles that several columns may have, which are added up."""
ORDERS = ("ymd", "dmy", "mdy")
"""Where day and month stand in a date."""
UNITS = {"seconds": 1.0, "milliseconds": 0.001, "minutes": 60.0, "hours": 3600.0, "clock": 1.0}
"""Seconds in one of each; ``clock`` is h:mm:ss or mm:ss."""

HEADINGS = {
    "interval_start": (
        "interval start utc date", "interval start", "interval_start", "timestamp", "start",
        "start time", "interval start time",
        "date time", "datetime", "date/time", "开始时间", "时间", "时段", "时间段", "统计时间", "日期时间", "时段开始",
    ),
    "date": ("date", "day", "date_from", "日期", "统计日期", "数据日期"),
    "time": ("time", "period", "interval time", "time of day", "时刻", "小时", "时间点"),
    "interval": ("intervalduration", "interval", "interval length", "interval duration", "间隔", "时段长度", "粒度"),
    "queue": (
        "queue", "queuename", "queue name", "queue_name", "ctname", "contact type",
        "queue tag", "skill", "split/skill", "skill group",
        "技能组", "队列", "业务", "业务线", "技能", "队列名称", "技能组名称",
    ),
    "part": ("media type", "channeltype", "channel", "skill set", "language", "渠道", "媒体类型", "语言"),
    "offered": (
        "offered", "incomingcontactvolume", "incoming contact volume", "contacts offered",
        "contacts received", "calls offered", "offered calls",
        "contacts queued", "volume", "呼入量", "来电量", "进线量", "呼入总量", "请求量", "会话量", "进线总量",
        "offd_direct_call_cnt",
    ),
    "handled": (
        "interactions handled", "contactshandled", "contacts handled", "handled", "answered",
        "calls answered", "calls handled",
        "接起量", "接听量", "应答量", "人工接起量", "接通量", "处理量", "answ_call_cnt",
    ),
    "abandoned": (
        "abandoned", "abandons", "contacts abandoned", "calls abandoned", "放弃量", "呼损量", "未接量", "排队放弃量", "aband_call_cnt",
    ),
    "within_target": (
        "within_target", "answered within service level", "contacts within service level",
        "within sl", "in service level",
        "服务水平内接起量", "时限内接起量", "20秒接起量", "20s接起量", "达标量", "ans_servicelevel_cnt",
    ),
    "abandoned_short": ("short abandons", "abandoned_short", "短时放弃量", "aband_short_call_cnt"),
    "transferred_in": ("transferred in", "transferred_in", "转入量"),
    "transferred_beside": ("overflow_in_call_cnt",),
    "aht": (
        "averagehandletime", "average handle time", "avg handle time", "aht", "aht_seconds",
        "平均处理时长", "平均处理时间", "平均服务时长", "人均处理时长",
    ),
    "handle_time": (
        "total handle time", "handle time", "handling time", "work time", "处理总时长", "总处理时长", "处理时长",
    ),
}  # fmt: skip
"""Role -> headings in lower case, without the unit in brackets."""
PARTS_OF_DURATIONS = {
    "aht": (
        "average talk time", "avg talk time", "average hold time", "avg hold time",
        "average acw time", "avg acw", "average after contact work time",
        "avg after call work", "平均通话时长", "平均通话时间", "平均保持时长", "平均话后时长", "平均话后处理时长",
        "平均整理时长",
    ),
    "handle_time": (
        "talk time", "hold time", "after call work", "after contact work time", "acw",
        "acw time", "wrap up", "wrap up time", "通话时长", "总通话时长",
        "保持时长", "总保持时长", "话后时长", "话后处理时长", "总话后时长", "整理时长", "talking_call_dur",
        "wrap_up_dur",
    ),
}  # fmt: skip
"""Headings of which several make up a role: talk, hold and after-call work."""
IGNORED = ("queueid", "queue id", "queue_id", "ctid", "序号", "tz", "timezone", "custid")
"""Known and not needed."""

CALABRIO = (
    "interval", "date", "time", "queue_id", "queue_name", "offd_direct_call_cnt", "overflow_in_call_cnt", "aband_call_cnt",
    "overflow_out_call_cnt", "answ_call_cnt", "queued_and_answ_call_dur", "queued_and_aband_call_dur", "talking_call_dur", "wrap_up_dur",
    "queued_answ_longest_que_dur", "queued_aband_longest_que_dur", "avg_avail_member_cnt", "ans_servicelevel_cnt", "wait_dur",
    "aband_short_call_cnt", "aband_within_sl_cnt",
)  # fmt: skip
"""The 21 fields of Calabrio's queue data file, which has no header."""
FORMATS = {
    "genesys": ("interval start utc date", "interactions handled"),
    "amazon-connect": ("queuename", "intervalduration", "incomingcontactvolume"),
    "nice": ("period", "contacts received"),
    "calabrio": ("offd_direct_call_cnt", "talking_call_dur"),
}
"""Format -> headings by which it is known; any other file is ``free``."""
FORMAT_NAMES = (*FORMATS, "free")
_BRACKETS = re.compile(r"[(\[（【]\s*([^)\]）】]*)\s*[)\]）】]")
_UNIT_WORDS = {
    "milliseconds": ("ms", "msec", "millisecond", "milliseconds", "毫秒"),
    "seconds": ("s", "sec", "secs", "second", "seconds", "秒"),
    "minutes": ("m", "min", "mins", "minute", "minutes", "分", "分钟"),
    "hours": ("h", "hour", "hours", "小时"),
    "clock": ("hh:mm:ss", "h:mm:ss", "mm:ss", "时:分:秒", "时分秒"),
}


def plain_heading(heading: str) -> str:
    """A heading in lower case, its widths made plain, without what stands in brackets.

    Examples
    --------
    >>> plain_heading("Total Handle Time (Seconds)"), plain_heading("平均处理时长（秒）")
    ('total handle time', '平均处理时长')
    """
    text = unicodedata.normalize("NFKC", heading).strip().lstrip("#").lower()
    return " ".join(_BRACKETS.sub(" ", text).split())


def unit_in(heading: str) -> str | None:
    """The unit that a heading names, in brackets or at its end.

    Examples
    --------
    >>> unit_in("AHT (ms)"), unit_in("aht_seconds"), unit_in("平均处理时长")
    ('milliseconds', 'seconds', None)
    """
    text = unicodedata.normalize("NFKC", heading).lower()
    told = {word.strip() for word in _BRACKETS.findall(text)} | set(re.split(r"[\s_]+", text)[-1:])
    return next((unit for unit, words in _UNIT_WORDS.items() if told & {*words}), None)
