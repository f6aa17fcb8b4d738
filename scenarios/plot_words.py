"""The words of the page about a requirement, in English and Simplified Chinese."""

from scenarios.report_data import Language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("{centre}: agents required", "{centre}：所需坐席"),
    "skip": ("Skip to the content", "跳到正文"),
    "theme": ("Light or dark", "浅色或深色"),
    "print": ("Print", "打印"),
    "nav_interval": ("One interval", "单个时段"),
    "nav_days": ("By day", "逐日"),
    "queue": ("Queue", "队列"),
    "day": ("Day", "日期"),
    "all_queues": ("All queues", "全部队列"),
    "agents": ("Agents", "坐席数"),
    "contacts": ("Contacts", "联络量"),
    "needed": ("Agents required", "所需坐席"),
    "roster": ("To roster, with unplanned shrinkage", "应排坐席（含计划外损耗）"),
    "hours_needed": ("Agent-hours required", "所需坐席小时"),
    "hours_roster": ("Agent-hours to roster", "应排坐席小时"),
    "peak": ("Peak", "峰值"),
    "service": ("Service level", "服务水平"),
    "abandonment": ("Abandonment", "放弃率"),
    "occupancy": ("Occupancy", "占用率"),
    "asa": ("Mean wait of the answered", "平均应答等待"),
    "misses": ("Misses", "未达"),
    "nothing": ("nothing", "无"),
    "endless": ("endless", "无限"),
    "target": ("Limit", "限值"),
    "required": ("required", "所需"),
    "miss_service_level": ("service level", "服务水平"),
    "miss_asa_seconds": ("mean wait", "平均等待"),
    "miss_abandonment": ("abandonment", "放弃率"),
    "miss_occupancy": ("occupancy", "占用率"),
    "miss_minimum_agents": ("stated minimum", "规定下限"),
    "came": ("Comes in", "新到"),
    "own": ("Done by own agents", "本队完成"),
    "idle": ("Done in others' idle time", "利用他队空闲完成"),
    "waiting": ("Waiting at the end", "时段末待办"),
    "minutes": ("Minutes of work", "工作分钟数"),
    "h_service": ("Service against agents", "服务水平与坐席数"),
    "h_work": ("Work that may wait", "可延后工作"),
    "h_days": ("Agents required by day and queue", "逐日逐队列所需坐席"),
    "promise": ("{share} within {time}", "{time} 内 {share}"),
    "p_service": (
        "{agents} agents are the fewest that meet every limit; promised is {promise}. Dashed lines are limits.",
        "满足全部限值的最少坐席为 {agents} 人；承诺为 {promise}。虚线为限值。",
    ),
    "p_team": (
        " They answer {others} too; {own} of them are told on this queue.",
        "他们也接待 {others}；其中 {own} 人计入本队列。",
    ),
    "p_work": (
        "{agents} agents of its own in the marked interval: {came} minutes of work come in, own agents do {own}, "
        "{idle} are done in others' idle time, {waiting} wait at the end.",
        "标记时段本队坐席 {agents} 人：新到 {came} 分钟工作，本队完成 {own} 分钟，"
        "利用他队空闲完成 {idle} 分钟，时段末待办 {waiting} 分钟。",
    ),
    "p_days": (
        "Agents at their desks in every {minutes}-minute interval, queue upon queue, and the contacts that reach them. "
        "The line is what the rota must hold so that so many are there. Times in {zone}.",
        "每 {minutes} 分钟时段在席坐席数，按队列叠加，下方为到达坐席的联络量。折线为排班所需人数（含计划外损耗）。时间为 {zone}。",
    ),
    "no_rows": ("The requirement has no rows.", "需求表没有数据行。"),
    "alt_interval": (
        "Chart: figures of one interval; the table below has the numbers",
        "图：单个时段的数据，数字见下表",
    ),
    "alt_days": (
        "Chart: agents required and contacts over the day; the table below has the sums",
        "图：当日所需坐席与联络量，合计见下表",
    ),
    "cap_interval": ("A few agents fewer and more", "增减几名坐席"),
    "cap_days": ("Sums of the day", "当日合计"),
    "made_by": ("Made by Paiban {version}", "由 Paiban {version} 生成"),
}


def words(language: Language) -> dict[str, str]:
    """Every text by its key.

    Examples
    --------
    >>> words("zh")["agents"]
    '坐席数'
    """
    return {key: pair[language == "zh"] for key, pair in WORDS.items()}
