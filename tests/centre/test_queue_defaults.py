"""Targets that the preset of the company's policies brings to queues that tell none, by row."""

from pathlib import Path

import pytest

from centre.errors import BadInput, Faults
from centre.model import FollowUp, Queue
from centre.queue_defaults import QUEUE_DEFAULTS, with_defaults
from centre.toml_file import read_draft, read_settings

POLICY = ["customer-service"]
TOML = """
[centre]
name = "x"
timezone = "Asia/Shanghai"
[[queue]]
name = "在线"
channel = "chat"
transfer_share = 0.1
transfer_to = "专家组"
[[queue]]
name = "专家组"
channel = "chat"
[[queue]]
name = "投诉"
complaints = true
[[queue]]
name = "反馈"
channel = "case"
[[follow_up]]
queue = "投诉"
to = "反馈"
share = 1
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "centre.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def test_each_row_is_taken_and_told(toml: Path) -> None:
    faults = Faults()
    settings = read_draft(toml, faults).settings
    assert settings is not None
    assert [(q.target_seconds, q.target_hours) for q in settings.queue] == [
        (30, None),
        (120, None),
        (300, None),
        (None, 24),
    ]
    assert [queue.target_share for queue in settings.queue] == [0.8] * 4
    assert faults.warnings == [
        "centre.toml: queue 在线: target_seconds 30 (preset customer-service, policy P1)",
        "centre.toml: queue 专家组: target_seconds 120 (preset customer-service, policy P2)",
        "centre.toml: queue 投诉: target_seconds 300 (preset customer-service, policy P6)",
        "centre.toml: queue 反馈: target_hours 24 (preset customer-service, policy P6)",
    ]


def test_without_the_preset_they_stay_faults(toml: Path) -> None:
    toml.write_text(TOML + '[rules]\npresets = ["cn-labour"]\n', encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_settings(toml)
    assert {fault.column for fault in caught.value.faults} == {
        "queue.在线.target_seconds",
        "queue.专家组.target_seconds",
        "queue.投诉.target_seconds",
        "queue.反馈.target_hours",
    }


@pytest.mark.parametrize(
    "queue",
    [
        Queue("chat", "chat", target_seconds=45),
        Queue("chat", "chat", target_hours=1),
        Queue("chat", "chat", due_by_day_end=True),
        Queue("calls"),
        Queue("mail", "email"),
        Queue("case", "case"),
        Queue("mail", "email", complaints=True),
    ],
)
def test_what_is_told_or_unknown_is_left_alone(queue: Queue) -> None:
    assert with_defaults([queue], [], POLICY) == []


def test_cases_of_complaints_only() -> None:
    queues = [Queue("calls", target_seconds=20), Queue("case", "case")]
    assert with_defaults(queues, [FollowUp("calls", "case", 1)], POLICY) == []


def test_an_unknown_preset_brings_nothing() -> None:
    assert with_defaults([Queue("chat", "chat")], [], ["mars-law"]) == []
    assert len(with_defaults([Queue("chat", "chat")], [], ["mars-law", *POLICY, *POLICY])) == 1


def test_every_default_names_its_row() -> None:
    for defaults in QUEUE_DEFAULTS.values():
        assert all(default.source.startswith("policy P") for default in defaults.values())
