"""``[[mix]]`` and the newer settings of ``[objective]``: what they say, and every way of saying it wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from centre.errors import BadInput
from centre.folder import read_centre
from centre.model import Mix, Objective, Opening, Settings
from centre.toml_file import read_settings

Edit = Callable[[Path, str, str], None]
LEAD = '\n[[mix]]\nname = "值班主管"\nlevels = ["senior"]\n'


def with_mix(folder: Path, text: str) -> Path:
    """The folder with more sections in its settings."""
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(text)
    return folder


def settings_of(folder: Path, text: str) -> Settings:
    return read_settings(with_mix(folder, text) / "centre.toml")


def told(folder: Path, text: str) -> dict[str, tuple[str, str]]:
    """Dotted path -> (found, expected) of every fault."""
    with pytest.raises(BadInput) as caught:
        read_centre(with_mix(folder, text))
    assert {fault.file for fault in caught.value.faults} == {"centre.toml"}
    return {fault.column: (fault.found, fault.expected) for fault in caught.value.faults}


def test_a_mix_is_read_with_its_defaults_and_with_everything(folder: Path) -> None:
    full = (
        '[[mix]]\nname = "seniors"\nlevels = ["senior", "manager"]\nroles = []\nteams = ["one"]\nskills = ["calls"]\n'
        'of = "queue:客服"\nshare = 0.25\nprice_per_hour = 90.0\n'
        'hours = [{ days = ["sat"], opens = "20:00", closes = "26:00" }]\n'
    )
    plain, told_all = settings_of(folder, f"{LEAD}minimum = 1\n{full}").mix
    assert plain == Mix("值班主管", levels=("senior",), minimum=1)
    assert told_all == Mix(
        "seniors", ("senior", "manager"), (), ("one",), ("calls",), "queue:客服", None, 0.25, (),
        (Opening((5,), 1200, 1560),), 90.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "found", "expected"),
    [
        ("", "minimum", "neither", "either minimum (people) or share (of those at work)"),
        ("minimum = 1\nshare = 0.5", "minimum", "both", "either minimum"),
        ("minimum = 0", "minimum", "0", "more than 0"),
        ("minimum = 1.5", "minimum", "1.5", "a whole number"),
        ("share = 1.2", "share", "1.2", "a share between 0 and 1"),
        ("share = 0.0", "share", "0.0", "more than 0"),
        ('minimum = 1\nlevel = "senior"', "level", "level", "(did you mean 'levels'?)"),
        ('minimum = 1\nroles = "lead"', "roles", "lead", "a list in square brackets"),
        ('minimum = 1\nof = "calls"', "of", "calls", '"all", "queue:NAME", "team:NAME" or "site:NAME"'),
        ('minimum = 1\nof = "team:"', "of", "team:", '"team:NAME"'),
        ('minimum = 1\nof = "queue:call"', "of", "call", "(did you mean 'calls'?)"),
        ('minimum = 1\nskills = ["calls", "chat", "mail"]', "skills.2", "chat", "a queue of centre.toml"),
        ('minimum = 1\nqueues = ["客服组"]', "queues.1", "客服组", "(did you mean '客服'?)"),
        ("minimum = 1\nprice_per_hour = -1.0", "price_per_hour", "-1.0", "0 or more"),
        ('minimum = 1\nteams = ["two"]', "teams", "two", "one that somebody in agents.csv has"),
        ('minimum = 1\nroles = ["qa"]', "roles", "qa", "one that somebody in agents.csv has"),
        ('minimum = 1\nof = "site:上海"', "of", "上海", "one that somebody in agents.csv has"),
        (
            'minimum = 1\nqueues = ["calls"]\nhours = [{ days = ["mon"], opens = "08:00", closes = "09:00" }]',
            "hours", "both", "hours of its own or queues whose open hours it keeps, not both",
        ),
        (
            'minimum = 1\nhours = [{ days = ["mon"], opens = "09:00", closes = "08:00" }]',
            "hours.1.closes", "08:00", "a time after opens",
        ),
        (
            'minimum = 1\nhours = [{ days = ["mon"], opens = 9, closes = "10:00" }]',
            "hours.1.opens", "9", "a clock time in quotes",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_named_by_table_key_value_and_what_was_expected(
    folder: Path, text: str, where: str, found: str, expected: str
) -> None:
    faults = told(folder, f"{LEAD}{text}\n")
    assert faults[f"mix.值班主管.{where}"][0] == found
    assert expected in faults[f"mix.值班主管.{where}"][1]


def test_faults_of_all_mixes_are_told_at_once(folder: Path) -> None:
    faults = told(
        folder,
        f'{LEAD}minimum = 1\nskills = ["a", "b"]\n[[mix]]\nname = "n"\nshare = 0.5\n{LEAD}minimum = 1\n',
    )
    assert set(faults) == {"mix.值班主管.skills.1", "mix.值班主管.skills.2", "mix.n.share", "mix.3.name"}
    assert faults["mix.n.share"] == (
        "none of them",
        "levels, roles, teams or skills that the share is made of",
    )
    assert faults["mix.3.name"][1] == "a name that no other mix has"


def test_a_mix_that_nobody_meets_is_a_warning(folder: Path) -> None:
    centre = read_centre(
        with_mix(
            folder,
            f'{LEAD}minimum = 1\nof = "queue:calls"\n[[mix]]\nname = "m"\nlevels = ["manager"]\nminimum = 1\n',
        )
    )
    assert [w for w in centre.warnings if "mix" in w] == [
        "centre.toml: [[mix]] m: nobody in agents.csv is one of those who count"
    ]


def test_an_objective_is_read_with_clocks_and_weekdays(folder: Path) -> None:
    objective = settings_of(
        folder,
        '[objective]\nstart_change = 15.0\nnight_from = "22:00"\nlate_after = "24:30"\nweekend_days = ["fri", "sat"]\n'
        'fairness_among = "level"\n',
    ).objective
    assert objective == Objective(
        start_change=15.0, night_from=1320, late_after=1470, weekend_days=(4, 5), fairness_among="level"
    )


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("change = -1.0", "change", "0 or more"),
        ("unfair_night = true", "unfair_night", "a number"),
        ("fairness_span_shifts = 0.0", "fairness_span_shifts", "more than 0"),
        ("start_change_tolerance_minutes = 721", "start_change_tolerance_minutes", "720 or less"),
        ("night_from = 22", "night_from", "a clock time in quotes"),
        ('weekend_days = ["saturday"]', "weekend_days", "a list of weekdays"),
        ('fairness_among = "site"', "fairness_among", "one of 'all', 'team', 'level' or 'role'"),
        ("start_chang = 1.0", "start_chang", "(did you mean 'start_change'?)"),
    ],
)
def test_a_wrong_price_is_named(folder: Path, text: str, where: str, expected: str) -> None:
    assert expected in told(folder, f"[objective]\n{text}\n")[f"objective.{where}"][1]


def test_accounts_of_shifts_are_kept_in_shifts(folder: Path) -> None:
    (folder / "ledger.csv").write_text(
        "agent_id,account,period,amount,unit,as_of\nA001,nights,2024-02,3,shifts,2024-03-01\n"
        "A002,nights,2024-02,3,hours,2024-03-01\nA002,lates,2024-02,-1,,2024-03-01\nA002,owed,2024-02,-3,hours,2024-03-01\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        read_centre(folder)
    assert [(f.row, f.column, f.found, f.expected) for f in caught.value.faults] == [
        (3, "unit", "hours", "shifts or days, in which the account is kept"),
        (4, "amount", "-1", "a number of shifts, 0 or more"),
    ]


def test_an_earlier_rota_in_the_folder_is_read(folder: Path) -> None:
    rota = (folder / "rota_before.csv").read_text(encoding="utf-8")
    assert read_centre(folder).rota_earlier is None
    (folder / "rota_earlier.csv").write_text(rota, encoding="utf-8")
    earlier = read_centre(folder).rota_earlier
    assert earlier is not None
    assert earlier["agent_id"].tolist() == ["A001", "A001"]
