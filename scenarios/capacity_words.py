"""The words of a capacity plan, on the page and at the command line, in English and Simplified Chinese."""

from scenarios.report_data import Language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("{name}: capacity plan", "{name}：人力容量计划"),
    "lead": (
        "{weeks} weeks from {first}: {people} people hired in {classes} starts, first decision by {decide}. "
        "Expected cost {money}, of which {today} are wages of people employed today.",
        "自 {first} 起 {weeks} 周：分 {classes} 批招聘 {people} 人，首个决定须在 {decide} 前作出。"
        "预期成本 {money}，其中现有人员工资 {today}。",
    ),
    "lead_none": (
        "{weeks} weeks from {first}: nobody is to be hired. Expected cost {money}, of which {today} are wages of people employed today.",
        "自 {first} 起 {weeks} 周：无需招聘。预期成本 {money}，其中现有人员工资 {today}。",
    ),
    "short": (
        "Expected hours short: {short} of {required} required ({share}); overtime {overtime} h, backup {backup} h.",
        "预期缺口 {short} 小时（需求 {required} 小时，占 {share}）；加班 {overtime} 小时，后备 {backup} 小时。",
    ),
    "nobody": (
        "If nobody were hired: {short} hours short ({share}), spending {money}; shortage priced in, the plan is better by {better}.",
        "若不招聘：缺口 {short} 小时（{share}），支出 {money}；计入缺口代价后，本计划优 {better}。",
    ),
    "proof": (
        "No plan can be better by more than {gap} of the cost that hiring and buffers decide ({status}, {solver}).",
        "在招聘与缓冲所决定的成本上，任何计划至多再好 {gap}（{status}，{solver}）。",
    ),
    "s_optimal": ("searched to the end", "已搜索完毕"),
    "s_feasible": ("ended by its work limit", "因工作量上限而止"),
    "s_fallback": ("solvers failed: nobody is hired", "求解器失败：不招聘"),
    "checked": (
        "Checked: people, hours and money were counted again week by week, and agree.",
        "已核查：逐周重新计算人数、工时与费用，结果一致。",
    ),
    "not_checked": ("The plan does not stand the check: {fault}", "计划未通过核查：{fault}"),
    "limits_clash": (
        "The limit on shortage is not kept: {hours} expected hours beyond it, in {weeks} weeks from {first} to {last}, "
        "up to {most} h a week.",
        "缺口上限未能满足：预期超出 {hours} 小时，涉及 {first} 至 {last} 之间的 {weeks} 周，单周最多 {most} 小时。",
    ),
    "way_share": (
        "Way out: an allowed_share of {share}, or {most} h a week more of backup in those weeks, would do with these hires.",
        "出路：将 allowed_share 设为 {share}，或在这些周每周增加后备 {most} 小时，即可在现有招聘下满足。",
    ),
    "way_budget": (
        "Without the budget {hours} hours beyond the limit would remain; that takes {money} more.",
        "若无预算限制，超限缺口为 {hours} 小时，需多支出 {money}。",
    ),
    "way_early": (
        "Up to the week of {day} no class can be at work yet: lead time and training come first.",
        "{day} 当周之前任何新班都无法上岗：须先经过提前期与培训。",
    ),
    "unpaid": (
        "Budget {name} does not pay even the people employed today: {money} are missing.",
        "预算 {name} 连现有人员工资都不够：缺 {money}。",
    ),
    "no_early": ("No class can be at work within this plan.", "本计划期内任何新班都无法上岗。"),
    "why_saves": (
        "Without it, from the week of {first} to that of {last}: {parts} more expected. It saves {money} after its own cost.",
        "若无此班，{first} 当周至 {last} 当周预期多出：{parts}。扣除自身成本后节省 {money}。",
    ),
    "why_limit": (
        "Without it, from the week of {first} to that of {last}: {parts} more expected. It costs {money} more than it saves, "
        "and is hired to keep the limit on shortage: {beyond} h fewer beyond it.",
        "若无此班，{first} 当周至 {last} 当周预期多出：{parts}。成本比节省多 {money}，其目的是守住缺口上限：超限少 {beyond} 小时。",
    ),
    "why_even": (
        "Of little consequence: with it or without, the cost is the same but for {money}, within what the search leaves open.",
        "影响甚微：有无此班，成本相差仅 {money}，在搜索未定的范围内。",
    ),
    "why_wait": (
        " Decided {lead} weeks ahead, {training} weeks in training.",
        "提前 {lead} 周决定，培训 {training} 周。",
    ),
    "p_overtime": ("{hours} h overtime", "加班 {hours} 小时"),
    "p_backup": ("{hours} h backup", "后备 {hours} 小时"),
    "p_short": ("{hours} h short", "缺口 {hours} 小时"),
    "and": (", ", "、"),
    "h_chart": ("Hours required and hours there", "需求工时与可用工时"),
    "p_chart": (
        "Hours a week. The band spans the scenarios ({scenarios}), the line is their mean; what is there is shown for the mean. "
        "Triangles: classes that start.",
        "每周工时。阴影为各情景（{scenarios}）的范围，线为其均值；可用工时按均值。三角：开班。",
    ),
    "h_people": ("Headcount", "人数"),
    "p_people": (
        "People at the start of each week with the plan, and if nobody is hired. Attrition takes expected fractions.",
        "各周初人数：按计划，及不招聘时。流失按期望值计，故有小数。",
    ),
    "h_hires": ("Whom to hire when", "何时招聘何人"),
    "no_hires": ("Nobody.", "无。"),
    "h_scenarios": ("Scenarios", "情景"),
    "h_quarters": ("Quarter by quarter", "分季度"),
    "h_clash": ("Limits that clash", "互相冲突的限制"),
    "h_groups": ("Groups", "人员组"),
    "k_required": ("required, mean", "需求均值"),
    "k_band": ("required, all scenarios", "各情景需求"),
    "k_supply": ("own hours", "自有工时"),
    "k_overtime": ("overtime", "加班"),
    "k_backup": ("backup", "后备"),
    "k_short": ("short", "缺口"),
    "k_nobody": ("own hours, nobody hired", "不招聘时自有工时"),
    "k_plan": ("with the plan", "按计划"),
    "k_without": ("nobody hired", "不招聘"),
    "decide": ("Decide by", "决定期限"),
    "start": ("Starts", "开班"),
    "class": ("Class", "班"),
    "people": ("People", "人数"),
    "hiring": ("Hiring cost", "招聘成本"),
    "why": ("Why then", "为何此时"),
    "scenario": ("Scenario", "情景"),
    "weight": ("Weight", "权重"),
    "quarter": ("Quarter", "季度"),
    "required": ("Required h", "需求工时"),
    "own": ("Own h", "自有工时"),
    "overtime": ("Overtime h", "加班工时"),
    "backup": ("Backup h", "后备工时"),
    "short_h": ("Short h", "缺口工时"),
    "beyond": ("Beyond limit h", "超限工时"),
    "money": ("Spent", "支出"),
    "nobody_short": ("Short h, nobody hired", "不招聘缺口"),
    "heads": ("Headcount at start", "期初人数"),
    "hired": ("Hired", "招聘"),
    "left": ("Leave", "离职"),
    "group": ("Group", "组"),
    "first_heads": ("First week", "首周"),
    "last_heads": ("Last week", "末周"),
    "alt_chart": ("Chart: hours by week; capacity.csv has the numbers", "图：逐周工时，数字见 capacity.csv"),
    "alt_people": ("Chart: headcount by week; staff.csv has the numbers", "图：逐周人数，数字见 staff.csv"),
    "made_by": ("Made by Paiban {version}", "由 Paiban {version} 生成"),
}


def words(language: Language) -> dict[str, str]:
    """Every text by its key.

    Examples
    --------
    >>> words("zh")["k_overtime"]
    '加班'
    """
    return {key: pair[language == "zh"] for key, pair in WORDS.items()}
