"""``paiban forecast --explain``: the facts behind a number as lines that a planner can follow with a pocket calculator,
in English or Chinese.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from centre.instants import day_number, parse_instant
from scenarios.forecast_names import FACTORS, MODELS, day_name, festival_name, name_of, weekday_name
from scenarios.forecast_why import SHARE, Facts
from scenarios.report_data import Language
from scenarios.report_words import Format

FEWEST_DIGITS, MOST_DIGITS = 3, 12
WORDS: dict[str, tuple[str, str]] = {
    "head_interval": ("{queue}, {moment} to {until} ({zone})", "{queue}，{moment} 至 {until}（{zone}）"),
    "head_day": (
        "{queue}, {day}, the open hours of the day ({zone})",
        "{queue}，{day}，全天营业时段（{zone}）",
    ),
    "level": ("contacts of a usual working day", "一个普通工作日的联络量"),
    "weekday_own": ("{weekday}", "{weekday}"),
    "weekday_like": ("{weekday} that is like {like}", "{weekday}，按{like}计"),
    "weekday_average": ("{weekday} that is like an average working day", "{weekday}，按平均工作日计"),
    "month": ("day {day} of {days}", "当月第 {day} 天，共 {days} 天"),
    "season": ("yearly cycle", "年周期"),
    "season_none": ("too little history for a yearly cycle", "历史不足，不计年周期"),
    "mean": ("averaged with the mean of the last 8 same weekdays", "与近 8 周同日均值取平均"),
    "special_seen": (
        "{name}; {of_festival} such seen, {days_seen} of its class",
        "{name}；同节日见过 {of_festival} 天，同类共 {days_seen} 天",
    ),
    "special_none": ("ordinary day", "普通日"),
    "near_before": ("{days} days before {festival}", "{festival}前 {days} 天"),
    "near_after": ("{days} days after the first of {festival}", "{festival}首日后 {days} 天"),
    "near_on": ("first day of {festival}", "{festival}首日"),
    "near_none": ("no long festival near", "附近没有长假"),
    "model": ("{model}: it does not tell factors", "{model}：不给出分解"),
    "share_interval": ("what of the day falls in this interval", "当日联络量落在本时段的比例"),
    "share_day": ("what of the day falls in opening hours", "当日联络量落在营业时段的比例"),
    "event_learned": (
        "{title}: learned from {occurrences} past, on average {uplift} ({low} to {high})",
        "{title}：由过去 {occurrences} 次学得，平均 {uplift}（{low} 至 {high}）",
    ),
    "event_stated": (
        "{title}: {uplift} stated, nothing past to learn from ({low} to {high})",
        "{title}：计划员填 {uplift}，无过往可学（{low} 至 {high}）",
    ),
    "event_both": (
        "{title}: {uplift} stated ({low} to {high}); the past says {learned}",
        "{title}：计划员填 {uplift}（{low} 至 {high}）；过往为 {learned}",
    ),
    "event_unknown": (
        "{title}: nothing stated and nothing past; no change ({low} to {high})",
        "{title}：未填写也无过往，按不变计（{low} 至 {high}）",
    ),
    "agreement": ("so that queues add up to their groups", "使各队列之和与分组一致"),
    "colon": (": ", "："),
    "comma": (", ", "，"),
    "stop": ("; ", "；"),
    "whole_day": ("contacts of the day, at any hour", "当日任何时刻的联络量"),
    "forecast": ("contacts forecast", "预测联络量"),
    "like_copied": (
        "No history of its own: the forecast is that of {queue}",
        "本队列没有历史：沿用 {queue} 的预测",
    ),
    "like_borrowed": (
        "Short history: the shape of week and day leans on {queue}",
        "历史较短：周与日的形态借用 {queue}",
    ),
    "hand": ("Planner's hand", "人工调整"),
    "day_total": ("{of}: total of the day given as {total}", "{of}：给定当日总量 {total}"),
    "set": ("set to {value} ({reason}; {author})", "设为 {value}（{reason}；{author}）"),
    "multiply": ("multiplied by {value} ({reason}; {author})", "乘以 {value}（{reason}；{author}）"),
    "add": ("{value} added ({reason}; {author})", "加 {value}（{reason}；{author}）"),
    "planned": ("contacts planned with", "计划采用的联络量"),
    "band": ("p10 to p90: {low} to {high} (p50 {middle})", "p10 至 p90：{low} 至 {high}（p50 {middle}）"),
    "band_day": (
        "p10 to p90 of the forecast: {low} to {high} (p50 {middle})",
        "预测的 p10 至 p90：{low} 至 {high}（p50 {middle}）",
    ),
    "width": (
        "Where the width comes from (share of the variance, one standard deviation): {parts}",
        "带宽来源（方差占比，一个标准差）：{parts}",
    ),
    "part": ("{name} {share} (±{sd})", "{name} {share}（±{sd}）"),
    "assumed": ("no earlier origin could be tried; assumed", "历史不足以回测，按假定"),
    "w_level": ("level of all days ahead", "未来各日的整体水平"),
    "w_day": ("this day", "当日"),
    "w_interval": ("this interval", "本时段"),
    "w_events": ("events and days around festivals", "活动与节日前后"),
    "w_chance": ("chance", "偶然"),
    "aht": ("Handle time: {seconds}", "处理时长：{seconds}"),
    "aht_band": (" (p10 to p90 {low} to {high})", "（p10 至 p90：{low} 至 {high}）"),
    "aht_assumed": (", the queue's stated one", "，为队列所填值"),
    "aht_before": (", {seconds} before the override", "，调整前 {seconds}"),
    "aht_none": ("Handle time: nobody knows any", "处理时长：未知"),
    "beside": (
        "Beside it, without events; error by interval over {origins} earlier origins:",
        "对照（不含活动）；误差按时段计，来自 {origins} 个过去起点：",
    ),
    "beside_untried": (
        "Beside it, without events; history too short to try errors:",
        "对照（不含活动）；历史不足以计算误差：",
    ),
    "off": ("{share} off", "误差 {share}"),
    "taken": (" (taken)", "（采用）"),
    "floor": (
        "{share} would be off by chance alone, were every mean known",
        "即使均值全知，仅偶然性也有 {share} 误差",
    ),
    "like_days": ("What came on the last like days:", "过去相似日实际："),
    "unknown": ("not known", "未知"),
}


def lines_of(facts: Facts, zone: ZoneInfo, language: Language) -> list[str]:
    """The lines, from the level of contacts to what planners' averages would have said."""
    return list(_Telling(facts, zone, language).lines())


def printed(values: Sequence[float], names: Sequence[str], number: str) -> list[str]:
    """Factors with as many digits as it takes for their product to give the number as it is printed.

    Examples
    --------
    >>> printed([1000 / 3, 1.5], ["level", "weekday"], "500.00")
    ['333.33', '1.5000']
    """
    digits = len(number.partition(".")[2])
    for more in range(FEWEST_DIGITS, MOST_DIGITS + 1):
        texts = [f"{value:,.{_digits(name, more)}f}" for value, name in zip(values, names, strict=True)]
        if f"{math.prod(float(text.replace(',', '')) for text in texts):,.{digits}f}" == number:
            break
    return texts


def contacts(value: float) -> str:
    """Contacts with the digits that matter."""
    return f"{value:,.{1 if value >= 100 else 2 if value >= 1 else 4}f}"


def _digits(name: str, digits: int) -> int:
    """Decimals of a factor: a level has fewer than a ratio, a share of the day more."""
    return {"level": max(1, digits - 2), "model": max(1, digits - 2), SHARE: digits + 2}.get(name, digits)


class _Telling:
    """The telling of one number in one language."""

    def __init__(self, facts: Facts, zone: ZoneInfo, language: Language) -> None:
        self.facts, self.zone, self.language = facts, zone, language
        self.form = Format(language, zone, "")

    def say(self, key: str, **values: object) -> str:
        return WORDS[key][self.language == "zh"].format(**values)

    def lines(self) -> Iterator[str]:
        yield self._head()
        yield from self._working()
        yield from self._hand()
        yield from self._band()
        yield self._aht()
        yield from self._beside()
        yield from self._like_days()

    def _head(self) -> str:
        facts, zone = self.facts, self.zone.key
        if facts["interval_start"] is None:
            return self.say("head_day", queue=facts["queue"], day=self._day(facts["day"]), zone=zone)
        start = parse_instant(facts["interval_start"], self.zone)
        until = self.form.clock(start + facts["interval_minutes"])
        return self.say(
            "head_interval", queue=facts["queue"], moment=self.form.moment(start), until=until, zone=zone
        )

    def _working(self) -> Iterator[str]:
        """Factor by factor, with what they multiply to."""
        told, result = self.facts["factors"], contacts(self.facts["forecast"])
        texts = printed([each["value"] for each in told], [each["name"] for each in told], result)
        so_far = 1.0
        for k, (each, text) in enumerate(zip(told, texts, strict=True)):
            if each["name"] == SHARE:
                yield self._line("=", contacts(so_far), self.say("whole_day"))
            name = name_of(FACTORS, each["name"], self.language)
            yield self._line("×" if k else " ", text, f"{name}{self.say('colon')}{self._detail(each)}")
            so_far *= each["value"]
        yield self._line("=", result, self.say("forecast"))
        if (like := self.facts["like"]) is not None:
            yield self.say("like_copied" if like["copied"] else "like_borrowed", queue=like["queue"])

    def _line(self, sign: str, number: str, text: str) -> str:
        return f"  {sign} {number:>14}  {text}"

    def _detail(self, each: Facts) -> str:
        """What there is to say of a factor."""
        traits, name = self.facts["traits"], each["name"]
        day = date.fromisoformat(self.facts["day"])
        simple = {"level": "level", "eight-week mean": "mean", "agreement": "agreement"}
        if name in simple:
            return self.say(simple[name])
        if name == "weekday":
            return self._weekday(traits)
        if name == "position in month":
            after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
            return self.say("month", day=day.day, days=day_number(after) - day_number(day.replace(day=1)))
        if name == "season":
            return self.say("season_none" if each["value"] == 1 else "season")
        if name == "special day":
            return self._special(traits, each)
        if name == "around festival":
            return self._near(traits)
        if name == "model":
            return self.say("model", model=name_of(MODELS, self.facts["model"], self.language))
        if name == SHARE:
            return self.say("share_day" if self.facts["interval_start"] is None else "share_interval")
        return self._event(each)

    def _weekday(self, traits: Facts) -> str:
        own, like = weekday_name(traits["weekday"], self.language), traits["like_weekday"]
        if like is None:
            return self.say("weekday_average", weekday=own)
        if like == traits["weekday"]:
            return self.say("weekday_own", weekday=own)
        return self.say("weekday_like", weekday=own, like=weekday_name(like, self.language))

    def _special(self, traits: Facts, each: Facts) -> str:
        if traits["class"] == "ordinary":
            return self.say("special_none")
        told = {name: each[name] for name in ("days_seen", "of_festival")}
        return self.say("special_seen", name=day_name(traits, self.language), **told)

    def _near(self, traits: Facts) -> str:
        festival, offset = festival_name(traits["near"], self.language), traits["offset"]
        if not festival:
            return self.say("near_none")
        key = "near_on" if not offset else "near_before" if offset < 0 else "near_after"
        return self.say(key, festival=festival, days=abs(offset))

    def _event(self, each: Facts) -> str:
        names = {"uplift": "uplift", "low": "uplift_p10", "high": "uplift_p90", "learned": "learned"}
        shares = {key: self._signed(each.get(name)) for key, name in names.items()}
        source = each.get("source", "unknown")
        return self.say(
            f"event_{source}", title=each["title"], occurrences=each.get("occurrences", 0), **shares
        )

    def _hand(self) -> Iterator[str]:
        """What finance and planner made of it."""
        steps = self.facts["hand"]
        if not steps:
            return
        yield self.say("hand")
        for step in steps:
            factor, after = step["factor"], contacts(step["after"])
            if factor is None:
                yield self._line("→", after, self._step(step))
                continue
            yield self._line(
                "×", printed([step["before"], factor], ["level", ""], after)[1], self._step(step)
            )
            if step is not steps[-1]:
                yield self._line("=", after, "").rstrip()
        yield self._line("=", contacts(self.facts["offered"]), self.say("planned"))

    def _step(self, step: Facts) -> str:
        if step["kind"] == "day_total":
            each = [self.say("day_total", of=t["of"], total=f"{t['total']:,g}") for t in step["totals"]]
            return self.say("stop").join(each)
        return self.say(
            step["kind"], value=f"{step['value']:,g}", reason=step["reason"], author=step["author"]
        )

    def _band(self) -> Iterator[str]:
        band = self.facts["band"]
        numbers = {
            "low": contacts(band["p10"]),
            "middle": contacts(band["p50"]),
            "high": contacts(band["p90"]),
        }
        yield self.say("band_day" if self.facts["interval_start"] is None else "band", **numbers)
        shares = {name: share for name, share in band["variance_share"].items() if share > 0}
        parts = [
            self.say("part", name=self.say(f"w_{name}"), share=self.form.percent(share, 0), sd=self.form.percent(band["relative_sd"][name]))
            for name, share in shares.items()
        ]  # fmt: skip
        if parts:
            assumed = "" if band["tried"] else self.say("stop") + self.say("assumed")
            yield self.say("width", parts=self.say("comma").join(parts) + assumed)

    def _aht(self) -> str:
        aht = self.facts["aht"]
        if aht is None:
            return self.say("aht_none")
        line = self.say("aht", seconds=self.form.seconds(aht["seconds"]))
        if aht["assumed"]:
            line += self.say("aht_assumed")
        if abs(aht["seconds"] - aht["forecast_seconds"]) > 0.01:
            return line + self.say("aht_before", seconds=self.form.seconds(aht["forecast_seconds"]))
        if not math.isnan(aht.get("p10", math.nan)):
            low, high = self.form.seconds(aht["p10"]), self.form.seconds(aht["p90"])
            line += self.say("aht_band", low=low, high=high)
        return line

    def _beside(self) -> Iterator[str]:
        origins = self.facts["origins_tried"]
        yield self.say("beside" if origins else "beside_untried", origins=origins)
        for each in self.facts["beside"]:
            name = name_of(MODELS, each["model"], self.language) + (
                self.say("taken") if each["taken"] else ""
            )
            known = not math.isnan(each["wape"])
            off = f" · {self.say('off', share=self.form.percent(each['wape']))}" if known else ""
            yield self._line(" ", contacts(each["contacts"]), name + off)
        if not math.isnan(self.facts["poisson_floor"]):
            yield self._line(" ", "", self.say("floor", share=self.form.percent(self.facts["poisson_floor"])))

    def _like_days(self) -> Iterator[str]:
        yield self.say("like_days")
        for each in self.facts["like_days"]:
            came = self.say("unknown") if each["contacts"] is None else contacts(each["contacts"])
            name = "" if each["class"] == "ordinary" else f" · {day_name(each, self.language)}"
            yield self._line(" ", came, self._day(each["day"]) + name)

    def _day(self, iso: str) -> str:
        return self.form.day(day_number(date.fromisoformat(iso)), year=True)

    def _signed(self, share: float | None) -> str:
        return self.form.signed(share)
