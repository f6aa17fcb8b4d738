"""Pay classes and premiums in words that payroll reads, English and Chinese."""

WORDS = {
    "ordinary": ("ordinary time", "正常工时"),
    "paid_leave": ("paid leave", "带薪休假"),
    "on_call": ("standing by", "在家待命"),
    "overtime": ("overtime", "加班"),
    "overtime_over_60h": ("overtime beyond 60 hours a month", "月加班超60小时"),
    "overtime_second_step": ("overtime, second step", "加班第二档"),
    "double_time": ("double time", "双倍工时"),
    "rest_day": ("rest day worked", "休息日加班"),
    "public_holiday": ("statutory holiday worked", "法定节假日加班"),
    "regular_holiday": ("regular holiday worked", "法定节假日工作"),
    "regular_holiday_rest_day": ("regular holiday on a rest day", "休息日逢法定节假日"),
    "special_day": ("special day worked", "特别节日工作"),
    "special_rest_day": ("special day on a rest day", "休息日逢特别节日"),
    "missed_meal": ("missed meal", "未安排用餐"),
    "missed_rest": ("missed rest", "未安排小休"),
    "night": ("night", "夜班"),
    "may_day": ("1 May", "五一"),
}
OVERTIME_ON = "_overtime"


def in_words(name: str) -> str:
    """A pay class or premium, English and Chinese.

    Examples
    --------
    >>> in_words("special_day_overtime")
    'special day worked, overtime 特别节日工作加班'
    """
    kind = name.removesuffix(OVERTIME_ON) if name not in WORDS else name
    english, chinese = WORDS[kind]
    return f"{english} {chinese}" if kind == name else f"{english}, overtime {chinese}加班"
