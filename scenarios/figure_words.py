"""Every figure of an answer in words: its name in English and Simplified Chinese, its unit, its group, and whether more is better."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from scenarios.report_data import Language
from scenarios.report_words import WORDS
from scheduler.cost import MONEY

Unit = Literal[
    "contacts", "agents", "people", "count", "shifts", "hours", "agent_hours", "seconds", "share", "money"
]
Group = Literal["demand", "requirement", "service", "rota", "cost", "weighing", "rest", "fairness"]
Better = Literal["more", "less", "neither"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""Groups in the order in which they are told."""
GROUP_WORDS: dict[Group, tuple[str, str]] = {
    "demand": ("Demand", "需求"),
    "requirement": ("Requirement", "人员需求"),
    "service": ("Service", "服务"),
    "rota": ("Rota", "排班"),
    "cost": ("Cost", "成本"),
    "weighing": ("What the rota is weighed by", "排班的权衡"),
    "rest": ("People and rest", "人员与休息"),
    "fairness": ("Fairness", "公平"),
}


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure as readers meet it; ``names`` are in English and Chinese, the English one as it stands within a sentence."""

    names: tuple[str, str]
    unit: Unit
    better: Better
    group: Group

    def name(self, language: Language) -> str:
        """As it stands at the head of a line."""
        name = self.names[language == "zh"]
        return name[:1].upper() + name[1:]

    def tone(self, difference: float) -> Literal["better", "worse", ""]:
        """What a difference to the baseline is; empty where it is none, not known, or neither.

        Examples
        --------
        >>> [figure_words("service_level").tone(change) for change in (0.1, -0.1, 0.0)]
        ['better', 'worse', '']
        """
        if not abs(difference) > 0 or self.better == "neither":
            return ""
        return "better" if (difference > 0) == (self.better == "more") else "worse"


FIGURES: dict[str, FigureWords] = {
    "contacts": FigureWords(("contacts", "联络量"), "contacts", "neither", "demand"),
    "required_hours": FigureWords(
        ("agent-hours required", "所需坐席小时"), "agent_hours", "less", "requirement"
    ),
    "to_roster_hours": FigureWords(
        ("agent-hours to roster", "应排坐席小时"), "agent_hours", "less", "requirement"
    ),
    "most_agents_required": FigureWords(
        ("agents required at most", "峰值所需坐席"), "agents", "less", "requirement"
    ),
    "service_level": FigureWords(("service level", "服务水平"), "share", "more", "service"),
    "asa_seconds": FigureWords(("mean wait (ASA)", "平均应答等待"), "seconds", "less", "service"),
    "abandonment": FigureWords(("abandonment", "放弃率"), "share", "less", "service"),
    "occupancy": FigureWords(("occupancy", "占用率"), "share", "neither", "service"),
    "simulated_service_level": FigureWords(
        ("simulated service level", "模拟服务水平"), "share", "more", "service"
    ),
    "simulated_asa_seconds": FigureWords(
        ("simulated mean wait (ASA)", "模拟平均应答等待"), "seconds", "less", "service"
    ),
    "simulated_abandonment": FigureWords(("simulated abandonment", "模拟放弃率"), "share", "less", "service"),
    "simulated_occupancy": FigureWords(("simulated occupancy", "模拟占用率"), "share", "neither", "service"),
    "agent_hours_short": FigureWords(("agent-hours short", "缺口坐席小时"), "agent_hours", "less", "rota"),
    "rostered_hours": FigureWords(("hours rostered", "排班工时"), "agent_hours", "neither", "rota"),
    "shifts": FigureWords(("shifts", "班次数"), "count", "neither", "rota"),
    "staffing_cost": FigureWords(("cost of the hours to roster", "应排工时成本"), "money", "less", "cost"),
    "paid_cost": FigureWords(("wages and premiums", "工资与津贴合计"), "money", "less", "cost"),
    "fixed_cost": FigureWords(("pay that contracts fix", "合同固定工资"), "money", "less", "cost"),
    "weighed_cost": FigureWords(("weighed cost in all", "加权总成本"), "money", "less", "weighing"),
    "bound_cost": FigureWords(
        ("least weighed cost of any rota", "任何排班的加权成本下界"), "money", "less", "weighing"
    ),
    "bound_controllable_cost": FigureWords(
        ("of it controllable", "其中可控部分"), "money", "less", "weighing"
    ),
    "gap": FigureWords(("gap to the bound", "与下界差距"), "share", "less", "weighing"),
    "people": FigureWords(("people", "人数"), "people", "neither", "rest"),
    "contract_hours": FigureWords(
        ("contract hours at most", "合同工时上限"), "agent_hours", "neither", "rest"
    ),
    "overtime_hours": FigureWords(("overtime hours", "加班工时"), "agent_hours", "less", "rest"),
    "call_outs": FigureWords(("call-outs", "后备应召次数"), "count", "less", "rest"),
    "least_rest_margin_hours": FigureWords(
        ("least rest beyond the minimum", "超出最低休息时间的最小值（全员）"), "hours", "more", "rest"
    ),
    "mean_rest_margin_hours": FigureWords(
        ("everybody's least rest beyond the minimum, on average", "各人超出最低休息时间的最小值之平均"),
        "hours",
        "more",
        "rest",
    ),
    "breaches": FigureWords(("rules broken", "违反规则"), "count", "less", "rest"),
    "spread_nights": FigureWords(
        ("nights, most less least per full time", "夜班最多与最少之差（按全职折算）"),
        "shifts",
        "less",
        "fairness",
    ),
    "spread_weekends": FigureWords(
        ("weekend shifts, most less least per full time", "周末班最多与最少之差（按全职折算）"),
        "shifts",
        "less",
        "fairness",
    ),
    "spread_holidays": FigureWords(
        ("holiday shifts, most less least per full time", "节假日班最多与最少之差（按全职折算）"),
        "shifts",
        "less",
        "fairness",
    ),
    "spread_lates": FigureWords(
        ("late shifts, most less least per full time", "晚班最多与最少之差（按全职折算）"),
        "shifts",
        "less",
        "fairness",
    ),
}
"""Figures with names of their own; those of `TERM` are made from the terms of cost."""
TERM = "cost_"
"""What the figures of single terms of a rota's cost begin with."""
TERM_WORDS = {"requests": WORDS["cost.refused_requests"], "mix": ("Mixes on duty not kept", "在岗要求未满足")}
"""Terms that are not in the report's words under their own names."""
TOLD = (
    "contacts", "required_hours", "to_roster_hours", "most_agents_required", "service_level", "asa_seconds", "staffing_cost", "people",
    "bound_cost", "agent_hours_short", "paid_cost", "overtime_hours", "call_outs", "breaches", "simulated_service_level",
    "simulated_asa_seconds",
)  # fmt: skip
"""Figures that sentences tell, in their order."""
COSTS = ("paid_cost", "staffing_cost")
"""What a plan costs, the figure that knows most first; a bound is weighed and no cost that is paid."""
SERVICES = ("simulated_service_level", "service_level")
"""The service that a plan gives, the figure that knows most first."""


def figure_words(name: str) -> FigureWords:
    """The words of a figure; KeyError where it has none.

    Examples
    --------
    >>> figure_words("cost_night").name("zh"), figure_words("cost_night").group
    ('夜班津贴', 'cost')
    """
    if name in FIGURES:
        return FIGURES[name]
    term = name.removeprefix(TERM)
    words = TERM_WORDS.get(term) or WORDS[f"cost.{term}"]
    return FigureWords(words, "money", "less", "cost" if term in MONEY else "weighing")


def told_order(names: Iterable[str]) -> list[str]:
    """Figures by their group, within it in the order of `FIGURES`; terms of cost after the others of theirs."""
    place = {name: k for k, name in enumerate(FIGURES)}
    return sorted(
        names, key=lambda name: (GROUPS.index(figure_words(name).group), place.get(name, len(place)))
    )
