"""Rules for some people and recorded exceptions, from the files of a centre to the audit's words."""

import shutil

import pytest


@pytest.fixture(name="centre")
def centre_fixture(week, tmp_path):
    """A centre folder to be changed, and a rota of it."""
    folder = tmp_path / "centre"
    shutil.copytree(week[0], folder)
    *kept, last = (folder / "agents.csv").read_text(encoding="utf-8").splitlines()
    people = [*kept, last.replace("full-time", "part-time"), ""]
    (folder / "agents.csv").write_text("\n".join(people), encoding="utf-8")
    return folder, week[1] / "rota.csv"


def scope(folder, *lines):
    toml = (folder / "centre.toml").read_text(encoding="utf-8")
    told = "\n".join(["", "[[rules.scoped]]", 'label = "few"', *lines, ""])
    (folder / "centre.toml").write_text(toml + told, encoding="utf-8")


def agents(folder):
    lines = (folder / "agents.csv").read_text(encoding="utf-8").splitlines()
    return [line.split(",")[0] for line in lines[1:]]


def broken(told, rule):
    return [v["agent_id"] for v in told["violations"] if v["rule"] == rule and v["verdict"] == "breach"]


FEW = ('rule = "weekly-hours"', "minutes = 60", 'contracts = ["full-time"]')


def test_a_rule_for_one_contract_binds_only_its_people(centre, run):
    folder, rota = centre
    scope(folder, *FEW)
    code, told = run("audit", rota, "--centre", folder)
    contracts = [line.split(",") for line in (folder / "agents.csv").read_text(encoding="utf-8").splitlines()]
    place = contracts[0].index("contract")
    full = {row[0] for row in contracts[1:] if row[place] == "full-time"}
    assert code == 1
    assert set(broken(told, "weekly-hours:few")) == full
    assert full < set(agents(folder))


def test_a_scope_that_is_wrong_is_told_before_anything_is_judged(centre, run):
    folder, rota = centre
    scope(folder, 'rule = "weekly-hours"', "minutes = 60", 'contract = ["full-time"]')
    code, told = run("audit", rota, "--centre", folder)
    assert code == 2
    assert {fault["column"] for fault in told["faults"]} == {"rules.scoped 1"}


def test_a_birth_date_that_is_missing_is_not_checked_and_no_pass(centre, run):
    folder, rota = centre
    scope(folder, 'rule = "no-night-work"', "under_age = 18")
    _, told = run("audit", rota, "--centre", folder)
    (finding,) = [v for v in told["violations"] if v["rule"] == "no-night-work:few"]
    assert finding["verdict"] == "not_checked"
    assert "birth date" in finding["explanation"]


@pytest.mark.parametrize("own", [True, False])
def test_recorded_exceptions_stay_in_the_audit_with_their_reason(centre, run, tmp_path, own):
    folder, rota = centre
    scope(folder, *FEW)
    _, before = run("audit", rota, "--centre", folder)
    first = sorted(broken(before, "weekly-hours:few"))[0]
    path = (folder if own else tmp_path) / "exceptions.csv"
    row = f"weekly-hours:few,{first},2026-02-23,2026-03-01,公司搬迁,HR"
    path.write_text(f"rule,agent_id,start,end,reason,approved_by\n{row}\n", encoding="utf-8")
    code, told = run("audit", rota, "--centre", folder, *(() if own else ("--exceptions", path)))
    assert code == 1
    assert broken(told, "weekly-hours:few") == [a for a in broken(before, "weekly-hours:few") if a != first]
    (kept,) = [v for v in told["violations"] if v["verdict"] == "excepted"]
    assert (kept["agent_id"], kept["found"]) == (
        first,
        next(v for v in before["violations"] if v["agent_id"] == first)["found"],
    )
    assert kept["explanation"].endswith("Recorded exception: 公司搬迁, approved by HR.")


def test_an_exception_for_a_rule_that_is_not_in_force_is_bad_input(centre, run):
    folder, rota = centre
    row = "weekly-hourz,,2026-02-23,2026-03-01,x"
    (folder / "exceptions.csv").write_text(f"rule,agent_id,start,end,reason\n{row}\n", encoding="utf-8")
    code, told = run("audit", rota, "--centre", folder)
    (fault,) = told["faults"]
    assert (code, fault["file"], fault["row"], fault["found"]) == (2, "exceptions.csv", 2, "weekly-hourz")
    assert "weekly-hours" in fault["expected"]


def test_a_shift_that_was_changed_too_late(centre, run, tmp_path, edit):
    folder, rota = centre
    edit(folder / "centre.toml", "[rules]", "[rules.overrides.notice-of-change]\ndays = 14\n\n[rules]")
    rows = [line.split(",") for line in rota.read_text(encoding="utf-8").splitlines()[1:]]
    agent_id, day = rows[0][:2]
    (tmp_path / "notices.csv").write_text(
        f"agent_id,day,told_at\n{agent_id},{day},2026-02-20T10:00\n", encoding="utf-8"
    )
    words = ("audit", rota, "--centre", folder, "--published", "2026-02-09T23:59")
    _, told = run(*words)
    assert broken(told, "notice-of-change") == []
    _, told = run(*words, "--notices", tmp_path / "notices.csv")
    assert broken(told, "notice-of-change") == [agent_id]
    _, told = run("audit", rota, "--centre", folder)
    assert [v["verdict"] for v in told["violations"] if v["rule"] == "notice-of-change"] == ["not_checked"]
