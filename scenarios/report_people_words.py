"""Words of the report's section on people, in English and Simplified Chinese."""

WORDS: dict[str, tuple[str, str]] = {
    "nav_people": ("People", "人员"),
    "h_people": ("Requests, and hours on the queue", "申请与在线时间"),
    "p_requests": ("{granted} of {asked} requests are granted.", "{asked} 项申请中已满足 {granted} 项。"),
    "cap_refused": ("Refused requests", "未满足的申请"),
    "people_who": ("Agent", "坐席"),
    "people_wish": ("Asked for", "申请"),
    "people_why": ("Why not", "原因"),
    "people_off": ("a day off", "休息"),
    "people_on": ("work", "上班"),
    "people_cause_rule": ("No way of granting it keeps every rule: {rules}", "任何安排都会违反规则：{rules}"),
    "people_cause_cover": ("The rules would allow it; the hours are needed", "规则允许，但该时段需要人手"),
    "people_cause_not_offered": ("No such shift is offered that day", "当日没有该班次"),
    "people_left_out": ("and {count} more in requests_result.csv", "其余 {count} 项见 requests_result.csv"),
    "cap_online": (
        "Hours on the queue and contacts a day, means over days with queue work",
        "日均在线时间与接待量（按有排队工作的日期平均）",
    ),
    "people_team": ("Team", "团队"),
    "people_count": ("People", "人数"),
    "people_hours": ("Hours a day", "日均在线小时"),
    "people_hours_asked": ("asked for", "要求"),
    "people_contacts": ("Contacts a day", "日均接待量"),
    "people_contacts_asked": ("asked for", "要求"),
    "people_less": ("People with less", "未达到人数"),
}
