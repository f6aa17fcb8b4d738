"""``[[backup]]``, ``[[peak]]``, ``[[leave_quota]]`` and ``backup.csv``: what they say, and every way of saying it wrong."""

from datetime import date
from pathlib import Path

import pytest

from centre.backup_file import BackupMember
from centre.errors import BadInput
from centre.folder import Centre, read_centre
from centre.model import Backup, LeaveQuota, Peak, Trigger

POOL = '\n[[backup]]\nname = "后备组"\nqueues = ["calls"]\n'
PEAK = '\n[[peak]]\nname = "双11"\n'
QUOTA = '\n[[leave_quota]]\nname = "节前"\n'


def read(folder: Path, text: str, members: str = "") -> Centre:
    """The folder with more sections in its settings, and a backup.csv."""
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(text)
    if members:
        (folder / "backup.csv").write_text(members, encoding="utf-8")
    return read_centre(folder)


def told(folder: Path, text: str, members: str = "") -> dict[str, tuple[str, str]]:
    """Column -> (found, expected) of every fault."""
    with pytest.raises(BadInput) as caught:
        read(folder, text, members)
    return {fault.column: (fault.found, fault.expected) for fault in caught.value.faults}


def test_a_pool_without_a_file_has_people_named_after_it(folder: Path) -> None:
    centre = read(folder, f"{POOL}agents = 12\nspeed = 0.8\nhourly_cost = 50.0\n")
    assert centre.settings.backup == (Backup("后备组", ("calls",), 12, speed=0.8, hourly_cost=50.0),)
    assert len(centre.backup) == 12
    assert centre.backup[0] == BackupMember("后备组", "后备组-01", (("calls", 0.8),), 50.0)
    assert centre.backup[-1].agent_id == "后备组-12"


def test_people_of_the_file_have_skills_and_costs_of_their_own(folder: Path) -> None:
    inside = read_centre(folder).agents[0].agent_id
    members = f"pool,agent_id,skills,hourly_cost\n后备组,外援甲,calls:0.7,61.5\n后备组,{inside},,\n"
    centre = read(folder, f"{POOL}hourly_cost = 50.0\n", members)
    assert centre.backup == (
        BackupMember("后备组", "外援甲", (("calls", 0.7),), 61.5),
        BackupMember("后备组", inside, (("calls", 1.0),), 50.0, employed=True),
    )
    assert "backup.csv" in centre.checksums


def test_triggers_are_over_at_four_fifths_unless_told(folder: Path) -> None:
    also = 'also = [{ when = "service_level", threshold = 0.6 }, { when = "waiting", threshold = 9.0, release_threshold = 2.0 }]'
    (pool,) = read(folder, f"{POOL}agents = 1\n{also}\n").settings.backup
    assert pool.triggers[0] == Trigger("customers_online", 50.0)
    assert [trigger.release for trigger in pool.triggers] == pytest.approx([40.0, 0.68, 2.0])


@pytest.mark.parametrize(
    ("text", "where", "found", "expected"),
    [
        ("", "agents", "nobody", "nobody is available"),
        ('agents = 3\nkind = "support"', "agents", "a number of agents", "people of agents.csv"),
        ("agents = 1\nmaximum_minutes = 30.0", "maximum_minutes", "30.0", "60 (minimum_minutes) or more"),
        ("agents = 1\nhours = []", "hours", "none", "some hours"),
        (
            'agents = 1\nhours = [{ days = ["mon"], opens = "10:00", closes = "10:30" }]',
            "hours.1.closes",
            "10:00 to 10:30",
            "the shortest call-out, 60 minutes",
        ),
        (
            'agents = 1\nhours = [{ days = ["mon"], opens = "01:00", closes = "03:00" }]',
            "hours",
            "01:00 to 03:00",
            "no other time can a trigger fire",
        ),
        ("agents = 1\nrelease_threshold = 51.0", "release_threshold", "51.0", "no more than the threshold"),
        ('agents = 1\ntrigger = "service_level"\nthreshold = 1.0', "threshold", "1.0", "below 1"),
        (
            'agents = 1\nalso = [{ when = "service_level", threshold = 0.6, release_threshold = 0.5 }]',
            "also.1.release_threshold",
            "0.5",
            "more than the threshold, 0.6",
        ),
        ("agents = 1\nthresholds = 5", "thresholds", "thresholds", "did you mean 'threshold'"),
    ],
)
def test_a_pool_that_cannot_help_is_told(
    folder: Path, text: str, where: str, found: str, expected: str
) -> None:
    faults = told(folder, f"{POOL}{text}\n")
    path = f"backup.后备组.{where}"
    assert list(faults) == [path]
    assert faults[path][0] == found
    assert expected in faults[path][1]


def test_every_wrong_row_of_the_file_is_told(folder: Path) -> None:
    rows = "pool,agent_id,skills,hourly_cost\n后备,x1,,\n后备组,x2,客服,\n后备组,x3,,-1\n后备组,x4,,\n后备组,x4,,\n"
    with pytest.raises(BadInput) as caught:
        read(folder, f"{POOL}\n", rows)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "pool"), (4, "hourly_cost"), (5, "agent_id"), (6, "agent_id"), (3, "skills"),
    ]  # fmt: skip


def test_numbers_of_people_that_disagree_are_told(folder: Path) -> None:
    faults = told(folder, f"{POOL}agents = 3\n", "pool,agent_id\n后备组,x1\n后备组,x2\n")
    assert faults["backup.后备组.agents"] == ("3", "the number of its people in backup.csv, 2, or no number")


def test_support_is_people_who_are_at_work(folder: Path) -> None:
    faults = told(folder, f'{POOL}kind = "support"\n', "pool,agent_id\n后备组,外援甲\n")
    assert faults["agent_id"] == (
        "外援甲",
        "a person of agents.csv: support comes from people who are at work",
    )


def test_a_peak_and_a_quota_are_read(folder: Path) -> None:
    text = (
        f'{PEAK}dates = [2026-11-11]\nopens = "09:00"\ntarget_share = 0.9\ncontainment_share = 0.3\n'
        f"{QUOTA}at_most = 2\npeaks = ['双11']\n"
    )
    settings = read(folder, text).settings
    assert settings.peak == (
        Peak("双11", (date(2026, 11, 11),), opens=540, target_share=0.9, containment_share=0.3),
    )
    assert settings.leave_quota == (LeaveQuota("节前", at_most=2, peaks=("双11",)),)


@pytest.mark.parametrize(
    ("text", "where", "found", "expected"),
    [
        (PEAK, "peak.双11.dates", "none of them", "days: dates, events"),
        (f'{PEAK}dates = ["11.11."]', "peak.双11.dates.1", "11.11.", "date"),
        (
            f'{PEAK}dates = [2026-11-11]\nqueues = ["call"]',
            "peak.双11.queues.1",
            "call",
            "did you mean 'calls'",
        ),
        (f'{PEAK}dates = [2026-11-11]\nopens = "25:00"', "peak.双11.opens", "25:00", "a clock time"),
        (f'{PEAK}dates = [2026-11-11]\ncallback_to = "calls"', "peak.双11.callback_to", "calls", "may wait"),
        (QUOTA, "leave_quota.节前.at_most", "neither", "either at_most"),
        (f"{QUOTA}at_most = 1\npeaks = ['双12']", "leave_quota.节前.peaks", "双12", "a [[peak]]"),
        (
            f"{QUOTA}at_most = 1\n{QUOTA.replace('节前', '又')}at_most = 2",
            "leave_quota.又.at_most",
            "at_most 2",
            "[[leave_quota]] 节前 says at_most 1",
        ),
    ],
)
def test_peaks_and_quotas_that_cannot_be_are_told(
    folder: Path, text: str, where: str, found: str, expected: str
) -> None:
    faults = told(folder, text + "\n")
    assert list(faults) == [where]
    assert faults[where][0] == found
    assert expected in faults[where][1]
