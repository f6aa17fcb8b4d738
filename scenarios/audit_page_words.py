"""The words of an audit's page and workbook, in English and Simplified Chinese."""

from scenarios.report_data import Language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Audit of rest and working time", "休息与工时审查"),
    "title_of": ("Audit: {name}", "审查：{name}"),
    "skip": ("Skip to content", "跳至正文"),
    "sections": ("Sections", "目录"),
    "nav_overview": ("Overview", "概览"),
    "nav_rules": ("By rule", "按规则"),
    "nav_teams": ("Teams and weeks", "班组与周"),
    "nav_people": ("By person", "按人员"),
    "nav_unchecked": ("Not checked", "未检查"),
    "nav_basis": ("Basis", "依据"),
    "made_by": ("Made with Paiban {version}", "由 Paiban {version} 生成"),
    # the verdict in one sentence
    "say_breaches": (
        "{people_broken} of {people} people have {breaches} in {shifts} shifts judged",
        "共审查 {people} 人、{shifts} 个班次，其中 {people_broken} 人共有 {breaches}",
    ),
    "say_none": (
        "No breach was found in {shifts} shifts of {people} people",
        "共审查 {people} 人、{shifts} 个班次，未发现违规",
    ),
    "say_rest": (", {minutes} of rest missing in all", "，合计缺少休息 {minutes}"),
    "say_near": ("; {count} near a limit", "；{count} 处接近限值"),
    "say_excepted": ("; {count} covered by a recorded exception", "；{count} 处有备案的例外"),
    "say_unchecked": (
        "; {count} could not be checked, see below.",
        "；{count} 项未能检查，见下文。",
    ),
    "say_end": (".", "。"),
    "one_breach": ("1 breach", "1 处违规"),
    "breaches": ("{count} breaches", "{count} 处违规"),
    "tile_people": ("People", "人员"),
    "tile_shifts": ("Shifts", "班次"),
    "tile_breaches": ("Breaches", "违规"),
    "tile_broken": ("People with breaches", "有违规的人员"),
    "tile_rest": ("Rest missing", "缺少的休息"),
    "tile_near": ("Near a limit", "接近限值"),
    "tile_unchecked": ("Not checked", "未检查"),
    "sub_days": ("{days} days", "{days} 天"),
    "sub_share": ("{share} of all", "占全部 {share}"),
    "sub_rules": ("of {rules} rules", "涉及 {rules} 条规则"),
    "sub_rest": ("counted once where laws agree", "多部法律要求相同时只计一次"),
    "sub_near": ("within {minutes} min", "余量不超过 {minutes} 分钟"),
    "sub_near_off": ("not looked for (--near)", "未查找（--near）"),
    "sub_unchecked": ("never counted as kept", "不视为合规"),
    "times": ("Times are those of {zone}.", "时间为 {zone} 时区。"),
    "own_clocks": (
        " People with another clock have it named beside their times.",
        "时区不同的人员，其时间旁另行注明。",
    ),
    # by rule
    "h_rules": ("By rule", "按规则"),
    "p_rules": (
        "Every rule in force, also where nothing was found. A rule without breaches is kept only as far as it "
        "could be checked. Where several of a kind are in force, the strictest binds.",
        "列出全部生效规则，包括没有发现问题的。没有违规仅表示在可检查的范围内合规。同类规则并存时，以最严者为准。",
    ),
    "h_binding": (
        "Where several rules ask for the same, the strictest binds",
        "多条规则并存时，以最严者为准",
    ),
    "binds": ("binds", "以此为准"),
    "laxer": ("follows from {source}", "已包含于 {source}"),
    "also": ("also", "同时违反"),
    # by team, week
    "h_teams": ("By team", "按班组"),
    "h_weeks": ("By week", "按周"),
    "p_weeks": (
        "Breaches by the week of the shift concerned; those of longer periods count in the week in which the period "
        "ends.",
        "按涉及班次所在的周统计；较长周期计入其结束的那一周。",
    ),
    "alt_weeks": (
        "Bar chart of breaches by week; the table below gives the figures.",
        "每周违规柱状图；数据见下表。",
    ),
    "no_team": ("(no team known)", "（班组未知）"),
    # by person
    "h_people": ("By person", "按人员"),
    "p_people": (
        "Those with most breaches first. Shifts and changes are those of the rota that was judged.",
        "违规最多者在前。班次与改动均针对所审查的排班。",
    ),
    "not_all": (
        "{shown} of {all} breaches stand here one by one; all of them are in audit.xlsx and violations.csv.",
        "此处逐条列出 {all} 处违规中的 {shown} 处；全部见 audit.xlsx 与 violations.csv。",
    ),
    "mends_left_out": (
        "The smallest change was looked for in the first {count} breaches only.",
        "仅对前 {count} 处违规查找了最小改正。",
    ),
    "more_shifts": ("and {count} more", "另有 {count} 个班次"),
    "more": (
        "{count} more: see audit.xlsx and violations.csv.",
        "另有 {count} 处，见 audit.xlsx 与 violations.csv。",
    ),
    "h_excepted": ("Covered by a recorded exception", "有备案的例外"),
    "p_excepted": ("No breaches, since somebody answers for them.", "因有备案及负责人，不计为违规。"),
    "p_near": (
        "Kept by no more than {minutes} minutes, those nearest to the limit first.",
        "余量不超过 {minutes} 分钟，最接近限值者在前。",
    ),
    "h_near": ("Near a limit", "接近限值"),
    "h_whole": ("About the whole rota", "针对整个排班"),
    "all_kept": ("No breach was found.", "未发现违规。"),
    # not checked, left out, basis
    "h_unchecked": ("What was not checked, and why", "未检查的内容及原因"),
    "p_unchecked": (
        "A rule that lacks a fact is not passed. With the fact named, it can be judged.",
        "缺少事实的规则不视为通过。补充所列事实后即可检查。",
    ),
    "h_left_out": ("Left out of the file", "文件中未采用的内容"),
    "p_left_out": ("Everything else was judged.", "其余内容均已审查。"),
    "none_left_out": ("Nothing was left out.", "没有未采用的内容。"),
    "all_checked": ("Every rule could be checked on everyone.", "所有规则均已对所有人检查。"),
    "h_basis": ("Basis, digest and what this is not", "依据、摘要与声明"),
    "h_inputs": ("Files read", "读取的文件"),
    "h_rules_list": ("Rules in force", "生效的规则"),
    "p_digest": (
        "Digest {digest}. It is made from the files read, the rules with all limits, the version and every "
        "finding; paiban audit --verify tells whether they are still what they were.",
        "摘要 {digest}。由读取的文件、规则及其全部限值、版本和每条结果计算得出；用 paiban audit --verify 可核对是否被改动。",
    ),
    # table headings
    "x_rule": ("Rule", "规则"),
    "x_source": ("Article", "条文"),
    "x_article": ("Article", "条文"),
    "x_person": ("Person", "人员"),
    "x_agent_id": ("Person", "人员"),
    "x_team": ("Team", "班组"),
    "x_week_from": ("Week from", "周起始日"),
    "x_verdict": ("Verdict", "结论"),
    "x_from": ("From (local)", "自（当地时间）"),
    "x_to": ("To (local)", "至（当地时间）"),
    "x_clock": ("Clock", "时区"),
    "x_when": ("When", "时间"),
    "x_found": ("Found", "实际"),
    "x_required": ("Required", "要求"),
    "x_short": ("Off by", "差额"),
    "x_unit": ("Unit", "单位"),
    "x_shifts": ("Shifts concerned", "涉及班次"),
    "x_mend": ("Smallest change that mends it", "最小改正"),
    "x_explanation": ("Explanation", "说明"),
    "x_id": ("Finding", "编号"),
    "x_breaches": ("Breaches", "违规"),
    "x_people": ("People", "人数"),
    "x_people_with_breach": ("People with breaches", "违规人数"),
    "x_share_of_people": ("Share of people", "占人数比例"),
    "x_rules_broken": ("Rules broken", "违反规则数"),
    "x_weeks_with_breach": ("Weeks with breaches", "有违规的周数"),
    "x_minutes_short": ("Minutes short or over", "不足或超出（分钟）"),
    "x_rest_minutes_missing": ("Minutes of rest missing", "缺少休息（分钟）"),
    "x_rest": ("Rest missing", "缺少休息"),
    "x_near": ("Near", "接近限值"),
    "x_excepted": ("Excepted", "例外"),
    "x_not_checked": ("Not checked", "未检查"),
    "x_reason": ("Why not", "原因"),
    "x_fact": ("What would help", "需要补充"),
    "x_binds": ("Strictest", "最严"),
    "x_share": ("Share of people", "占人数比例"),
    "x_preset": ("Preset", "预设"),
    "x_file": ("File", "文件"),
    "x_option": ("Read as", "用途"),
    # workbook
    "sheet_summary": ("Summary", "概要"),
    "sheet_people": ("By person", "按人员"),
    "sheet_teams": ("By team", "按班组"),
    "sheet_trend": ("By week", "按周"),
    "sheet_not_checked": ("Not checked", "未检查"),
    "sheet_left_out": ("Left out of the file", "未采用的内容"),
    "file": ("File", "文件"),
    "horizon": ("Days judged", "审查日期"),
    "zone": ("Time zone", "时区"),
    "people": ("People", "人员"),
    "shifts": ("Shifts", "班次"),
    "n_breach": ("Breaches", "违规"),
    "n_broken": ("People with breaches", "有违规的人员"),
    "n_rest": ("Minutes of rest missing", "缺少休息（分钟）"),
    "n_near": ("Near a limit", "接近限值"),
    "n_excepted": ("Covered by an exception", "有备案的例外"),
    "n_not_checked": ("Not checked", "未检查"),
    "digest": ("Digest (SHA-256)", "摘要（SHA-256）"),
    "version": ("Paiban", "Paiban 版本"),
    "verdict_breach": ("breach", "违规"),
    "verdict_near": ("near", "接近"),
    "verdict_excepted": ("excepted", "例外"),
    "verdict_not_checked": ("not checked", "未检查"),
    "unit_minutes": ("minutes", "分钟"),
    "unit_days": ("days", "天"),
    "unit_shifts": ("shifts", "班次"),
    "unit_nights": ("nights", "夜班"),
    "unit_weeks": ("weeks", "周"),
    "unit_hours": ("hours", "小时"),
    "unit_years": ("years", "岁"),
    "unit_times": ("times", "次"),
}
FACTS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("time zone", ("--timezone", "--timezone（时区）")),
    ("lie after the horizon", ("--days", "--days（审查天数）")),
    ("shift templates", ("--centre: shift templates in centre.toml", "--centre：centre.toml 中的班次模板")),
    (
        "birth date|of age|age missing",
        ("born_on in agents.csv (--agents)", "agents.csv 的 born_on（--agents）"),
    ),
    ("protect", ("protected periods of the centre folder", "中心文件夹中的保护期")),
    (
        "[Cc]ontract",
        ("--centre: contract in agents.csv and centre.toml", "--centre：agents.csv 与 centre.toml 的合同"),
    ),
    (
        "told|published|notice",
        ("--published, or plan.json beside the rota", "--published，或排班旁的 plan.json"),
    ),
    (
        "calendar|holiday|special day",
        ("--calendar, or --centre with its country", "--calendar，或注明国家的 --centre"),
    ),
    (
        "list of people|skills|not known of nobody|site|team|country",
        ("agents.csv (--agents)", "agents.csv（--agents）"),
    ),
    (
        "overtime|ledger|account",
        ("--before, or ledger.csv of the centre folder", "--before，或中心文件夹的 ledger.csv"),
    ),
    (
        "worked before|reference period|known days|not all known|earlier",
        ("--before: what was worked before", "--before：此前的出勤"),
    ),
)
"""What would help where a reason says that a fact is missing: pattern in the reason, words in both languages."""
RULES: dict[str, str] = {
    "average-weekly-hours": "周平均工时",
    "breaks-in-shift": "班内休息",
    "contract-days": "合同工作天数",
    "contract-minutes": "合同工时",
    "contract-shifts": "合同班次",
    "daily-hours": "每日工时",
    "days-in-a-row": "连续工作天数",
    "employment": "在职期间",
    "known-people": "人员名单",
    "leave": "休假",
    "monthly-overtime": "每月加班",
    "night-work": "夜班工作",
    "one-shift-a-day": "每日一班",
    "overlap": "时间重叠",
    "rest-between-shifts": "班次间休息",
    "rest-in-any-window": "任意时段内休息",
    "shift-template": "班次模板",
    "skills": "技能",
    "template-breaks": "模板休息",
    "weekly-day-off": "每周休息日",
    "weekly-hours": "每周工时",
    "weekly-rest": "每周休息",
}
"""Chinese names of rules; one that is not here goes by its own name."""


def words(language: Language) -> dict[str, str]:
    """Every message of one language by key."""
    return {key: both[language == "zh"] for key, both in WORDS.items()}


def rule_name(name: str, language: Language) -> str:
    """A rule's name for readers, a scope behind its colon kept.

    Examples
    --------
    >>> rule_name("daily-hours:minors", "zh"), rule_name("daily-hours", "en")
    ('每日工时:minors', 'daily-hours')
    """
    kind, colon, scope = name.partition(":")
    return (RULES.get(kind, kind) if language == "zh" else kind) + colon + scope
