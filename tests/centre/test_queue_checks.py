"""Queues together: what each of them may say of the others, and every way of saying it wrong."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from centre.errors import BadInput, Faults
from centre.model import Backup, FollowUp, LossWhen, Routing, Settings
from centre.toml_file import read_draft, read_settings

TOML = """
[centre]
name = "客户服务中心"
timezone = "Asia/Shanghai"

[[queue]]
name = "热线"
target_seconds = 20
patience_seconds = 120
pool = "一线"
redial_share = 0.3
first_contact_resolution = 0.8
repeat_share = 0.6
transfer_share = 0.1
transfer_to = "专家组"
overflow_to = "专家组"
overflow_seconds = 60
aht_seconds = 240
wrap_up_seconds = 40

[[queue]]
name = "VIP"
target_seconds = 10
patience_seconds = 120
pool = "一线"
priority = 10

[[queue]]
name = "在线"
channel = "chat"
target_seconds = 30
concurrency = 3
concurrency_slowdown = 0.2
containment_share = 0.25
containment_aht_factor = 1.2

[[queue]]
name = "专家组"
target_seconds = 120
callback_share = 0.2
callback_to = "回电"

[[queue]]
name = "回电"
target_hours = 2

[[queue]]
name = "邮件"
channel = "email"
target_hours = 24
fills_idle_of = ["热线", "VIP"]
max_occupancy = 0.85

[[queue]]
name = "归档"
channel = "case"
due_by_day_end = true

[[follow_up]]
queue = "专家组"
to = "归档"
share = 1.5
after_minutes = 30

[routing]
agent = "least_occupied"

[shrinkage]
unplanned = { sickness = 0.03, lateness = [{ share = 0.01 }, { share = 0.05, days = ["sat"], opens = "06:00", closes = "25:00" }] }
"""
BACKUP = """
[[backup]]
name = "后备"
queues = ["在线"]
agents = 6
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "centre.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


@pytest.fixture
def change(toml: Path) -> Callable[[str, str], None]:
    """Replace the first such piece of the file, which must be there; an empty piece: add at the end."""

    def replace(old: str, new: str) -> None:
        text = toml.read_text(encoding="utf-8")
        assert old in text
        toml.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return replace


Change = Callable[[str, str], None]


def told(path: Path) -> dict[str, tuple[str, str]]:
    """Dotted path -> (found, expected) of every fault."""
    with pytest.raises(BadInput) as caught:
        read_settings(path)
    return {fault.column: (fault.found, fault.expected) for fault in caught.value.faults}


def test_what_is_written_is_what_is_read(toml: Path) -> None:
    faults = Faults()
    settings = read_draft(toml, faults).settings
    assert not faults
    assert faults.warnings == []
    assert isinstance(settings, Settings)
    line, chat, mail, filing = (settings.queue[k] for k in (0, 2, 5, 6))
    assert (line.transfer_share, line.transfer_to) == (0.1, "专家组")
    assert (settings.queue[3].callback_share, settings.queue[3].callback_to) == (0.2, "回电")
    assert (line.redial_share, line.first_contact_resolution, line.repeat_share) == (0.3, 0.8, 0.6)
    assert (line.overflow_to, line.overflow_seconds, line.wrap_up_seconds) == ("专家组", 60, 40)
    assert (chat.concurrency, chat.concurrency_slowdown, chat.containment_aht_factor) == (3, 0.2, 1.2)
    assert mail.fills_idle_of == ("热线", "VIP")
    assert (mail.deferred, filing.deferred, filing.due_by_day_end, line.deferred) == (True, True, True, False)
    assert settings.follow_up == (FollowUp("专家组", "归档", 1.5, 30),)
    assert settings.routing == Routing("least_occupied")
    lateness = (LossWhen(0.01), LossWhen(0.05, (5,), 360, 1500))
    assert settings.shrinkage.unplanned == {"sickness": 0.03, "lateness": lateness}


def test_backup_is_read(toml: Path, change: Change) -> None:
    change("", BACKUP)
    faults = Faults()
    settings = read_draft(toml, faults).settings
    assert settings is not None
    assert settings.backup == (Backup("后备", ("在线",), 6),)
    assert settings.backup[0].threshold == 50
    assert faults.warnings == []


LATE = "shrinkage.unplanned.lateness"


@pytest.mark.parametrize(
    ("old", "new", "path", "found", "words"),
    [
        ('transfer_to = "专家组"', "", "queue.热线.transfer_to", "none", "the queue that takes the 0.1"),
        (
            "transfer_share = 0.1",
            "",
            "queue.热线.transfer_share",
            "0.0",
            "more than 0, the share to hand on by 专家组",
        ),
        (
            'transfer_to = "专家组"',
            'transfer_to = "专家"',
            "queue.热线.transfer_to",
            "专家",
            "did you mean '专家组'",
        ),
        ('transfer_to = "专家组"', 'transfer_to = "热线"', "queue.热线.transfer_to", "热线", "another queue"),
        (
            "transfer_share = 0.1",
            "transfer_share = 1.1",
            "queue.热线.transfer_share",
            "1.1",
            "a share between",
        ),
        ('callback_to = "回电"', "", "queue.专家组.callback_to", "none", "the queue that takes the 0.2"),
        ("callback_share = 0.2", "", "queue.专家组.callback_share", "0.0", "to call back by 回电"),
        (
            'callback_to = "回电"',
            'callback_to = "在线"',
            "queue.专家组.callback_to",
            "在线",
            "target_hours or due_by",
        ),
        ("callback_share = 0.2", "callback_share = 1", "queue.专家组.callback_share", "1", "less than 1"),
        (
            'overflow_to = "专家组"',
            'overflow_to = "x"',
            "queue.热线.overflow_to",
            "x",
            "the name of a [[queue]]",
        ),
        ('overflow_to = "专家组"', 'overflow_to = "热线"', "queue.热线.overflow_to", "热线", "another queue"),
        (
            'overflow_to = "专家组"',
            'overflow_to = "邮件"',
            "queue.热线.overflow_to",
            "邮件",
            "an immediate queue",
        ),
        ('overflow_to = "专家组"', "", "queue.热线.overflow_seconds", "60", "overflow_to too"),
        (
            "wrap_up_seconds = 40",
            "wrap_up_seconds = 240",
            "queue.热线.wrap_up_seconds",
            "240",
            "less than the 240",
        ),
        ('["热线", "VIP"]', '["热线", "vip"]', "queue.邮件.fills_idle_of", "vip", "the name of a [[queue]]"),
        ('["热线", "VIP"]', '["回电"]', "queue.邮件.fills_idle_of", "回电", "an immediate queue"),
        ("max_occupancy = 0.85", "", "queue.邮件.max_occupancy", "none", "such as 0.85"),
        (
            "priority = 10",
            'fills_idle_of = ["在线"]',
            "queue.VIP.fills_idle_of",
            "在线",
            "only work that may wait fills idle time",
        ),
        ("due_by_day_end = true", "", "queue.归档.target_hours", "neither", "target_hours or due_by_day_end"),
        (
            "due_by_day_end = true",
            "target_seconds = 5",
            "queue.归档.target_seconds",
            "5",
            "since case work may wait",
        ),
        (
            "due_by_day_end = true",
            "due_by_day_end = true\ntarget_seconds = 5",
            "queue.归档.due_by_day_end",
            "both",
            "either target_seconds",
        ),
        (
            "due_by_day_end = true",
            "due_by_day_end = true\ntarget_hours = 5",
            "queue.归档.due_by_day_end",
            "both",
            "either target_hours",
        ),
        ("due_by_day_end = true", "due_by_day_end = 1", "queue.归档.due_by_day_end", "1", "true or false"),
        ("priority = 10", "concurrency = 2", "queue.VIP.concurrency", "2", "1: only chats"),
        ("concurrency = 3", "concurrency = 0", "queue.在线.concurrency", "0", "1 or more"),
        (
            "concurrency = 3",
            'concurrency = 3\npatience_seconds = 120\npool = "一线"',
            "queue.在线.concurrency",
            "3",
            "one contact at a time",
        ),
        (
            "concurrency_slowdown = 0.2",
            "concurrency_slowdown = 20",
            "queue.在线.concurrency_slowdown",
            "20",
            "a share",
        ),
        (
            "containment_share = 0.25",
            "containment_share = 1",
            "queue.在线.containment_share",
            "1",
            "less than 1",
        ),
        ("factor = 1.2", "factor = 0.9", "queue.在线.containment_aht_factor", "0.9", "1.0 or more"),
        (
            'name = "VIP"\ntarget_seconds = 10\npatience_seconds = 120',
            'name = "VIP"\ntarget_seconds = 10\npatience_seconds = 90',
            "queue.VIP.patience_seconds",
            "90",
            "120 as in queue 热线",
        ),
        (
            'name = "VIP"\ntarget_seconds = 10\npatience_seconds = 120',
            'name = "VIP"\ntarget_seconds = 10',
            "queue.VIP.patience_seconds",
            "none",
            "120 as in queue 热线",
        ),
        ("priority = 10", "max_occupancy = 0.9", "queue.VIP.max_occupancy", "0.9", "none as in queue 热线"),
        (
            "target_hours = 2",
            'target_hours = 2\npool = "一线"',
            "queue.回电.pool",
            "一线",
            "an immediate queue for this",
        ),
        (
            "target_hours = 2",
            "target_hours = 2\nredial_share = 0.1",
            "queue.回电.redial_share",
            "0.1",
            "an immediate",
        ),
        (
            "priority = 10",
            "first_contact_resolution = 0",
            "queue.VIP.first_contact_resolution",
            "0",
            "without end",
        ),
        (
            "repeat_share = 0.6",
            "repeat_share = 1\nhistory_first_contact_resolution = 0",
            "queue.热线.history_first_contact_resolution",
            "0",
            "without end",
        ),
        (
            "priority = 10",
            "history_first_contact_resolution = 0.7",
            "queue.VIP.history_first_contact_resolution",
            "0.7",
            "first_contact_resolution too",
        ),
        (
            "priority = 10",
            'priority = 10\ncallback_share = 0.1\ncallback_to = "回电"',
            "queue.VIP.callback_share",
            "0.1",
            "0 in pool 一线",
        ),
        (
            "priority = 10",
            'transfer_share = 0.1\ntransfer_to = "热线"',
            "queue.VIP.transfer_to",
            "热线",
            "a queue outside pool 一线",
        ),
        (
            "max_occupancy = 0.85",
            'max_occupancy = 0.85\ntransfer_share = 0.1\ntransfer_to = "VIP"',
            "queue.邮件.transfer_to",
            "pool 一线 > 邮件 > pool 一线",
            "does not lead back",
        ),
        (
            "target_hours = 2",
            'target_hours = 2\nchannel = "chat"\nconcurrency = 2',
            "queue.回电.concurrency",
            "2",
            "1: only chats that customers wait in",
        ),
        (
            "target_hours = 2",
            "target_hours = 2\nmax_abandonment = 0.1",
            "queue.回电.max_abandonment",
            "0.1",
            "immediate",
        ),
        (
            "target_hours = 2",
            "target_hours = 2\nmax_asa_seconds = 9",
            "queue.回电.max_asa_seconds",
            "9",
            "immediate",
        ),
        ("resolution = 0.8", "resolution = 80", "queue.热线.first_contact_resolution", "80", "such as 0.8"),
        ('queue = "专家组"\nto', 'queue = "专家"\nto', "follow_up.1.queue", "专家", "did you mean '专家组'"),
        ('to = "归档"', 'to = "专家组"', "follow_up.1.to", "专家组", "another queue"),
        ('to = "归档"', "", "follow_up.1.to", "", "which has no default"),
        ('to = "归档"', 'too = "归档"\nto = "归档"', "follow_up.1.too", "too", "did you mean 'to'"),
        ("share = 1.5", "share = -1", "follow_up.1.share", "-1", "0.0 or more"),
        ("share = 1.5", "share = nan", "follow_up.1.share", "nan", "a finite number"),
        ("after_minutes = 30", "after_minutes = 0.5", "follow_up.1.after_minutes", "0.5", "a whole number"),
        ("least_occupied", "loudest", "routing.agent", "loudest", "one of 'longest_idle'"),
        ("[routing]", "[[routing]]", "routing", "", "a section headed [routing]"),
        ("", BACKUP.replace("在线", "微信"), "backup.后备.queues", "微信", "the name of a [[queue]]"),
        ("", BACKUP.replace("在线", "邮件"), "backup.后备.queues", "邮件", "an immediate queue"),
        ("", BACKUP.replace('"在线"', ""), "backup.后备.queues", "[]", "at least one"),
        ("", BACKUP.replace("agents = 6", "agents = -1"), "backup.后备.agents", "-1", "0 or more"),
        ("", BACKUP + "trigger = 'moon'", "backup.后备.trigger", "moon", "one of 'customers_online'"),
        ("", BACKUP + "threshold = 0", "backup.后备.threshold", "0", "more than 0"),
        (
            "sickness = 0.03",
            "sickness = 3",
            "shrinkage.unplanned.sickness",
            "3",
            "or a list of shares by weekday",
        ),
        ("sickness = 0.03", "sickness = 1", "shrinkage.unplanned.sickness", "1", "a share between 0 and 1"),
        ("sickness = 0.03", "sickness = '3%'", "shrinkage.unplanned.sickness", "3%", "or a list of shares"),
        ("sickness = 0.03", "sickness = []", "shrinkage.unplanned.sickness", "[]", "or a list of shares"),
        (
            "sickness = 0.03",
            "sickness = { share = 0.1 }",
            "shrinkage.unplanned.sickness",
            "{",
            "or a list of shares",
        ),
        ("sickness = 0.03", "sickness = [0.1]", "shrinkage.unplanned.sickness.1", "0.1", "a table"),
        ("share = 0.05", "share = 5", f"{LATE}.2.share", "5", "less than 1"),
        ("share = 0.05", "shar = 0", f"{LATE}.2.share", "", "which has no default"),
        ("share = 0.05", "share = 0.05, from = 1", f"{LATE}.2.from", "from", "a setting that is known"),
        ('days = ["sat"]', 'days = ["Sat"]', f"{LATE}.2.days", "['Sat']", "a list of weekdays"),
        ('opens = "06:00"', 'opens = "6 am"', f"{LATE}.2.opens", "6 am", "a clock time"),
        ('closes = "25:00"', 'closes = "06:00"', f"{LATE}.2.closes", "06:00", "a time after opens"),
        ('closes = "25:00"', 'closes = "30:30"', f"{LATE}.2.closes", "30:30", "at most 24 hours"),
        ("unplanned = {", "unplaned = {", "shrinkage.unplaned", "unplaned", "did you mean 'unplanned'"),
        ("unplanned = {", "planned = 3\nunplanned = {", "shrinkage.planned", "3", "a table"),
    ],
)
def test_one_thing_wrong(
    toml: Path, change: Change, old: str, new: str, path: str, found: str, words: str
) -> None:
    change(old, new)
    faults = told(toml)
    faults.pop(f"{LATE}.2.shar", None)  # the misspelt word itself is told too
    assert list(faults) == [path]
    assert faults[path][0].startswith(found)
    assert words in faults[path][1]


def test_redials_need_patience(toml: Path, change: Change) -> None:
    change("patience_seconds = 120", "")
    change("patience_seconds = 120", "")
    assert told(toml) == {
        "queue.热线.redial_share": ("0.3", "patience_seconds too: without it nobody abandons")
    }


def test_a_circle_is_told_by_its_way(toml: Path, change: Change) -> None:
    change("due_by_day_end = true", 'due_by_day_end = true\ntransfer_share = 0.1\ntransfer_to = "回电"')
    change("target_hours = 2", 'target_hours = 2\ntransfer_share = 0.1\ntransfer_to = "热线"')
    steps = {"pool 一线 > 专家组", "专家组 > 回电", "专家组 > 归档", "归档 > 回电", "回电 > pool 一线"}
    faults = told(toml)
    assert {words for _, words in faults.values()} == {"a way that does not lead back to where it began"}
    for way in [found.split(" > ") for found, _ in faults.values()]:
        assert way[0] == way[-1]
        assert {f"{one} > {to}" for one, to in pairwise(way)} <= steps


def test_two_circles_apart_are_both_told(toml: Path, change: Change) -> None:
    change("", '[[follow_up]]\nqueue = "归档"\nto = "专家组"\nshare = 1\n')
    change("", '[[follow_up]]\nqueue = "VIP"\nto = "在线"\nshare = 1\n')
    change("concurrency = 3", 'concurrency = 3\ntransfer_share = 0.1\ntransfer_to = "VIP"')
    ways = [set(found.split(" > ")) for found, _ in told(toml).values()]
    assert len(ways) == 2
    assert {"专家组", "归档"} in ways
    assert {"pool 一线", "在线"} in ways


def test_a_slowdown_that_is_not_told_is_assumed_aloud(toml: Path, change: Change) -> None:
    change("concurrency_slowdown = 0.2\n", "")
    faults = Faults()
    assert read_draft(toml, faults).settings is not None
    assert [text.partition(", ")[0] for text in faults.warnings] == [
        "centre.toml: queue 在线: concurrency_slowdown is not set"
    ]
    assert "0.25 is assumed" in faults.warnings[0]


def test_a_queue_that_is_wrong_in_itself_is_known_by_name(toml: Path, change: Change) -> None:
    change("target_seconds = 120", "target_seconds = 'soon'")
    assert set(told(toml)) == {"queue.专家组.target_seconds"}


def test_faults_of_many_queues_are_told_at_once(toml: Path, change: Change) -> None:
    change('transfer_to = "专家组"', "")
    change("max_occupancy = 0.85", "")
    change("due_by_day_end = true", "")
    change('to = "归档"', 'to = "归挡"')
    change('closes = "25:00"', 'closes = "05:00"')
    assert set(told(toml)) == {
        "queue.热线.transfer_to",
        "queue.邮件.max_occupancy",
        "queue.归档.target_hours",
        "follow_up.1.to",
        f"{LATE}.2.closes",
    }


def test_queues_that_cannot_be_read_leave_names_alone(toml: Path) -> None:
    toml.write_text(
        'queue = 3\n[[follow_up]]\nqueue = "a"\nto = "b"\nshare = 1\n[centre]\nname = "x"\ntimezone = "UTC"'
    )
    assert set(told(toml)) == {"queue"}


LIKE = "priority = 10"


def test_queues_are_added_up_and_borrow_their_shape_as_told(toml: Path, change: Change) -> None:
    change(LIKE, 'group = "贵宾"\nsite = "上海"\nlike = "热线"')
    borrower_of_a_borrower = 'target_hours = 2\nlike = "VIP"'
    change("target_hours = 2", borrower_of_a_borrower)  # whose work may wait, too
    queues = {queue.name: queue for queue in read_settings(toml).queue}
    assert (queues["VIP"].group, queues["VIP"].site, queues["VIP"].like) == ("贵宾", "上海", "热线")
    assert (queues["热线"].group, queues["热线"].site, queues["热线"].like) == ("", "", "")
    assert queues["回电"].like == "VIP"


@pytest.mark.parametrize(
    ("new", "path", "found", "words"),
    [
        ('like = "热"', "queue.VIP.like", "热", "did you mean '热线'"),
        ('like = "VIP"', "queue.VIP.like", "VIP", "another queue"),
        ('like = ["热线"]', "queue.VIP.like", "['热线']", "text in quotes"),
        ('group = " 贵宾"', "queue.VIP.group", " 贵宾", "without blanks around it, '贵宾'"),
        ('site = " "', "queue.VIP.site", " ", "without blanks around it, ''"),
    ],
)
def test_a_wrong_place_in_the_hierarchy_is_told(
    toml: Path, change: Change, new: str, path: str, found: str, words: str
) -> None:
    change(LIKE, new)
    faults = told(toml)
    assert list(faults) == [path]
    assert faults[path][0] == found
    assert words in faults[path][1]


def test_queues_that_borrow_in_a_circle_are_told_once_a_circle(toml: Path, change: Change) -> None:
    change(LIKE, 'like = "在线"')
    change("concurrency = 3", 'concurrency = 3\nlike = "专家组"')
    change("callback_share = 0.2", 'callback_share = 0.2\nlike = "VIP"')
    change("target_hours = 2", 'target_hours = 2\nlike = "VIP"')  # leads into the circle, is not part of it
    faults = told(toml)
    assert {path: found for path, (found, _) in faults.items()} == {
        "queue.专家组.like": "VIP > 在线 > 专家组 > VIP"
    }
