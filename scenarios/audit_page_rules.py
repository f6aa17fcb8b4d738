"""Names of rules, what they ask and their articles as the audit's page and workbook tell them, in English or Chinese.

English stands in the rules themselves; a rule or a law that has no Chinese here goes by its own words.
"""

import re

from scenarios.report_data import Language

RULES: dict[str, tuple[str, str]] = {
    "availability": ("可用时间", "不得在本人不可用的时间排班。"),
    "average-weekly-hours": ("周平均工时", "参考期内每周平均工时不超过上限。"),
    "backup-call-outs": ("后备应召", "应召须符合后备组的时段、时长、次数与休息约定。"),
    "breaks-in-shift": ("班内休息", "工作达到一定时长的班次须有休息。"),
    "call-out-rest": ("应召后休息", "休息被应召打断后，下一班次前须有最低休息。"),
    "contract-days": ("合同工作天数", "每周出勤天数在合同的下限与上限之间。"),
    "contract-minutes": ("合同工时", "每周计薪工时在合同的下限与上限之间。"),
    "contract-shifts": ("合同班次", "只上合同载明的班次。"),
    "daily-hours": ("每日工时", "每日工作不超过上限，加班须有约定。"),
    "daily-span": ("每日跨度", "一天内首次上班至末次下班的跨度不超过上限。"),
    "days-in-a-row": ("连续工作天数", "连续出勤天数不超过上限。"),
    "days-off-in-period": ("周期休息日", "一定天数的周期内须有最低休息日数。"),
    "employment": ("在职期间", "只在在职日期内排班。"),
    "induction-no-cover": ("入职培训期不上线", "入职培训期的人员不接待客户。"),
    "known-people": ("人员名单", "排班中的人员均在名单内。"),
    "leave": ("休假", "休假期间不排班。"),
    "meal-timing": ("用餐时间", "工作达到一定时长的班次须按时开始用餐。"),
    "mentor-beside": ("导师同班", "带教期的人员只在导师身边、同一班次接待客户。"),
    "mentor-load": ("导师带教人数", "一名导师同时带教的新人不超过约定人数。"),
    "minimum-age": ("最低年龄", "未达最低年龄者不得工作。"),
    "monthly-overtime": ("每月加班", "每月加班不超过上限。"),
    "night-average": ("夜班人员平均工时", "夜班人员每日平均工时不超过上限。"),
    "night-count": ("夜班次数", "每周、每月或每年夜班次数不超过上限。"),
    "night-work": ("夜间工作", "含夜间工作的班次时长不超过上限。"),
    "nights-in-a-row": ("连续夜班", "连续夜班天数不超过上限。"),
    "no-night-work": ("禁止夜班", "班次不得进入夜间。"),
    "notice-of-change": ("变更通知", "班次及其变更须提前若干天告知。"),
    "on-call-days": ("待命天数", "每周、每月或每年待命天数不超过上限。"),
    "on-call-hours": ("待命时数", "每周、每月或每年待命时数不超过上限。"),
    "one-shift-a-day": ("每日一班", "一天内不排两个班次。"),
    "overlap": ("时间重叠", "同一人不得同时做两件事。"),
    "overtime-in-period": ("多月加班", "若干个月的加班合计不超过上限。"),
    "period-hours": ("周期总工时", "参考期内总工时不超过其工作日所允许的上限。"),
    "reduced-rest": ("缩短的休息", "班次间休息有最低要求，缩短的次数和幅度均受限。"),
    "rest-after-nights": ("夜班后休息", "连续夜班之后须有较长的休息。"),
    "rest-after-training": ("培训后休息", "培训与下一班次之间须有最低休息。"),
    "rest-between-shifts": ("班次间休息", "两个班次之间须有最低休息（按实际经过时间）。"),
    "rest-in-any-window": ("任意时段内休息", "任意若干天内须有最低时数的连续休息。"),
    "rest-in-each-day": ("每 24 小时休息", "自当日上班起的 24 小时内须有最低连续休息。"),
    "rotation-pattern": ("轮班模式", "按轮班模式规定的班次和休息日排班。"),
    "shift-template": ("班次模板", "班次的开始、时长和休息须符合模板。"),
    "skills": ("技能", "只在具备技能的队列工作。"),
    "special-day-ban": ("周日与节假日禁止工作", "周日、公共节假日或两者均不得工作。"),
    "special-day-quota": ("周日与节假日休息数", "一定时期内须有若干个周日或公共节假日休息。"),
    "split-shifts": ("分段班次", "一天的工作分段数及间隔不超出允许范围。"),
    "substitute-day": ("补休", "周日或公共节假日工作后，在其附近须有补休的工作日。"),
    "unbroken-work": ("连续工作时长", "无间歇的连续工作不超过上限。"),
    "weekly-day-off": ("每周休息日", "每个日历周须有整天的休息日。"),
    "weekly-hours": ("每周工时", "每个日历周的工时不超过上限及约定的加班。"),
    "weekly-rest": ("每周休息", "每个日历周内须有最低时数的连续休息。"),
}
SCOPES = {"minors": "未成年工", "protected": "受保护期"}
LAWS = (
    ("Labour Law of the PRC", "《劳动法》"),
    ("State Council regulations on working hours 1995", "《国务院关于职工工作时间的规定》（1995）"),
    ("Company policy", "公司制度"),
)


def rule_name(name: str, language: Language) -> str:
    """A rule's name for readers, with its scope.

    Examples
    --------
    >>> rule_name("daily-hours:minors", "zh"), rule_name("daily-hours:minors", "en")
    ('每日工时（未成年工）', 'daily-hours:minors')
    """
    if language == "en":
        return name
    kind, _, scope = name.partition(":")
    told = RULES.get(kind, (kind, ""))[0]
    return f"{told}（{SCOPES.get(scope, scope)}）" if scope else told


def rule_words(name: str, english: str, language: Language) -> str:
    """What a rule asks, in one sentence."""
    return english if language == "en" else RULES.get(name.partition(":")[0], ("", english))[1]


def law(source: str, language: Language) -> str:
    """Law and article; in Chinese by their Chinese names where they have them here, without what follows the colon.

    Examples
    --------
    >>> law("Labour Law of the PRC art. 38: at least one day off a week", "zh")
    '《劳动法》第38条'
    >>> law("Directive 2003/88/EC art. 3: 11 hours", "zh")
    'Directive 2003/88/EC art. 3: 11 hours'
    """
    parts = source.split("; ")
    if language == "en" or not all(part.startswith(tuple(english for english, _ in LAWS)) for part in parts):
        return source
    return "；".join(map(_chinese, parts))


def _chinese(part: str) -> str:
    article, _, rest = part.partition(":")
    for english, chinese in LAWS:
        article = article.replace(english, chinese)
    article = re.sub(r"\s*art\. (\d+)", r"第\1条", article).replace(", 第", "、第").replace(",第", "、第")
    article = re.sub(r",? reading \((.)\)", r"（解读 \1）", article)
    return article + ("（限值在 centre.toml 中设定）" if "limit set in centre.toml" in rest else "")
