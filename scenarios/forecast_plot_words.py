"""The words of the page about a forecast, in English and Simplified Chinese."""

from scenarios.report_data import Language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("{name}: forecast", "{name}：预测"),
    "contents": ("Queues", "队列"),
    "lead": (
        "{contacts} contacts on {days} days from {first}, made by the {model}.",
        "自 {first} 起 {days} 天共 {contacts} 次联络，由{model}预测。",
    ),
    "lead_wape": (
        " At {origins} earlier origins it was {wape} off by interval; {floor} would be chance alone.",
        "在 {origins} 个过去起点上，按时段误差 {wape}；其中仅偶然性约 {floor}。",
    ),
    "lead_untried": (
        " The history is too short to try it at earlier origins; bands are assumed.",
        "历史过短，未能回测；带宽为假定。",
    ),
    "h_days": ("By day", "逐日"),
    "p_days": (
        "Contacts of each day: what came, then what is expected with p10 to p90. Times in {zone}.",
        "每日联络量：实际与预测（p10 至 p90）。时间为 {zone}。",
    ),
    "h_week": ("The first week by interval", "首周逐时段"),
    "p_week": (
        "Contacts expected in each {minutes}-minute interval with p10 to p90; the grey line is the mean of the last four same weekdays.",
        "每 {minutes} 分钟时段的预测（p10 至 p90）；灰线为近 4 周同日均值。",
    ),
    "h_profiles": ("How a day spreads over its hours", "一天内的分布"),
    "p_profiles": (
        "Share of the day in each interval, by weekday: the forecast's profile, and in grey what came on the last eight such days.",
        "各星期每时段占当日比例：预测所用分布；灰线为近 8 个同日实际。",
    ),
    "h_accuracy": ("How far off each model was", "各模型误差"),
    "p_accuracy": (
        "Absolute errors by interval over contacts, at {origins} earlier origins. The dashed line is what chance alone makes "
        "of it: no model can be expected to get below.",
        "{origins} 个过去起点上按时段的绝对误差占联络量之比。虚线为仅由偶然性造成的误差，任何模型都难以更低。",
    ),
    "h_special": ("Special days", "特殊日"),
    "p_special": (
        "Contacts against an ordinary such weekday, as learned; one that was never seen takes the effect of its class.",
        "相对于同星期普通日的联络量；未见过的特殊日取其类别的影响。",
    ),
    "h_around": ("Days around festivals", "节前节后"),
    "p_around": (
        "What is left on the days before and after the first day of a festival, beside weekday and class of day.",
        "节日首日前后各天在星期与类别之外的影响。",
    ),
    "h_events": ("Events", "活动"),
    "p_events": (
        "Contacts over those without the event, on average over its days, with p10 to p90.",
        "相对于无活动时的联络量变化（活动期平均），含 p10 至 p90。",
    ),
    "h_factors": ("Each day's factors", "逐日分解"),
    "p_factors": (
        "The level is the contacts of a usual working day; times the factors it gives the forecast.",
        "水平为普通工作日的联络量，乘以各因子即为预测。",
    ),
    "more_days": ("The first {shown} of {days} days.", "仅列 {days} 天中的前 {shown} 天。"),
    "no_factors": ("This model does not tell factors.", "该模型不给出分解。"),
    "other_special": ("Other special days learned", "其他已学得的特殊日"),
    "closed": ("closed", "不营业"),
    "no_special": ("No special day in history or horizon.", "历史与预测期内没有特殊日。"),
    "k_history": ("what came", "实际"),
    "k_forecast": ("forecast", "预测"),
    "k_band": ("p10 to p90", "p10 至 p90"),
    "k_special": ("special day", "特殊日"),
    "k_planned": ("planned with, after finance and planner", "人工调整后采用"),
    "k_before": ("mean of the last four", "近 4 周均值"),
    "day": ("Day", "日期"),
    "kind": ("Day is", "日类型"),
    "against": ("Against an ordinary weekday", "相对普通同日"),
    "seen": ("Days seen", "见过天数"),
    "ahead": ("In this forecast", "本次预测中"),
    "name": ("Event", "活动"),
    "uplift": ("Change", "变化"),
    "range": ("p10 to p90", "p10 至 p90"),
    "source": ("Known from", "来源"),
    "occurrences": ("Past ones", "过往次数"),
    "s_learned": ("learned", "学得"),
    "s_stated": ("stated", "填写"),
    "s_both": ("stated; the past says {learned}", "填写；过往为 {learned}"),
    "s_unknown": ("nobody", "未知"),
    "level": ("Level", "水平"),
    "weekday": ("Weekday", "星期"),
    "position in month": ("Position in month", "月内位置"),
    "season": ("Season", "季节"),
    "eight-week mean": ("Eight-week mean", "八周均值"),
    "special day": ("Special day", "特殊日"),
    "around festival": ("Around festival", "节前节后"),
    "hours": ("Opening hours", "营业时段"),
    "events": ("Events", "活动"),
    "agreement": ("Groups", "分组"),
    "forecast": ("Forecast", "预测"),
    "planned": ("Planned", "采用"),
    "chance": ("chance alone {share}", "仅偶然 {share}"),
    "alt_days": (
        "Chart: contacts by day; the table of factors has the numbers",
        "图：逐日联络量，数字见分解表",
    ),
    "alt_week": ("Chart: contacts by interval of the first week", "图：首周逐时段联络量"),
    "alt_profile": ("Chart: share of the day by interval, {weekday}", "图：{weekday}每时段占比"),
    "alt_accuracy": ("Chart: error of each model", "图：各模型误差"),
    "alt_around": ("Chart: effect by day around {festival}", "图：{festival}前后各天影响"),
    "made_by": ("Made by Paiban {version}", "由 Paiban {version} 生成"),
}


def words(language: Language) -> dict[str, str]:
    """Every text by its key.

    Examples
    --------
    >>> words("zh")["planned"]
    '采用'
    """
    return {key: pair[language == "zh"] for key, pair in WORDS.items()}
