"""The words of the pages and workbooks about comparisons and sweeps, in English and Simplified Chinese."""

from scenarios.report_data import Language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("What-ifs of {name}", "{name} 情景比较"),
    "title_sweep": ("Sweep of {name}", "{name} 情景扫描"),
    "skip": ("Skip to content", "跳至正文"),
    "sections": ("Sections", "目录"),
    "nav_overview": ("Overview", "概览"),
    "nav_figures": ("Figures", "数据"),
    "nav_intervals": ("By interval", "逐时段"),
    "nav_days": ("Service by day", "逐日服务"),
    "nav_frontier": ("Cost and service", "成本与服务"),
    "nav_differences": ("Differences", "差异"),
    "nav_basis": ("Basis", "依据"),
    "nav_tornado": ("Sensitivity", "敏感性"),
    "nav_sample": ("Sample", "抽样"),
    "nav_scenarios": ("Scenarios", "情景"),
    "nav_failed": ("Failed", "失败"),
    "level": ("Level of answer: {level}", "回答层级：{level}"),
    "level_staffing": (
        "agents required alone. Service is what the required agents would give; nobody is rostered.",
        "仅人员需求。服务为满足需求时的结果，未排班。",
    ),
    "level_bound": (
        "a bound. No rota costs less than the bound; whether one reaches it is not said.",
        "下界。任何排班的成本都不会低于下界；能否达到未作判断。",
    ),
    "level_rota": (
        "a rota. Service is what the rota's people are expected to give, by formula. "
        "Differences smaller than the gap may come of the search.",
        "已排班。服务为按公式计算的排班预期结果。小于求解差距的差异可能来自搜索。",
    ),
    "level_simulated": (
        "a rota, played contact by contact {count} times. Every scenario meets the same customers, so "
        "differences are surer than the figures themselves.",
        "已排班并逐个联络模拟 {count} 次。各情景面对相同的客户，因此差异比数值本身更可靠。",
    ),
    "lead_one": ("One scenario beside today's plan.", "一个情景与现行计划比较。"),
    "lead": ("{count} scenarios beside today's plan.", "{count} 个情景与现行计划比较。"),
    "baseline": ("Baseline", "基线"),
    "scenario": ("Scenario", "情景"),
    "figure": ("Figure", "指标"),
    "value": ("Value", "数值"),
    "difference": ("Difference", "差异"),
    "share": ("In per cent", "百分比"),
    "group": ("Group", "分组"),
    "unit": ("Unit", "单位"),
    "difference_low": ("95 % from", "95 % 下限"),
    "difference_high": ("95 % to", "95 % 上限"),
    "verdict": ("Better or worse", "优劣"),
    "notes": ("Please note", "请注意"),
    "no_move": ("No headline figure differs.", "主要指标均无差异。"),
    "from_to": ("{name}: {value}, {change}", "{name}：{value}，{change}"),
    "same": ("same", "相同"),
    "unknown": ("not known", "未知"),
    "better": ("better", "较优"),
    "worse": ("worse", "较差"),
    "moved": ("differs", "有变化"),
    "chance": ("may be chance", "可能是偶然"),
    "h_figures": ("Every figure beside the baseline's", "各指标与基线对比"),
    "p_figures": (
        "Each cell has the figure, below it the difference to the baseline and whether that is better "
        "or worse. A range is the 95 % interval of "
        "the difference; where it holds nought the difference may be chance.",
        "每格为数值，其下为与基线的差异及优劣。区间为差异的 95 % 置信区间；包含零时差异可能是偶然。",
    ),
    "nothing_left": ("Left out, nought in every scenario: {names}.", "各情景均为零而略去：{names}。"),
    "cap_figures": ("Figures of scenarios {first} to {last}", "情景 {first} 至 {last} 的指标"),
    "h_intervals": ("By interval", "逐时段"),
    "p_intervals": (
        "The scenario over the baseline, all queues together. Times in {zone}.",
        "情景与基线叠放，全部队列合计。时间为 {zone}。",
    ),
    "p_intervals_mean": (
        "The scenario over the baseline, all queues together, on average over {days} days by time of day. Times in {zone}.",
        "情景与基线叠放，全部队列合计，{days} 天按时刻平均。时间为 {zone}。",
    ),
    "k_base": ("baseline", "基线"),
    "k_own": ("scenario", "情景"),
    "i_offered": ("Contacts offered", "联络量"),
    "i_agents_required": ("Agents required", "所需坐席"),
    "i_agents_rostered": ("Agents rostered", "排班坐席"),
    "as_base": ("As in the baseline: {names}.", "与基线相同：{names}。"),
    "h_days": ("Service by day", "逐日服务水平"),
    "p_days": (
        "Share answered in time on each day, all queues together.",
        "每日按时应答比例，全部队列合计。",
    ),
    "day": ("Day", "日期"),
    "queue": ("Queue", "队列"),
    "h_frontier": ("Cost against service", "成本与服务"),
    "p_frontier": (
        "Each dot is a scenario under its number, the ring is the baseline. Up serves better, left "
        "costs less; those joined are not beaten by any with the baseline's demand.",
        "每点为一个情景（编号见上），圆环为基线。越高服务越好，越左成本越低；相连者未被与基线需求相同的其他情景超越。",
    ),
    "demand_differs": (
        "Scenarios with another demand are not choices between which you can pick: compare those with the same demand.",
        "需求不同的情景并非可选方案：请在相同需求之间比较。",
    ),
    "h_differences": ("Differences", "差异"),
    "p_differences": (
        "The difference of each scenario to the baseline. The bar is its 95 % interval: where it "
        "crosses the line at nought, the difference may be chance.",
        "各情景与基线的差异。横线为 95 % 置信区间：跨过零线时差异可能是偶然。",
    ),
    "p_differences_plain": (
        "The difference of each scenario to the baseline. How sure it is, level simulated tells.",
        "各情景与基线的差异。其可靠程度由“模拟”层级给出。",
    ),
    "h_basis": ("What this stands on", "依据"),
    "asked": ("Changes as asked", "所提改动"),
    "words": ("What changes", "改动内容"),
    "h_inputs": ("Files read", "读取的文件"),
    "file": ("File", "文件"),
    "settings": (
        "Seed {seed}, effort {effort}. The same files and options give the same page.",
        "随机种子 {seed}，计算量 {effort}。文件与选项相同则结果相同。",
    ),
    "made_by": ("Made by Paiban {version}", "由 Paiban {version} 生成"),
    "times_in": ("All times in {zone}", "所有时间均为 {zone} 时区"),
    "alt_interval": ("Chart: {measure} of {name} over the baseline's", "图：{name} 与基线的{measure}"),
    "alt_day": (
        "Chart: service of {name} by day over the baseline's; the table below has the numbers",
        "图：{name} 与基线的逐日服务水平，数字见下表",
    ),
    "alt_frontier": (
        "Chart: cost against service of every scenario; the tables have the numbers",
        "图：各情景成本与服务，数字见表",
    ),
    "alt_differences": (
        "Chart: difference of {measure} by scenario; the table of figures has the numbers",
        "图：各情景{measure}的差异，数字见指标表",
    ),
    "sheet_summary": ("Summary", "概要"),
    "sheet_figures": ("Figures", "指标"),
    "sheet_days": ("By day", "逐日"),
    "sheet_intervals": ("By interval", "逐时段"),
    "sheet_changes": ("What changed", "改动"),
    "sheet_scenarios": ("Scenarios", "情景"),
    "sheet_tornado": ("Sensitivity", "敏感性"),
    "sheet_frontier": ("Not beaten", "未被超越"),
    "sheet_quantiles": ("Sample", "抽样"),
    "horizon": ("Days planned", "计划日期"),
    "what": ("Outcome", "结果"),
    "number": ("No.", "编号"),
    "date": ("Day", "日期"),
    "offered": ("Contacts offered", "联络量"),
    "aht_seconds": ("AHT (s)", "平均处理时长（秒）"),
    "agents_required": ("Agents required", "所需坐席"),
    "agents_to_roster": ("Agents to roster", "应排坐席"),
    "agents_rostered": ("Agents rostered", "排班坐席"),
    "agents_effective": ("Agents effective", "有效坐席"),
    "net_staffing": ("Net staffing", "净人力"),
    "expected_contacts": ("Contacts expected", "预计联络量"),
    "expected_late": ("Contacts late", "预计超时联络量"),
    "of_requirement": ("{figure}, as required", "{figure}（按需求）"),
    "of_rota": ("{figure}, rota", "{figure}（排班）"),
    # sweep
    "sweep_lead": (
        "{count} scenarios: {done} done, {failed} failed. {best} are not beaten in cost and service.",
        "共 {count} 个情景：完成 {done} 个，失败 {failed} 个。成本与服务上未被超越 {best} 个。",
    ),
    "h_tornado": ("What moves the figures", "哪些因素影响最大"),
    "p_tornado": (
        "Each bar goes from the figure at the first step of an axis to that at its last, the other axes "
        "at their middle step. The line is the middle of all. For what was sampled a bar goes from its 10 to its 90 % point, "
        "the others at their mean, by a straight line through the sample.",
        "每条横条从该维度首档到末档的指标值，其余维度取中间档；竖线为全部取中间档时的值。抽样因素的横条从其10%分位到90%分位，"
        "其余取均值，按样本的线性回归计算。",
    ),
    "alt_tornado": (
        "Chart: {measure} by axis; the table below has the numbers",
        "图：{measure}随各维度变化，数字见下表",
    ),
    "alt_sweep_frontier": (
        "Chart: cost against service of every scenario; the table below has those not beaten",
        "图：各情景成本与服务，未被超越者见下表",
    ),
    "axis": ("Axis", "维度"),
    "at_low": ("First step", "首档"),
    "at_high": ("Last step", "末档"),
    "low": ("At the first step", "首档时"),
    "high": ("At the last step", "末档时"),
    "low_step": ("First step", "首档"),
    "high_step": ("Last step", "末档"),
    "p10": ("p10", "p10"),
    "p50": ("p50", "p50"),
    "p90": ("p90", "p90"),
    "middle": ("Middle", "中间值"),
    "low_effect": ("First step, difference", "首档差异"),
    "high_effect": ("Last step, difference", "末档差异"),
    "swing": ("Swing", "幅度"),
    "h_sweep_frontier": ("Plans that are not beaten", "未被超越的方案"),
    "p_sweep_frontier": (
        "Every dot is a scenario; those joined are beaten by no other in cost and service together. Demand differs between scenarios too: "
        "of an axis that is not yours to choose, compare within a step.",
        "每点为一个情景；相连者在成本与服务上均未被其他情景超越。各情景的需求也可能不同：对无法选择的维度，请在同一档内比较。",
    ),
    "k_beaten": ("beaten", "被超越"),
    "k_best": ("not beaten", "未被超越"),
    "changes": ("Changes", "改动"),
    "h_sample": ("What the sample says", "抽样结果"),
    "p_sample": (
        "Of the draws of all that is uncertain: a tenth of them lie below the first figure, half below "
        "the second, a tenth above the third.",
        "对全部不确定因素抽样：十分之一低于第一列，一半低于第二列，十分之一高于第三列。",
    ),
    "h_scenarios": ("All scenarios", "全部情景"),
    "more_scenarios": (
        "{shown} of {count} are listed; all are in {file}.",
        "共 {count} 个，仅列 {shown} 个；全部见 {file}。",
    ),
    "h_failed": ("Failed", "失败的情景"),
    "p_failed": ("They are tried again by the next run.", "下次运行时重试。"),
    "reason": ("Reason", "原因"),
    "status": ("State", "状态"),
    "status_done": ("done", "完成"),
    "status_failed": ("failed", "失败"),
    "demand_path": ("Demand path", "需求路径"),
    "no_axes": (
        "The sweep has neither axes nor a sample that tells, so there is no sensitivity.",
        "本次扫描没有维度，也没有足够的抽样，因此无敏感性可述。",
    ),
    "no_frontier": (
        "Cost and service are not both known of any scenario.",
        "没有任何情景同时给出成本与服务。",
    ),
}


def words(language: Language) -> dict[str, str]:
    """Every text by its key.

    Examples
    --------
    >>> words("zh")["baseline"]
    '基线'
    """
    return {key: pair[language == "zh"] for key, pair in WORDS.items()}
