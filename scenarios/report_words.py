"""The report's words in English and Simplified Chinese, and how it writes days, times, numbers and money."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from centre.activities import OFF_QUEUE
from centre.instants import day_of, from_minutes
from scenarios.report_activity_words import WORDS as ACTIVITY_WORDS
from scenarios.report_data import Language
from scenarios.report_onboarding_words import WORDS as ONBOARDING_WORDS
from scenarios.report_peak_words import WORDS as PEAK_WORDS
from scenarios.report_people_words import WORDS as PEOPLE_WORDS

ACTIVITY_KINDS = ("break", "meal", "split", "leave", "backup", *OFF_QUEUE)
"""Kinds of activity that have words of their own."""
WORDS: dict[str, tuple[str, str]] = {
    "title": ("Rota of {centre}", "{centre} 排班报告"),
    "times_in": ("All times in {zone}", "所有时间均为 {zone} 时区"),
    "made_with": ("Made with Paiban {version}", "由 Paiban {version} 生成"),
    "theme": ("Light or dark", "浅色/深色"),
    "print": ("Print", "打印"),
    "skip": ("Skip to content", "跳至正文"),
    "sections": ("Sections", "目录"),
    "days": ("days", "天"),
    "warnings": ("Please note", "请注意"),
    "all_queues": ("All queues", "全部队列"),
    "queue": ("Queue", "队列"),
    "client": ("for", "客户"),
    "day": ("Day", "日期"),
    "week": ("All days", "全部日期"),
    "total": ("Total", "合计"),
    # headline
    "nav_overview": ("Overview", "概览"),
    "tile_service": ("Service planned", "计划服务水平"),
    "tile_contacts": ("Contacts expected", "预计联络量"),
    "tile_hours": ("Hours rostered", "排班工时"),
    "tile_short": ("Agent-hours short", "缺口（坐席小时）"),
    "tile_breaches": ("Rules broken", "违反规则"),
    "tile_cost": ("Cost", "成本"),
    "tile_gap": ("Gap to the bound", "与下界差距"),
    "sub_target": ("promised: {target}", "承诺：{target}"),
    "sub_targets": ("{met} of {all} queues meet their target", "{all} 个队列中 {met} 个达标"),
    "sub_late": ("{late} later than promised", "其中 {late} 次超出承诺时间"),
    "sub_people": ("{people} of {all} people, {shifts} shifts", "{all} 人中排 {people} 人，{shifts} 个班次"),
    "sub_short": ("{share} of the hours needed", "占需求工时的 {share}"),
    "sub_rules": (
        "{checked} rules checked, {not_checked} not",
        "已检查 {checked} 条规则，{not_checked} 条未检查",
    ),
    "sub_cost": ("{currency}, wages and overtime", "{currency}，工资与加班"),
    "no_bound": ("no bound known", "无已知下界"),
    "target": ("{share} in {time}", "{time}内 {share}"),
    "say_demand": (
        "From {first} to {last}, {contacts} contacts are expected. {people} of {all} people work {shifts} "
        "shifts, {hours} paid.",
        "{first}至{last}，预计联络量 {contacts} 次。{all} 人中 {people} 人上班，共 {shifts} 个班次，计薪 {hours}。",
    ),
    "say_service": (
        "{service} of the contacts are expected to be served within their target; {late} wait longer.",
        "预计 {service} 的联络在目标时间内得到服务，{late} 次等待更久。",
    ),
    "say_short": (
        "{hours} agent-hours are short, most of all on {when} ({queue}).",
        "共缺 {hours} 坐席小时，最多的时段为 {when}（{queue}）。",
    ),
    "say_enough": ("Every interval has the agents that it needs.", "每个时段的人手均满足需求。"),
    "say_no_breach": ("No rule is broken.", "没有违反任何规则。"),
    "say_breach": ("Rules are broken {count} times: see below.", "共违反规则 {count} 次，详见下文。"),
    "say_not_checked": (
        "{count} rules could not be checked on everyone.",
        "有 {count} 条规则未能对所有人检查。",
    ),
    "say_gap": (
        "The rota is within {gap} of the proven bound, measured on the cost that planning can move.",
        "以可控成本衡量，该排班与已证明的下界相差不超过 {gap}。",
    ),
    "by_queue": ("Service by queue", "各队列服务情况"),
    "promise": ("Promised", "承诺"),
    "planned": ("Planned", "计划"),
    "contacts": ("Contacts", "联络量"),
    "hours_needed": ("Hours needed", "需求工时"),
    "hours_rostered": ("Hours rostered", "排班工时"),
    "hours_short": ("Hours short", "缺口工时"),
    "service": ("Service", "服务水平"),
    "late": ("Late contacts", "超时联络"),
    # forecast
    "nav_forecast": ("Forecast", "预测"),
    "h_forecast": ("Forecast against history", "预测与历史"),
    "p_forecast": (
        "Contacts offered per interval of {minutes} minutes: what was, and what is expected. In the band "
        "lie eight of ten outcomes (p10 to p90).",
        "每 {minutes} 分钟的进线联络量：历史值与预测值。阴影带为 p10 至 p90，约十之八的结果落在其中。",
    ),
    "alt_forecast": (
        "Line chart of contacts per interval, four weeks of history and the forecast; the table below "
        "gives the days.",
        "每时段联络量折线图，含四周历史与预测；逐日数据见下表。",
    ),
    "history": ("History", "历史"),
    "forecast": ("Forecast", "预测"),
    "band": ("p10 to p90", "p10 至 p90"),
    "usual": ("Same weekday, last 4 weeks", "近四周同星期均值"),
    "change": ("Change", "变化"),
    "cap_forecast": ("Contacts a day", "每日联络量"),
    # staffing
    "nav_staffing": ("Staffing", "人力"),
    "h_staffing": ("Needed against rostered", "需求与排班"),
    "p_staffing": (
        "Agents per interval. Needed is what the service target asks for at the desks, raised for "
        "unplanned absence; net staffing is rostered less needed.",
        "每时段坐席数。“需求”为达到服务目标所需的在席人数，再按非计划损耗放大；净人力 = 排班 − 需求。",
    ),
    "alt_staffing": (
        "Step chart of agents needed and rostered, bars of net staffing and the service level expected; "
        "the table below gives the days.",
        "需求与排班人数阶梯图、净人力柱状图及预计服务水平；逐日数据见下表。",
    ),
    "needed": ("Needed", "需求"),
    "desks": ("At the desks", "在席需求"),
    "rostered": ("Rostered", "排班"),
    "net": ("Net staffing", "净人力"),
    "agents": ("Agents", "坐席数"),
    "cap_staffing": ("Day by day", "逐日汇总"),
    "zoom": ("Show", "显示"),
    # shortage
    "nav_short": ("Short", "缺口"),
    "h_short": ("What is short, and why", "缺口及原因"),
    "p_short": (
        "Agents missing as a share of those needed, all queues.",
        "缺少人数占需求的比例（全部队列）。",
    ),
    "alt_short": (
        "Heat map of shortage by day and time; the table below lists the longest stretches.",
        "按日期与时间的缺口热图；最长的时段见下表。",
    ),
    "heat_met": ("enough", "足够"),
    "heat_low": ("under 5%", "低于 5%"),
    "heat_mid": ("5 to 15%", "5% 至 15%"),
    "heat_high": ("over 15%", "超过 15%"),
    "heat_closed": ("nothing needed", "无需求"),
    "cap_short": ("The {count} longest of {all} stretches", "{all} 个缺口时段中最长的 {count} 个"),
    "when": ("When", "时间"),
    "mean_needed": ("Needed (mean)", "需求（均值）"),
    "mean_rostered": ("Rostered (mean)", "排班（均值）"),
    "lowest_service": ("Lowest service", "最低服务水平"),
    "why": ("Why", "原因"),
    "ways_out": ("Ways out, the least change first:", "可行的解决办法（改动最小者在前）："),
    "nothing_short": (
        "Nothing is short: every interval has the agents that it needs.",
        "没有缺口：每个时段的人手均满足需求。",
    ),
    # rota
    "nav_rota": ("Rota", "排班表"),
    "h_rota": ("The rota", "排班表"),
    "p_rota": (
        "Each shift is a bar on the scale of the day on which it starts, its start printed inside; pauses "
        "are cut out. Point at or tap a bar for its times.",
        "每个班次以条形画在其开始当天的刻度上，条内为开始时间，休息与用餐留白。指向或轻触可看详细时间。",
    ),
    "filter": ("Name or team", "姓名或班组"),
    "filter_shown": ("{shown} of {all} people", "{all} 人中显示 {shown} 人"),
    "person": ("Person", "人员"),
    "paid_hours": ("Paid h", "计薪时"),
    "people_on": ("{people} on", "{people} 人在岗"),
    "no_team": ("No team", "未分组"),
    "team_size": ("{people} people, {hours} paid", "{people} 人，计薪 {hours}"),
    "legend_shift": ("Shifts", "班次"),
    "break": ("break", "休息"),
    "meal": ("meal", "用餐"),
    "split": ("own time between the parts", "两段之间的自由时间"),
    "leave": ("leave", "休假"),
    "backup": ("backup", "后备"),
    "other": ("off the queue", "离线活动"),
    "meeting": ("meeting", "会议"),
    "training": ("training", "培训"),
    "coaching": ("coaching", "辅导"),
    "checks": ("call checks", "录音质检"),
    "exam": ("exam", "考试"),
    "admin": ("admin", "行政事务"),
    "lead": ("leads", "主持"),
    "off": ("off", "休"),
    "no_rota": ("Nobody is rostered.", "没有任何人员被排班。"),
    "rota_too_large": (
        "{shifts} shifts are too many for one page: see rota.csv.",
        "共 {shifts} 个班次，本页无法全部显示，请见 rota.csv。",
    ),
    "cap_rota": ("Rota, {first} to {last}", "排班表，{first}至{last}"),
    # rules
    "nav_rules": ("Rules", "规则"),
    "h_rules": ("Rest and working time", "休息与工时合规"),
    "p_rules": (
        "Every rule in force was judged on the finished rota, apart from the solver that made it.",
        "所有生效规则均在完成的排班上独立审核，与求解器无关。",
    ),
    "rule": ("Rule", "规则"),
    "limit": ("Limit", "限值"),
    "source": ("Source", "依据"),
    "result": ("Result", "结果"),
    "kept": ("kept", "符合"),
    "broken": ("{count} broken", "违反 {count} 次"),
    "near": ("{count} near", "接近限值 {count} 次"),
    "not_checked": ("not checked: {reason}", "未检查：{reason}"),
    "not_checked_some": ("not checked for {count}: {reason}", "{count} 人未检查：{reason}"),
    "cap_breaches": ("Breaches", "违规明细"),
    "found": ("Found", "实际"),
    "explanation": ("Explanation", "说明"),
    "more_rows": ("{count} more are in {file}.", "另有 {count} 条见 {file}。"),
    "no_rules": ("No rules are in force.", "没有生效的规则。"),
    # cost
    "nav_cost": ("Cost", "成本"),
    "h_cost": ("Cost", "成本"),
    "cap_money": ("What is paid", "实际支付"),
    "cap_prices": ("What is only weighed, in the same currency", "仅用于权衡的价格（同一货币）"),
    "term": ("Term", "项目"),
    "amount": ("Amount", "金额"),
    "share": ("Share", "占比"),
    "cost.pay": ("Wages", "工资"),
    "cost.backup": ("Hours of backup", "后备人员工时"),
    "cost.call_out": ("Call-outs of backup", "后备应召费"),
    "cost.overtime": ("Overtime", "加班"),
    "cost.rest_day": ("Rest days worked", "休息日加班"),
    "cost.public_holiday": ("Public holidays worked", "法定节假日加班"),
    "cost.night": ("Night premium", "夜班津贴"),
    "cost.missed_breaks": ("Pay for missed breaks", "未安排休息的补偿"),
    "cost.shortage": ("Missing agents", "人手不足"),
    "cost.deep_shortage": ("Deep shortage", "严重不足"),
    "cost.surplus": ("Agents beyond need", "人手富余"),
    "cost.below_minimum": ("Below the minimum cover", "低于最低在岗人数"),
    "cost.refused_requests": ("Refused requests", "未满足的申请"),
    "cost.outside_preferred": ("Hours outside those preferred", "偏好时段以外的工时"),
    "cost.start_change": ("Starts that move from shift to shift", "相邻班次的上班时间变动"),
    "cost.backward_rotation": ("Shifts that move back in the day", "班次逆向轮转"),
    "cost.single_day_off": ("Single days off", "单独的休息日（前后都上班）"),
    "cost.change": ("Days changed from the earlier rota", "与原排班不同的人日"),
    "cost.unfair_night": ("Nights, by how many each has had", "夜班（按各人已上次数加权）"),
    "cost.unfair_weekend": ("Weekend shifts, by how many each has had", "周末班（按各人已上次数加权）"),
    "cost.unfair_holiday": ("Holiday shifts, by how many each has had", "节假日班（按各人已上次数加权）"),
    "cost.unfair_late": ("Late shifts, by how many each has had", "晚班（按各人已上次数加权）"),
    "cost.mix": ("On duty: {name}", "在岗要求：{name}"),
    "cap_rule_prices": ("What rules cost", "各规则的代价"),
    "rule_saved": ("The proven least would fall by", "可证下界可降低"),
    "rule_most": ("This rota could cost less by at most", "本排班最多可节省"),
    "rule_people": ("People whose shifts it limits", "受其限制的人数"),
    "p_rule_prices": (
        "Each rule is left out by itself, for everybody. The first figure compares bounds, not rotas: a rota without the rule may save "
        "more or less than that, but never more than the second figure. Two rules that ask the same cost nothing one by one. A rule "
        "of law is priced, not offered.",
        "每条规则单独对所有人取消后比较。第一列比较的是可证下界而非排班：取消后实际可节省的金额可能更多或更少，但不会超过第二列。要求相同的两条规则单独取消均不省钱。法定规则仅作计价，并非可选项。",
    ),
    "cost_times": ("{count} times", "{count} 次"),
    "mix_kept": ("always kept", "始终满足"),
    "mix_short": ("{hours} h of people missing", "缺 {hours} 人时"),
    # how
    "nav_how": ("How", "依据"),
    "h_how": ("How the numbers came about", "数字从何而来"),
    "h_demand": ("Demand", "需求预测"),
    "cap_models": (
        "Error of each model in the backtest (WAPE: absolute errors as a share of the contacts)",
        "回测中各模型误差（WAPE：绝对误差占联络量的比例）",
    ),
    "model": ("Model", "模型"),
    "chosen": ("chosen", "选用"),
    "baseline": ("yardstick", "基准"),
    "origins": ("{count} origins", "{count} 个起点"),
    "held_back": ("Error on the weeks held back: {error}", "留出周误差：{error}"),
    "h_agents": ("Agents", "坐席需求"),
    "p_formula": (
        "Load in erlangs = contacts × handle time / length of the interval. The queue's formula gives the "
        "fewest agents that keep the target; to roster = agents at the desks / (1 − unplanned shrinkage).",
        "负荷（爱尔兰）= 联络量 × 平均处理时长 / 时段长度。由队列公式得出达标所需的最少坐席；应排人数 = 在席人数 / (1 − 非计划损耗)。",
    ),
    "erlang_a": ("Erlang A, patience {patience}", "Erlang A，耐心时长 {patience}"),
    "erlang_c": ("Erlang C, nobody abandons", "Erlang C，无人放弃"),
    "deferred": ("work that may wait, due within {hours} h", "可延后工作，{hours} 小时内完成"),
    "deferred_day": ("work that may wait, due by the day's end", "可延后工作，当日内完成"),
    "target_day": ("{share} by the day's end", "当日内 {share}"),
    "chats": (
        "chain of chats held, up to {number} an agent; {base}",
        "会话数链（每人至多 {number} 个会话）；{base}",
    ),
    "pooled": ("one team with {others}, by priority; {base}", "与 {others} 同一团队，按优先级；{base}"),
    "formula": ("Formula", "公式"),
    "definition": ("Service counted as", "服务水平口径"),
    "occupancy_cap": ("Occupancy at most", "占用率上限"),
    "minimum_agents": ("At least", "最少坐席"),
    "example": ("Busiest interval", "最忙时段"),
    "say_example": (
        "{when}: {contacts} contacts × {aht} / {interval} = {erlangs} erlangs; {desks} agents at the desks "
        "give {service}; {roster} to roster",
        "{when}：{contacts} 次 × {aht} / {interval} = {erlangs} 爱尔兰；在席 {desks} 人达到 {service}；应排 {roster} 人",
    ),
    "cap_queues": ("Targets and formulas", "目标与公式"),
    "shrinkage": ("Unplanned shrinkage {share}{parts}.", "非计划损耗 {share}{parts}。"),
    "h_solver": ("Search", "求解"),
    "status": ("Status", "状态"),
    "objective": ("Objective", "目标值"),
    "bound": ("Proven bound", "已证明下界"),
    "gap": ("Gap", "差距"),
    "controllable": ("Controllable cost", "可控成本"),
    "seconds": ("Time", "用时"),
    "stopped_by": ("Stopped by", "停止条件"),
    "status.optimal": ("proven optimal", "已证明最优"),
    "status.feasible": ("optimal within this gap", "在此差距内最优"),
    "status.stopped": ("stopped by the clock", "因时间停止"),
    "status.clash": ("rules and minimum cover clash", "规则与最低在岗人数冲突"),
    "seed": ("Seed, workers", "种子、线程"),
    "repeatable": ("Repeatable", "可复现"),
    "yes": ("yes: the same input gives the same rota", "是：相同输入得到相同排班"),
    "no": (
        "no: a clock stopped the search, so another run may differ",
        "否：搜索因时钟停止，再次运行结果可能不同",
    ),
    "p_gap": (
        "Gap = (objective − bound) / controllable cost; pay that contracts fix whatever the rota is left "
        "out. No rota can cost less than the bound.",
        "差距 = (目标值 − 下界) / 可控成本；合同固定的薪酬不计入。任何排班的成本都不会低于下界。",
    ),
    "h_assumptions": ("Assumptions", "假设"),
    "h_inputs": ("Inputs", "输入文件"),
    "cap_inputs": ("Files and their SHA-256", "文件及其 SHA-256"),
    "file": ("File", "文件"),
}  # fmt: skip
WEEKDAYS = (
    ("Mon", "周一"),
    ("Tue", "周二"),
    ("Wed", "周三"),
    ("Thu", "周四"),
    ("Fri", "周五"),
    ("Sat", "周六"),
    ("Sun", "周日"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def words(language: Language) -> dict[str, str]:
    """Every message of one language by key."""
    return {
        key: both[language == "zh"]
        for key, both in (WORDS | PEAK_WORDS | PEOPLE_WORDS | ACTIVITY_WORDS | ONBOARDING_WORDS).items()
    }


@dataclass(frozen=True, slots=True)
class Format:
    """How the report writes things, in one language, zone and currency.

    Examples
    --------
    >>> Format("zh", ZoneInfo("Asia/Shanghai"), "CNY").day(0)
    '1月1日 周四'
    >>> Format("en", ZoneInfo("UTC"), "EUR").money(-1234.5)
    'EUR −1,234'
    """

    language: Language
    zone: ZoneInfo
    currency: str

    def day(self, number: int, *, year: bool = False) -> str:
        """A day number with its weekday."""
        day = day_of(number)
        weekday = WEEKDAYS[day.weekday()][self.language == "zh"]
        if self.language == "zh":
            return f"{day.year}年" * year + f"{day.month}月{day.day}日 {weekday}"
        return f"{weekday} {day.day} {MONTHS[day.month - 1]}" + f" {day.year}" * year

    def clock(self, minutes: int) -> str:
        """The local time of an instant."""
        return f"{from_minutes(minutes, self.zone):%H:%M}"

    def moment(self, minutes: int) -> str:
        """Local day and time of an instant."""
        local = from_minutes(minutes, self.zone).date()
        return f"{self.day((local - day_of(0)).days)} {self.clock(minutes)}"

    def span(self, start: int, end: int) -> str:
        """The local times from start to end."""
        return f"{self.clock(start)}–{self.clock(end)}"

    def window(self, start: int | None, end: int | None) -> str:
        """Local day and times of a window that may be open, days told where it leaves one."""
        if start is None or end is None:
            return (
                "–"
                if start is None and end is None
                else self.moment(start if start is not None else end or 0)
            )
        same = from_minutes(start, self.zone).date() == from_minutes(end - 1, self.zone).date()
        return (
            f"{self.moment(start)}–{self.clock(end)}"
            if same
            else f"{self.moment(start)} – {self.moment(end)}"
        )

    def axis(self, starts: Iterator[int]) -> list[str]:
        """Local clock of each interval, with the offset where a clock change lets one come twice in a day."""
        moments = [from_minutes(start, self.zone) for start in starts]
        texts = [f"{m:%H:%M}" for m in moments]
        twice = {m.date() for m in moments if m.fold}
        return [
            f"{t} ({m:%z})"
            if m.date() in twice and m.replace(fold=0).utcoffset() != m.replace(fold=1).utcoffset()
            else t
            for t, m in zip(texts, moments, strict=True)
        ]

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with thousands marked."""
        if value is None or value != value:
            return "–"
        text = f"{value:,.{digits}f}"
        return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share as percent."""
        return "–" if share is None or share != share else f"{self.number(100 * share, digits)}%"

    def signed(self, share: float | None) -> str:
        """A change as percent with its sign."""
        text = self.percent(share)
        return f"+{text}" if share is not None and share > 0 else text

    def money(self, amount: float) -> str:
        """An amount in the centre's currency, whole units."""
        return f"{self.currency} {self.number(amount)}"

    def hours(self, minutes: float) -> str:
        """Minutes as hours."""
        text = self.number(minutes / 60, 2).rstrip("0").rstrip(".")
        return f"{text} 小时" if self.language == "zh" else f"{text} h"

    def duration(self, minutes: int) -> str:
        """Minutes as hours and minutes, to the minute."""
        hours, rest = divmod(minutes, 60)
        hour, minute = ("小时", "分") if self.language == "zh" else ("h", "min")
        return f"{hours} {hour} {rest:02d} {minute}" if rest else f"{hours} {hour}"

    def seconds(self, value: float | None) -> str:
        """A length of time in seconds."""
        if value is None or value != value:
            return "–"
        text = f"{value:,.1f}".removesuffix(".0")
        return f"{text} 秒" if self.language == "zh" else f"{text} s"

    def activity(self, name: str) -> str:
        """An activity in words: known kinds translated, the name after the colon kept."""
        kind, _, rest = name.partition(":")
        known = words(self.language)[kind] if kind in ACTIVITY_KINDS else kind
        return f"{known} {rest}".strip()
