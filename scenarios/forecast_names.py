"""What models, factors, days and festivals of a forecast are called, in English and Simplified Chinese."""

from collections.abc import Mapping
from typing import Any

from scenarios.report_data import Language
from scenarios.report_words import WEEKDAYS

Pair = tuple[str, str]
MODELS: dict[str, Pair] = {
    "structural": ("structural model", "结构模型"),
    "seasonal_naive": ("same weekday of the last week", "上周同日"),
    "weekday_mean_4": ("mean of the last 4 same weekdays", "近 4 周同日均值"),
    "weekday_mean_8": ("mean of the last 8 same weekdays", "近 8 周同日均值"),
    "weekday_median_8": ("median of the last 8 same weekdays", "近 8 周同日中位数"),
}
FACTORS: dict[str, Pair] = {
    "level": ("level", "水平"),
    "weekday": ("weekday", "星期"),
    "position in month": ("position in month", "月内位置"),
    "season": ("season", "季节"),
    "eight-week mean": ("eight-week mean", "八周均值"),
    "special day": ("special day", "特殊日"),
    "around festival": ("around festival", "节前节后"),
    "model": ("model", "模型"),
    "share of day": ("share of day", "占当日比例"),
    "event": ("event", "活动"),
    "agreement": ("agreement with groups", "与分组一致"),
}
CLASSES: dict[str, Pair] = {
    "ordinary": ("ordinary day", "普通日"),
    "statutory": ("public holiday", "法定节假日"),
    "rest": ("weekend beside a holiday", "节假日连休周末"),
    "bridged": ("bridged day off", "调休放假日"),
    "makeup": ("make-up workday", "调休上班日"),
    "eve": ("eve", "前一天"),
    "after": ("first workday after", "节后首个工作日"),
    "half_day": ("half day", "半天"),
    "closed": ("closed", "停业"),
    "event": ("day of an event", "活动日"),
}
OF_FESTIVAL: dict[str, Pair] = {
    "eve": ("eve of {}", "{}前一天"),
    "after": ("first workday after {}", "{}后首个工作日"),
}
FESTIVALS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-Sweeping Day": "清明节", "Labor Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-Autumn Festival": "中秋节", "National Day": "国庆节",
    "Thanksgiving Day": "感恩节", "Christmas Day": "圣诞节",
}  # fmt: skip


def name_of(names: Mapping[str, Pair], key: str, language: Language) -> str:
    """A name in a language; what has none stands as it is.

    Examples
    --------
    >>> name_of(MODELS, "seasonal_naive", "zh"), name_of(MODELS, "my own", "zh")
    ('上周同日', 'my own')
    """
    return names[key][language == "zh"] if key in names else key


def festival_name(festival: str, language: Language) -> str:
    """A festival in a language; names that the centre gave stand as they are."""
    return FESTIVALS.get(festival, festival) if language == "zh" else festival


def class_name(day_class: str, festival: str, language: Language) -> str:
    """A day's class and festival.

    Examples
    --------
    >>> class_name("eve", "National Day", "en"), class_name("makeup", "National Day", "zh")
    ('eve of National Day', '调休上班日（国庆节）')
    """
    if not festival:
        return name_of(CLASSES, day_class, language)
    told = festival_name(festival, language)
    if day_class in OF_FESTIVAL:
        return OF_FESTIVAL[day_class][language == "zh"].format(told)
    return name_of(CLASSES, day_class, language) + (f"（{told}）" if language == "zh" else f" ({told})")


def day_name(facts: Mapping[str, Any], language: Language) -> str:
    """A day of `scenarios.forecast_why.day_facts`: its class, festival, and what the calendar calls it where that tells more."""
    return class_name(str(facts["class"]), str(facts["festival"]), language)


def weekday_name(weekday: int, language: Language) -> str:
    """A weekday, Monday 0."""
    return WEEKDAYS[weekday][language == "zh"]
