"""Tables of findings: by hand, and totals that agree with the findings whatever they are."""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number
from scheduler.audit_tables import audit_tables
from scheduler.evidence import Evidence, iso_week
from scheduler.rules.facts import Facts, Person
from scheduler.rules.rule import Violation

UTC = ZoneInfo("UTC")
SUNDAY = day_number(date(2024, 12, 29))
PEOPLE = {
    name: Person(name, team=team) for name, team in (("a", "red"), ("b", "red"), ("c", "蓝"), ("d", ""))
}
FACTS = Facts(UTC, SUNDAY, 14, week_start=6, people=PEOPLE)


def finding(agent_id, day, short, rule="rest", unit="minutes", verdict="breach", source="art. 3"):
    limit = None if short is None else 100.0
    found = None if short is None else limit - short
    v = Violation(rule, source, agent_id, day * 1440, day * 1440 + 60, found, limit, unit, verdict, "")
    unchecked = verdict == "not_checked"
    team = PEOPLE[agent_id].team if agent_id in PEOPLE else ""
    return Evidence(v, (), short, "" if unchecked else iso_week(day), team, None if unchecked else day)


TOLD = [
    finding("a", SUNDAY, 10),
    finding("a", SUNDAY + 1, 5),
    finding("b", SUNDAY + 1, 2, "days", "days"),
    finding("b", SUNDAY + 8, 90),
    finding("c", SUNDAY + 8, None, "shifts", "", source="contract"),
    finding("c", SUNDAY + 8, 40, verdict="near"),
    finding("a", SUNDAY + 8, 40, verdict="excepted"),
    finding("", SUNDAY, None, verdict="not_checked"),
    finding("stranger", SUNDAY, 1),
]


def rows(table, *columns):
    return list(table[list(columns)].itertuples(index=False, name=None))


def test_people_worst_first_and_those_without_a_breach():
    table = audit_tables(TOLD, FACTS, ["e"])["people"]
    columns = (
        "agent_id",
        "team",
        "breaches",
        "minutes_short",
        "excepted",
        "near",
        "rules_broken",
        "weeks_with_breach",
    )
    assert rows(table, *columns) == [
        ("b", "red", 2, 90, 0, 0, 2, 2),
        ("a", "red", 2, 15, 1, 0, 1, 1),
        ("stranger", "", 1, 1, 0, 0, 1, 1),
        ("c", "蓝", 1, 0, 0, 1, 1, 1),
        ("d", "", 0, 0, 0, 0, 0, 0),
        ("e", "", 0, 0, 0, 0, 0, 0),
    ]


def test_teams_with_the_share_of_their_people():
    table = audit_tables(TOLD, FACTS)["teams"]
    columns = ("team", "people", "breaches", "minutes_short", "people_with_breach", "share_of_people")
    assert rows(table, *columns) == [
        ("red", 2, 4, 105, 2, 1.0),
        ("", 2, 1, 1, 1, 0.5),
        ("蓝", 1, 1, 0, 1, 1.0),
    ]


def test_rules_with_their_source_and_what_was_not_checked():
    table = audit_tables(TOLD, FACTS)["rules"]
    columns = (
        "rule",
        "source",
        "breaches",
        "minutes_short",
        "excepted",
        "near",
        "not_checked",
        "people_with_breach",
    )
    assert rows(table, *columns) == [
        ("rest", "art. 3", 4, 106, 1, 1, 1, 3),
        ("days", "art. 3", 1, 0, 0, 0, 0, 1),
        ("shifts", "contract", 1, 0, 0, 0, 0, 1),
    ]


def test_iso_weeks_and_calendar_weeks_over_the_turn_of_the_year():
    tables = audit_tables(TOLD, FACTS)
    # Sunday 29 December ends ISO week 52 but begins the centre's week
    assert rows(tables["iso_weeks"], "iso_week", "breaches", "minutes_short") == [
        ("2025-W02", 2, 90), ("2024-W52", 2, 11), ("2025-W01", 2, 5)
    ]  # fmt: skip
    assert rows(tables["weeks"], "week_from", "breaches", "minutes_short", "people_with_breach") == [
        ("2024-12-29", 4, 16, 3), ("2025-01-05", 2, 90, 2)
    ]  # fmt: skip


def test_the_trend_has_every_week_of_the_horizon_in_order():
    quiet = Facts(UTC, SUNDAY - 7, 21, week_start=6, people=PEOPLE)
    table = audit_tables(TOLD, quiet)["trend"]
    columns = ("week_from", "breaches", "minutes_short", "people_with_breach", "share_of_people")
    assert rows(table, *columns) == [
        ("2024-12-22", 0, 0, 0, 0.0), ("2024-12-29", 4, 16, 3, 0.6), ("2025-01-05", 2, 90, 2, 0.4)
    ]  # fmt: skip


def test_without_findings_or_people_tables_are_empty_but_there():
    tables = audit_tables([], Facts(UTC, SUNDAY, 0))
    assert {name: len(table) for name, table in tables.items()} == dict.fromkeys(
        ("people", "teams", "rules", "iso_weeks", "weeks", "trend"), 0
    )
    assert all({"breaches", "minutes_short"} <= set(table.columns) for table in tables.values())


FINDINGS = st.builds(
    finding,
    st.sampled_from(["a", "b", "c", "stranger"]),
    st.integers(SUNDAY, SUNDAY + 13),
    st.one_of(st.none(), st.integers(0, 500)),
    st.sampled_from(["rest", "hours"]),
    st.sampled_from(["minutes", "days"]),
    st.sampled_from(["breach", "near", "excepted", "not_checked"]),
    st.sampled_from(["x", "y"]),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(FINDINGS, max_size=30))
def test_totals_agree_with_the_findings(told):
    tables = audit_tables(told, FACTS)
    breaches = [e for e in told if e.violation.verdict == "breach"]
    minutes = sum(e.short or 0 for e in breaches if e.violation.unit == "minutes")
    for table in tables.values():
        assert table["breaches"].sum() == len(breaches)
        assert table["minutes_short"].sum() == minutes
        for verdict in ("near", "excepted"):
            assert table[verdict].sum() == sum(e.violation.verdict == verdict for e in told)
    assert tables["rules"]["not_checked"].sum() == sum(e.violation.verdict == "not_checked" for e in told)
    with_breach = {e.violation.agent_id for e in breaches}
    assert set(tables["people"].query("breaches > 0")["agent_id"]) == with_breach
    assert tables["teams"]["people_with_breach"].sum() == len(with_breach)
    assert set(PEOPLE) <= set(tables["people"]["agent_id"])
