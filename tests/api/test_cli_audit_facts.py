"""`paiban audit`: when the rota was told, special days by class, protected periods and own clocks reach the rules."""

import csv
import json

import pytest

from api.commands import audit
from centre.instants import parse_instant

HEADER = "agent_id,day,start,end,activity,shift,paid\n"
SHIFT = "A1,2024-05-09,2024-05-09T06:00Z,2024-05-09T14:00Z,work:*,day,true\n"
PRESETS = 'presets = ["eu-wtd", "cn-labour", "customer-service"]'
RULES = """presets = []
overrides = { notice-of-change = { days = 14 }, special-day-ban = { days = "holidays" } }"""


@pytest.fixture(name="rota")
def rota_fixture(tmp_path):
    path = tmp_path / "rota" / "rota.csv"
    path.parent.mkdir()
    path.write_text(HEADER + SHIFT, encoding="utf-8")
    return path


@pytest.fixture(name="own")
def own_fixture(folder, edit):
    """The small centre folder with rules on notice and holidays, and the id of its first agent."""
    edit(folder / "centre.toml", PRESETS, RULES)
    with (folder / "agents.csv").open(encoding="utf-8") as file:
        first = next(csv.DictReader(file))["agent_id"]
    return folder, first


def findings(run, tmp_path, *words):
    """(rule, verdict, found) of the findings about notice and holidays, by rule."""
    out = tmp_path / "out.csv"
    run("audit", *words, "--out", out)
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        r["rule"]: (r["verdict"], r["found"]) for r in rows if r["rule"].startswith(("notice", "special"))
    }


def theirs(rota, agent_id, day):
    rota.write_text(HEADER + SHIFT.replace("A1", agent_id).replace("2024-05-09", day), encoding="utf-8")
    return rota


def test_when_it_was_told_and_holidays_of_the_country_reach_the_rules(own, rota, run, tmp_path):
    centre, agent_id = own
    theirs(rota, agent_id, "2026-05-01")  # Labour Day in China
    told = findings(run, tmp_path, rota, "--centre", centre)
    assert told == {"notice-of-change": ("not_checked", ""), "special-day-ban": ("breach", "1")}
    late = findings(run, tmp_path, rota, "--centre", centre, "--published", "2026-04-18T00:00")
    assert late["notice-of-change"] == ("breach", "13")
    early = findings(run, tmp_path, rota, "--centre", centre, "--published", "2026-04-17T23:59")
    assert "notice-of-change" not in early


def test_the_plan_beside_may_say_when_it_was_told(own, rota, run, tmp_path):
    centre, agent_id = own
    theirs(rota, agent_id, "2026-05-06")
    beside = rota.parent / "plan.json"
    for published, expected in (
        ("2026-04-22T16:00:00Z", ("breach", "13")),
        (None, ("not_checked", "")),
        ("soon", ("not_checked", "")),
    ):
        beside.write_text(json.dumps({"published_at": published}), encoding="utf-8")
        assert findings(run, tmp_path, rota, "--centre", centre)["notice-of-change"] == expected
    assert "notice-of-change" not in findings(
        run, tmp_path, rota, "--centre", centre, "--published", "2026-04-01T08:00Z"
    )


def test_a_calendar_file_stands_in_place_of_the_countrys(own, rota, run, tmp_path):
    centre, agent_id = own
    theirs(rota, agent_id, "2026-05-01")
    table = tmp_path / "calendar.csv"
    table.write_text("date,name,class\n2026-05-06,Day of ours,statutory\n", encoding="utf-8")
    assert "special-day-ban" not in findings(run, tmp_path, rota, "--centre", centre, "--calendar", table)
    theirs(rota, agent_id, "2026-05-06")
    told = findings(run, tmp_path, rota, "--centre", centre, "--calendar", table)
    assert told["special-day-ban"] == ("breach", "1")


def test_an_instant_that_is_none_is_named(rota, run):
    code, told = run("audit", rota, "--rules", "eu-wtd", "--published", "yesterday")
    assert code == 2
    assert "--published" in json.dumps(told)


def test_without_a_centre_the_instant_is_read_in_the_zone_given(rota, monkeypatch, run):
    seen = []
    monkeypatch.setattr("scheduler.audit._rules", lambda rules: seen.append(rules) or iter(()))
    kept = []
    original = audit._without_centre
    monkeypatch.setattr(audit, "_without_centre", lambda args: kept.append(original(args)) or kept[-1])
    words = [
        "audit",
        rota,
        "--rules",
        "eu-wtd",
        "--published",
        "2024-05-01T08:00",
        "--timezone",
        "Asia/Shanghai",
    ]
    run(*words)
    facts = kept[0][2]
    assert facts.published_at == parse_instant("2024-05-01T00:00Z", facts.zone)
    assert facts.special_days is None


def test_protections_accounts_teams_and_clocks_reach_the_facts(own, rota, monkeypatch, run):
    centre, agent_id = own
    theirs(rota, agent_id, "2026-05-06")
    (centre / "protections.csv").write_text(
        f"agent_id,kind,start,end\n{agent_id},nursing,2026-05-01,\n", encoding="utf-8"
    )
    kept = []
    original = audit._with_centre
    monkeypatch.setattr(audit, "_with_centre", lambda args: kept.append(original(args)) or kept[-1])
    run("audit", rota, "--centre", centre)
    person = kept[0][2].people[agent_id]
    assert [kind for kind, _, _ in person.protections] == ["nursing"]
    assert person.team
    assert person.contract_name
    others = [p for name, p in kept[0][2].people.items() if name != agent_id]
    assert all(p.protections == () for p in others)


def test_without_a_centre_too_naive_times_are_of_each_persons_own_clock(run, tmp_path):
    """Nine hours between two shifts by Berlin's clock on the night on which its clocks go forward; ten in Shanghai."""
    rows = [
        f"{who},{at}"
        for who in ("b", "s")
        for at in ("2026-03-28T14:00,2026-03-28T22:00", "2026-03-29T08:00,2026-03-29T16:00")
    ]
    (tmp_path / "worked.csv").write_text(
        "\n".join(["agent_id,clock_in,clock_out", *rows, ""]), encoding="utf-8"
    )
    people = [
        f"{who},,t,junior,,full,{zone}" for who, zone in (("b", "Europe/Berlin"), ("s", "Asia/Shanghai"))
    ]
    header = "agent_id,name,team,level,skills,contract,timezone"
    (tmp_path / "agents.csv").write_text("\n".join([header, *people, ""]), encoding="utf-8")
    words = ("--rules", "eu-wtd", "--agents", tmp_path / "agents.csv", "--timezone", "UTC")
    _, told = run("audit", tmp_path / "worked.csv", *words)
    rest = {
        v["agent_id"]: v["found"]
        for v in told["violations"]
        if v["rule"] == "rest-between-shifts" and v["found"]
    }
    assert rest == {"b": 540, "s": 600}


def test_without_a_centre_protected_periods_come_with_the_list_of_people(rota, run, tmp_path):
    rota.write_text(HEADER + SHIFT.replace("T14:00Z", "T16:01Z"), encoding="utf-8")
    agents, protections = tmp_path / "agents.csv", tmp_path / "protections.csv"
    agents.write_text("agent_id,name,team,level,skills,contract\nA1,,t,junior,,full\n", encoding="utf-8")
    protections.write_text("agent_id,kind,start,end\nA1,pregnancy,2024-05-09,\n", encoding="utf-8")
    words = ("audit", rota, "--rules", "cn-labour", "--timezone", "Asia/Shanghai")
    _, told = run(*words, "--agents", agents, "--protections", protections)
    found = {v["rule"]: v["verdict"] for v in told["violations"] if v["rule"].endswith(":protected")}
    assert found["daily-hours:protected"] == found["no-night-work:protected"] == "breach"
    assert "pregnan" not in str(told)
    code, told = run(*words, "--protections", protections)
    assert (code, told["faults"][0]["file"]) == (2, "--protections")
