"""The audit's page, workbook and table: what they show, that nothing of a file is ever markup or a formula, odd cases."""

import json
import re
import string
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from centre.instants import day_number, day_start, local_instant
from centre.model import RuleSettings
from scenarios import audit_page_findings, workbook
from scenarios.audit_evidence import REASONS, mends_told, shifts_told
from scenarios.audit_groups import tables_of
from scenarios.audit_page import render_audit
from scenarios.audit_page_rules import RULES, law, rule_name
from scenarios.audit_page_words import FACTS, WORDS
from scenarios.audit_report import (
    AuditData,
    Finding,
    InputRead,
    audit_told,
    findings_of,
    rules_of,
    write_audit_report,
)
from scenarios.audit_workbook import write_workbook
from scenarios.report_words import Format
from scenarios.workbook import sheet_name
from scheduler import mends
from scheduler.evidence import Evidence
from scheduler.mend_words import Change
from scheduler.mends import Advice, Mend
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.handbook import all_kinds
from scheduler.rules.presets import ABOUT, rules_in_force
from scheduler.rules.presets.centre import rules as centre_rules
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Violation
from scheduler.rules.weekly_rest import WeeklyRest

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = day_number(date(2024, 3, 25))  # clocks go forward on the Sunday of this week
HOSTILE = "=HYPERLINK(\"x\")</td><script>alert('1')</script>{{ 7*7 }}&amp;王"
RULE_SET = (
    RestBetweenShifts(660, "Directive art. 3", "eu-wtd"), RestBetweenShifts(720, "Company rule 7", ""),
    WeeklyRest(2100, "Directive art. 5", "eu-wtd"),
)  # fmt: skip
EMPTY = Rota.from_frame(pd.DataFrame(columns=list(COLUMNS)).astype({"paid": bool}))


def at(day: int, hour: int, minute: int = 0) -> int:
    instant = local_instant(BERLIN, MONDAY + day, 60 * hour + minute)
    assert instant is not None
    return instant


def rest(agent: str = "a1", day: int = 1, found: int = 600, limit: int = 660, source: str = "Directive art. 3",
         verdict: Any = "breach", **more: Any) -> Violation:  # fmt: skip
    end = at(day, 8)
    words = f"{agent} rested {found} min."
    told = Violation(
        "rest-between-shifts", source, agent, end - found, end, found, limit, "minutes", verdict, words
    )
    return replace(told, **more)


def unknown(
    rule: str = "weekly-rest", reason: str = "Not checked: their birth date is not known."
) -> Violation:
    window = day_start(BERLIN, MONDAY), day_start(BERLIN, MONDAY + 7)
    return Violation(rule, "Directive art. 5", "", *window, None, None, "", "not_checked", reason)


def evidence(v: Violation, team: str) -> Evidence:
    if v.verdict == "not_checked" or v.end is None:
        return Evidence(v, (), v.short, "", "" if not v.agent_id else team, None)
    day = MONDAY + 1
    shifts = ((day - 1, at(0, 14), at(0, 22), "晚"), (day, at(1, 8), at(1, 16), "早"))
    return Evidence(v, shifts, v.short, "2024-W13", team, day)


def data(
    *found: Violation, team: str = "客服", mends: dict[Violation, str] | None = None, **more: Any
) -> AuditData:
    """What an audit of one week in Berlin found."""
    told = [evidence(v, team) for v in found]
    people = {v.agent_id: Person(v.agent_id, team=team) for v in found if v.agent_id}
    facts, language = Facts(BERLIN, MONDAY, 7, people=people), more.get("language", "en")
    made = AuditData(
        zone=BERLIN, first_day=MONDAY, days=7, rows=9, shifts=5, people=4, rules=rules_of(RULE_SET),
        findings=findings_of(told, mends or {}, BERLIN, more.get("zones", {}), language),
        tables=tables_of(told, EMPTY, facts, [(rule.name, rule.source) for rule in RULE_SET]),
        inputs=(InputRead("rota", "班表.csv", "ab" * 32),), versions={"paiban": "1.2"}, disclaimer="No legal advice.",
    )  # fmt: skip
    return replace(made, **more)


class Text(HTMLParser):
    """The page's text by tag, and the tags that it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, words: str) -> None:
        if words.strip() and "style" not in self.open:
            self.words.append(" ".join(words.split()))


def page_text(audit: AuditData) -> str:
    return " | ".join(Text(render_audit(audit, "d1ge57")).words)


@pytest.fixture
def sheets(tmp_path: Path) -> Callable[[AuditData], dict[str, list[list[Any]]]]:
    def write(audit: AuditData) -> dict[str, list[list[Any]]]:
        write_workbook(audit, "d1ge57", tmp_path / "a.xlsx")
        book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    return write


class TestPage:
    def test_the_verdict_in_one_sentence(self):
        found = rest(), rest("a2"), rest("a2", 2, 655), unknown(), rest(found=660, verdict="near", day=4)
        told = page_text(data(*found))
        assert (
            "2 of 4 people have 3 breaches in 5 shifts judged, 2 h 05 min of rest missing in all; "
            "1 near a limit; 1 could not be checked, see below." in told
        )
        assert (
            "4 人、5 个班次，其中 2 人共有 3 处违规，合计缺少休息 2 小时 05 分；1 处接近限值；1 项未能检查"
            in page_text(data(*found, language="zh"))
        )

    def test_nothing_found(self):
        told = page_text(data())
        assert "No breach was found in 5 shifts of 4 people." in told
        assert "Every rule could be checked on everyone." in told
        assert "Nothing was left out." in told

    def test_one_breach_that_two_laws_have_stands_once_by_the_strictest(self):
        told = page_text(data(rest(), rest(source="Company rule 7", limit=720)))
        assert told.count("2024-03-25 22:00 –") == 1
        assert "| rest-between-shifts | Company rule 7 | also: Directive art. 3 (11 h) |" in told
        assert "| 10 h | 12 h | 2 h |" in told
        assert "2 breaches" in told
        assert ", 2 h of rest missing in all" in told  # not 2 h and 1 h

    def test_two_breaches_of_one_law_are_two_whatever_their_figures(self):
        rules = (
            *rules_of(RULE_SET),
            *rules_of([rule for rule in centre_rules() if rule.name == "shift-template"]),
        )
        words = "a break is missing.", "a meal is missing."
        found = [rest(rule="shift-template", source="centre.toml", explanation=each) for each in words]
        told = page_text(data(*found, rules=rules))
        assert told.count("| shift-template | centre.toml | 2024-03-25 22:00 –") == 2
        assert "also: centre.toml" not in told
        assert all(f"| {each} |" in told for each in words)  # figures alone would not say what is wrong

    def test_which_of_several_binds(self):
        told = page_text(data())
        assert "Company rule 7 | binds" in told
        assert "Directive art. 3 | follows from Company rule 7" in told
        assert "Directive art. 5 | eu-wtd" in told  # alone: nothing to say

    def test_shifts_and_mend_stand_beside_the_breach(self):
        v = rest()
        told = page_text(data(v, mends={v: "Start 1 h later."}))
        assert "2024-03-25 晚 14:00–22:00 | 2024-03-26 早 08:00–16:00 | Start 1 h later." in told

    def test_a_reason_comes_with_the_fact_that_would_help(self):
        told = page_text(data(unknown()))
        assert "their birth date is not known. | born_on in agents.csv (--agents)" in told

    def test_what_was_left_out_of_the_file_stands_apart(self):
        told = page_text(data(unknown("file", "row 7: no person.")))
        assert told.index("Left out of the file") < told.index("row 7: no person.")
        assert "Nothing was left out" not in told

    def test_rows_not_judged_are_left_out_and_a_missing_zone_is_not_checked(self):
        rows, zone = (
            unknown("audit", "3 row(s) of the rota lie after the horizon."),
            unknown("audit", "No time zone was given."),
        )
        told = page_text(data(rows, zone))
        assert (
            told.index("No time zone was given. | --timezone")
            < told.index("Left out of the file")
            < told.index("3 row(s)")
        )

    def test_an_empty_rota_has_no_days(self):
        told = audit_told(data(days=0))
        assert told["settings"]["last_day"] is None
        assert "1969" not in page_text(data(days=0, first_day=0))

    def test_an_exception_is_no_breach_and_has_its_reason(self):
        v = rest(verdict="excepted", explanation="a1 rested. Recorded exception: flood, approved by Li.")
        told = page_text(data(v))
        assert "No breach was found" in told
        assert "1 covered by a recorded exception" in told
        assert "| 10 h | 11 h | 1 h |" in told
        assert "| flood, approved by Li. |" in told
        whole = replace(v, found=None, limit=None)
        assert "| a1 rested. Recorded exception: flood" in page_text(data(whole))

    def test_a_night_on_which_clocks_change_has_both_offsets(self):
        v = rest(start=at(5, 22), end=at(6, 8), found=540)  # ten hours by the clock
        told = page_text(data(v))
        assert "2024-03-30 22:00 (+0100) – | 2024-03-31 08:00 (+0200)" in told
        assert "| 9 h | 11 h | 2 h |" in told

    def test_a_person_with_another_clock_is_told_in_it(self):
        shanghai = ZoneInfo("Asia/Shanghai")
        told = page_text(data(rest(), zones={"a1": shanghai}))
        assert "Asia/Shanghai" in told
        assert "2024-03-26 05:00–15:00" in told  # 22:00 to 08:00 in Berlin

    def test_hostile_text_stays_text(self):
        v = rest(HOSTILE, source=HOSTILE, explanation=HOSTILE)
        audit = data(v, unknown(HOSTILE, HOSTILE), team=HOSTILE, mends={v: HOSTILE}, disclaimer=HOSTILE)
        audit = replace(audit, inputs=(InputRead("rota", HOSTILE, "00"),))
        parsed = Text(render_audit(audit, "d1ge57"))
        assert "script" not in parsed.tags
        assert parsed.open == []
        assert sum(HOSTILE in words.replace("&amp;", "&amp;") for words in parsed.words) >= 6

    def test_it_is_one_file_that_loads_nothing(self):
        page = render_audit(data(rest(), rest(day=3)), "d1ge57")
        assert "default-src &#39;none&#39;" in page
        assert "<script" not in page
        assert not re.findall(r"(?:src|href)=\"(?!#|data:)[^\"]*\"", page)
        assert not re.findall(r"https?://", page)

    def test_large_audits_say_openly_what_is_not_listed(self, monkeypatch):
        monkeypatch.setattr(audit_page_findings, "MOST_ONE_BY_ONE", 3)
        found = [rest("a1", day) for day in (1, 2, 3, 4)] + [rest("a2"), rest("a2", 2)]
        told = page_text(data(*found, mends_left_out=2))
        assert (
            "3 of 6 breaches stand here one by one; all of them are in audit.xlsx and violations.csv." in told
        )
        assert "looked for in the first 4 breaches only" in told
        assert "a2" not in told.partition("By person | Those with")[2].partition("What was not checked")[0]

    def test_whole_days_are_told_without_hours(self):
        week = rest(start=day_start(BERLIN, MONDAY), end=day_start(BERLIN, MONDAY + 7))
        assert "2024-03-25 – | 2024-03-31 |" in page_text(data(week))

    def test_how_articles_were_read_and_what_presets_leave_out(self):
        rules = rules_in_force(RuleSettings(presets=("cn-labour",)), with_centre=False)
        told = page_text(data(rules=rules_of(rules)))
        about = ABOUT["cn-labour"]
        assert f"read on {about.read_on}" in told
        assert about.not_in_here[0].split()[0] in told.partition("What the presets leave out")[2]
        assert "| second-hand |" in told or "| recalled |" in told or "| read |" in told

    def test_weeks_have_a_chart_from_two_on(self):
        one = data(rest())
        assert "<svg" not in render_audit(one, "x")
        weeks = pd.concat([one.tables["trend"]] * 2, ignore_index=True)
        weeks["week_from"] = ["2024-03-25", "2024-04-01"]
        page = render_audit(replace(one, tables={**one.tables, "trend": weeks}), "x")
        assert page.count('<rect class="breaches"') == 2


class TestWorkbook:
    def test_a_sheet_a_rule_and_the_others(self, sheets):
        made = sheets(data(rest(), unknown(), unknown("file", "row 7"), rest(rule="weekly-rest:minors")))
        assert list(made) == [
            "Summary", "rest-between-shifts", "weekly-rest minors", "By person", "By team", "By week", "Not checked",
            "Left out of the file",
        ]  # fmt: skip
        assert made["Left out of the file"][1][-1] == "row 7"
        assert made["Not checked"][1][-1].endswith("birth date is not known.")
        assert "No legal advice." in [cell for row in made["Summary"] for cell in row]

    def test_a_finding_has_real_dates_figures_shifts_and_mend(self, sheets):
        v = rest()
        head, row = sheets(data(v, mends={v: "Start later."}))["rest-between-shifts"]
        told = dict(zip(head, row, strict=True))
        assert (told["From (local)"], told["To (local)"]) == (
            datetime(2024, 3, 25, 22),
            datetime(2024, 3, 26, 8),
        )
        assert (told["Found"], told["Required"], told["Off by"], told["Unit"]) == (600, 660, 60, "minutes")
        assert told["Clock"] == "Europe/Berlin +01:00"
        assert (told["Mend"] if "Mend" in told else told["Smallest change that mends it"]) == "Start later."

    def test_both_offsets_where_clocks_change(self, sheets):
        head, row = sheets(data(rest(start=at(5, 22), end=at(6, 8), found=540)))["rest-between-shifts"]
        assert dict(zip(head, row, strict=True))["Clock"] == "Europe/Berlin +01:00 → +02:00"

    def test_text_is_text_and_never_a_formula(self, sheets, tmp_path):
        texts = ["=1+1", "+1", "-1", "@x", "\t=1", "https://x.example", "007"]
        rows = sheets(data(*(rest(text, explanation=text) for text in texts)))["rest-between-shifts"][1:]
        assert [[cell for cell in row if cell in texts] for row in rows] == [[text, text] for text in texts]
        with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
            parts = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
            assert not any("<f>" in part or "<hyperlink" in part for part in parts)
            assert 'quotePrefix="1"' in file.read("xl/styles.xml").decode()

    def test_chinese_throughout(self, sheets):
        made = sheets(data(rest(), language="zh"))
        assert list(made)[:2] == ["概要", "班次间休息"]
        assert made["班次间休息"][1][0] == "违规"

    def test_text_beyond_what_excel_holds_is_cut_and_not_lost(self, sheets):
        row = sheets(data(rest(explanation="长" * 40_000)))["rest-between-shifts"][1]
        assert max(len(str(cell)) for cell in row) == 32_767

    def test_more_rows_than_a_sheet_holds_go_on_in_the_next(self, sheets, monkeypatch):
        monkeypatch.setattr(workbook, "MOST_ROWS", 2)
        made = sheets(data(*(rest(day=day) for day in (1, 2, 3))))
        assert [len(made[name]) for name in ("rest-between-shifts", "rest-between-shifts (2)")] == [3, 2]

    @pytest.mark.parametrize(("name", "told"), [
        ("a" * 40, "a" * 31), ("[x]:*?/\\", "x"), ("'quoted'", "quoted"), ("", "-"), ("History", "History_"),
        ("班次间休息（未成年工）", "班次间休息（未成年工）"), (":", "-"),
    ])  # fmt: skip
    def test_names_of_sheets(self, name, told):
        assert sheet_name(name, set()) == told

    def test_names_of_sheets_are_unique_whatever_the_case(self):
        taken: set[str] = set()
        names = [sheet_name(name, taken) for name in ("x" * 40, "X" * 40, "x" * 35)]
        assert len({name.casefold() for name in names}) == 3
        assert all(len(name) <= 31 for name in names)

    def test_an_audit_without_findings_opens(self, sheets):
        made = sheets(data())
        assert next(iter(made)) == "Summary"
        assert made["Not checked"][0][0] == "Rule"


class TestFiles:
    def test_ids_are_stable_and_unique(self):
        a, b = data(rest(), rest(), rest("a2")), data(rest("a2"), rest())
        first, second, third = (found.id for found in a.findings)
        assert second == f"{first}-2"
        assert {third, first} == {found.id for found in b.findings}
        assert first == data(rest(explanation="said otherwise")).findings[0].id  # figures say it
        assert data(unknown()).findings[0].id != data(unknown(reason="another")).findings[0].id

    def test_signed_reports_differ_only_in_the_signature(self, tmp_path):
        for name, key in (("a", None), ("b", b"k" * 16)):
            (tmp_path / name).mkdir()
            write_audit_report(data(rest()), tmp_path / name, key, "2026-01-01T00:00:00Z" if key else "")
        plain, signed = (json.loads((tmp_path / name / "audit.json").read_text("utf-8")) for name in "ab")
        assert signed.pop("signature")["signed_at"] == "2026-01-01T00:00:00Z"
        assert plain == signed
        for name in ("violations.csv", "audit.html", "audit.xlsx"):
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()

    def test_rules_are_told_with_all_their_limits(self):
        told = audit_told(data())["rules"]
        assert told[1] == {
            "name": "rest-between-shifts", "source": "Company rule 7", "preset": "", "binds": True, "laxer_than": "",
            "limits": told[1]["limits"], "reading": [],
        }  # fmt: skip
        assert told[1]["limits"]["minimum_minutes"] == "720"
        assert told[0]["laxer_than"] == "Company rule 7"

    def test_no_time_or_place_is_told(self, tmp_path):
        assert str(tmp_path) not in json.dumps(audit_told(data(rest())))
        assert audit_told(data(rest()))["digest"] == audit_told(data(rest()))["digest"]


class TestTables:
    def test_rest_missing_counts_once_a_window_and_in_full_by_rule(self):
        tables = data(rest(), rest(source="Company rule 7", limit=720), rest("a2", found=650)).tables
        assert tables["people"].set_index("agent_id")["rest_minutes_missing"].to_dict() == {
            "a1": 120,
            "a2": 10,
        }
        assert tables["teams"]["rest_minutes_missing"].tolist() == [130]
        assert tables["trend"]["rest_minutes_missing"].tolist() == [130]
        by_rule = tables["rules"].set_index("source")["rest_minutes_missing"]
        assert by_rule.to_dict() == {"Directive art. 3": 70, "Company rule 7": 120, "Directive art. 5": 0}

    def test_what_is_no_rest_missing(self):
        changes = (
            {"verdict": "near"}, {"verdict": "excepted"}, {"unit": "days"}, {"found": 700}, {"rule": "contract-minutes"},
        )  # fmt: skip
        found = [replace(rest(f"a{k}"), **change) for k, change in enumerate(changes)]
        assert data(*found).tables["people"]["rest_minutes_missing"].tolist() == [0] * 5
        assert data(rest()).tables["people"]["rest_minutes_missing"].tolist() == [60]


class TestWords:
    def test_both_languages_have_the_same_gaps_to_fill(self):
        def holes(text: str) -> set[str]:
            return {name for _, name, _, _ in string.Formatter().parse(text) if name}

        assert {key: holes(en) for key, (en, _) in WORDS.items()} == {
            key: holes(zh) for key, (_, zh) in WORDS.items()
        }

    def test_every_rule_has_a_chinese_name(self):
        assert set(all_kinds()) <= set(RULES)

    def test_a_rule_without_one_goes_by_its_own(self):
        assert rule_name("new-rule:minors", "zh") == "new-rule（未成年工）"

    def test_articles_in_chinese(self):
        both = "State Council regulations on working hours 1995 art. 3: 8 hours; Labour Law of the PRC art. 41: 1 hour"
        assert law(both, "zh") == "《国务院关于职工工作时间的规定》（1995）第3条；《劳动法》第41条"
        assert law(both, "en") == both
        assert law("Labour Law of the PRC art. 61, art. 63: x (limit set in centre.toml)", "zh").startswith(
            "《劳动法》第61条、第63条（限值在"
        )
        assert law(f"{both}; ArbZG § 3: 10 hours", "zh").startswith("State Council")

    def test_facts_have_words_in_both_languages(self):
        assert all(en and zh for _, (en, zh) in FACTS)

    @pytest.mark.parametrize(("reason", "fact"), [
        ("the 17 weeks of the reference period are not all known.", "--before"), ("birth date of nobody is known.", "born_on"),
        ("no list of people with their contracts was given.", "contract"), ("protected periods of nobody is known.", "protections"),
        ("whether they waived the meal of a short shift is not known.", "opt_outs"), ("no list of people was given.", "--agents"),
        ("whether they opted out of it is not known.", "opt_outs"), ("when their shifts were told is not known.", "--published"),
        ("no calendar of public holidays is known.", "--calendar"), ("whether they worked nights before the known days", "--before"),
        ("their overtime of 6 months is known only in part.", "ledger.csv"), ("the centre's shift templates were not given", "--centre"),
        ("no list of people with their leave was given.", "leave.csv"), ("something that nobody thought of", ""),
    ])  # fmt: skip
    def test_what_would_help(self, reason, fact):
        found = Finding(unknown(reason=f"Not checked: {reason}"), "id")
        shown = audit_page_findings.told(found, Format("en", BERLIN, ""))
        assert fact in shown["fact"]
        assert bool(fact) == bool(shown["fact"])


class TestMends:
    def test_a_change_in_chinese(self):
        v = rest()
        change = Change(
            "start_later", MONDAY + 1, "早", (at(1, 8), at(1, 16)), (at(1, 9), at(1, 16)), 60, None
        )
        advice = Advice(v, Mend(v, (change,), 60, 3, "words", EMPTY), "")
        told = mends_told([advice], {}, BERLIN, "zh")[v]
        assert (
            told
            == "2024-03-26 的班次 08:00–16:00 改为 09:00–16:00（推迟 60 分钟开始）。已按全部 3 条规则复核。"
        )
        assert mends_told([advice], {}, BERLIN, "en")[v] == "words"

    @pytest.mark.parametrize(("kind", "after", "minutes", "words"), [
        ("drop", None, 480, "取消或改由他人承担（480 分钟）"), ("break", (8, 16), 15, "中 12:00 起的休息为 45 分钟（增加 15 分钟）"),
        ("move", (9, 17), 60, "整体推后 60 分钟"), ("move", (7, 15), -60, "整体提前 60 分钟"),
        ("end_earlier", (8, 15), 60, "提前 60 分钟结束"),
    ])  # fmt: skip
    def test_every_kind_of_change_has_words(self, kind, after, minutes, words):
        v = rest()
        ends = None if after is None else (at(1, after[0]), at(1, after[1]))
        pause = (at(1, 12), at(1, 12, 45)) if kind == "break" else None
        change = Change(kind, MONDAY + 1, "早", (at(1, 8), at(1, 16)), ends, minutes, pause)
        assert words in mends_told([Advice(v, Mend(v, (change,), 1, 3, "", EMPTY), "")], {}, BERLIN, "zh")[v]

    def test_why_there_is_none(self):
        v = rest()
        assert (
            mends_told([Advice(v, None, mends.MORE_THAN_ONE)], {}, BERLIN, "zh")[v]
            == "未找到：需要不止一处改动。"
        )
        assert mends_told([Advice(v, None, "whatever")], {}, BERLIN, "en")[v] == "None found: whatever."
        reasons = {getattr(mends, name) for name in ("NO_SHIFT", "NO_RULE", "NOT_ALONE", "MORE_THAN_ONE")}
        assert reasons == set(REASONS)

    def test_many_shifts_are_cut_and_counted(self):
        shift = (MONDAY, at(0, 8), at(0, 16), "")
        told = shifts_told([shift] * 20, BERLIN, "en")
        assert (len(told), told[0], told[-1]) == (15, "2024-03-25 08:00–16:00", "and 6 more")
        assert shifts_told([shift] * 20, BERLIN, "zh")[-1] == "另有 6 个班次"
