"""What changed between two rotas: days by person, findings new, gone and remaining; agreement by comparing sets."""

from collections import Counter
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from scheduler import differences
from scheduler.differences import changed_days, compare_findings
from scheduler.rota import Rota
from scheduler.rules.rule import Violation

UTC, SHANGHAI = ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai")
COLUMNS = ["agent_id", "day", "start", "end", "activity", "shift", "paid"]
D = "2026-03-02"
BASE = [
    ("a", D, "08:00", "12:00", "work:*", "早", True), ("a", D, "12:00", "13:00", "meal", "早", False),
    ("a", D, "13:00", "17:00", "work:*", "早", True), ("b", D, "09:00", "17:00", "work:*", "D", True),
]  # fmt: skip


def rota(rows) -> Rota:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("start", "end"):
        frame[name] = [f"{row.day}T{getattr(row, name)}Z" for row in frame.itertuples()]
    return Rota.from_frame(frame)


def edited(place: int, **change: object) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = list(BASE)
    rows[place] = tuple({**dict(zip(COLUMNS, rows[place], strict=True)), **change}.values())
    return rows


def told(old, new, zone=UTC, **rest) -> list[tuple[str, str, str]]:
    return [(c.agent_id, c.before, c.after) for c in changed_days(rota(old), rota(new), zone, **rest)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (BASE, []),
        (BASE[::-1], []),
        (edited(3, end="17:01"), [("b", "D 09:00-17:00", "D 09:00-17:01")]),
        (edited(3, shift="E"), [("b", "D 09:00-17:00", "E 09:00-17:00")]),
        (edited(3, agent_id="c"), [("b", "D 09:00-17:00", ""), ("c", "", "D 09:00-17:00")]),
        (BASE[:3], [("b", "D 09:00-17:00", "")]),
        (edited(1, paid=True), [("a", "早 08:00-17:00 (60 min break)", "早 08:00-17:00 (60 min break) (other breaks, activities or pay)")]),
        (edited(1, activity="work:*"), [("a", "早 08:00-17:00 (60 min break)", "早 08:00-17:00")]),
        ([*BASE, BASE[3]], [("b", "D 09:00-17:00", "D 09:00-17:00 (other breaks, activities or pay)")]),
        ([*BASE, ("b", D, "19:00", "21:00", "work:*", "E", True)], [("b", "D 09:00-17:00", "D 09:00-17:00, E 19:00-21:00")]),
        ([*BASE, ("c", D, "00:00", "08:00", "leave:annual", "", True)], [("c", "", "leave 00:00-08:00")]),
    ],
)  # fmt: skip
def test_a_day_that_differs_is_told_as_it_was_and_is(rows, expected):
    assert told(BASE, rows) == expected
    assert [(a, "x" if x else "") for a, x, _ in told(rows, BASE)] == [
        (a, "x" if x else "") for a, _, x in expected
    ]


def test_times_are_told_in_the_clock_of_the_person():
    new = edited(3, end="17:01")
    assert told(BASE, new, SHANGHAI) == [("b", "D 17:00-01:00", "D 17:00-01:01")]
    assert told(BASE, new, UTC, zones={"b": SHANGHAI}) == [("b", "D 17:00-01:00", "D 17:00-01:01")]


def test_only_the_days_asked_for_are_compared():
    old = [*BASE, *((*row[:1], "2026-03-03", *row[2:]) for row in BASE)]
    day = rota(BASE).day[0]
    assert told(old, BASE, days=(day, day + 1)) == []
    assert [a for a, *_ in told(old, BASE, days=(day, day + 2))] == ["a", "b"]
    assert told(old, BASE, days=(day + 2, day + 2)) == []


def test_empty_rotas():
    assert told([], []) == []
    assert [a for a, *_ in told([], BASE)] == ["a", "b"]


@pytest.mark.parametrize("wide", [False, True])
def test_the_changed_days_are_those_whose_rows_differ_as_sets(wide, monkeypatch):
    rng = np.random.default_rng(1)

    def some() -> pd.DataFrame:
        n = 60
        start = rng.integers(0, 4, n) * 60 + (1 << 57 if wide else 0) * rng.integers(
            0, 2, n
        )  # no instant is so late
        return pd.DataFrame({
            "agent": rng.integers(0, 4, n), "day": rng.integers(20000, 20004, n), "start": start, "end": start + 60,
            "activity": rng.integers(0, 2, n), "shift": rng.integers(0, 2, n), "paid": rng.integers(0, 2, n) == 1,
        }).sort_values(["agent", "start", "end"])  # fmt: skip

    monkeypatch.setattr(differences, "_words", lambda *_: "")
    before, other = some().reset_index(drop=True), some()
    after = pd.concat([before.drop(before.index[::13]), other[::20]]).sort_values(["agent", "start", "end"])
    frames = before, after
    rotas = [
        Rota(tuple("abcd"), ("D", "E"), ("work:*", "meal"), *(f[c].to_numpy().astype(t) for c, t in (
            ("agent", np.int32), ("day", np.int64), ("start", np.int64), ("end", np.int64), ("activity", np.int32),
            ("shift", np.int32), ("paid", bool)))) for f in frames
    ]  # fmt: skip
    found = {(c.agent_id, c.day) for c in changed_days(*rotas, UTC)}
    sets = [
        {key: Counter(map(tuple, part.to_numpy().tolist())) for key, part in frame.groupby(["agent", "day"])}
        for frame in frames
    ]
    keys = set(sets[0]) | set(sets[1])
    assert 3 < len(found) < len(keys) - 3
    assert found == {("abcd"[a], d) for a, d in keys if sets[0].get((a, d)) != sets[1].get((a, d))}


def finding(rule: str = "r", start: int = 0, **rest: object) -> Violation:
    told = {
        "source": "s",
        "agent_id": "a",
        "start": start,
        "end": start + 60,
        "found": 1.0,
        "limit": 2.0,
        **rest,
    }
    return Violation(rule, unit="minutes", verdict="breach", explanation="", **told)  # type: ignore[arg-type]


def test_findings_are_the_same_by_rule_source_person_and_window():
    old = finding()
    for other in (
        finding("q"),
        finding(source="t"),
        finding(agent_id="b"),
        finding(start=1),
        finding(end=61),
    ):
        changes = compare_findings([old], [other])
        assert (changes.new, changes.gone, changes.remaining) == ([other], [old], [])
    worse = finding(found=0.0)
    changes = compare_findings([old], [worse])
    assert (changes.new, changes.gone, changes.remaining) == ([], [], [worse])


def test_a_finding_twice_and_then_once_is_gone_once():
    one, two = finding(), finding(found=0.0)
    changes = compare_findings([one, two], [one])
    assert (changes.new, len(changes.gone), changes.remaining) == ([], 1, [one])
    changes = compare_findings([one], [one, two])
    assert (len(changes.new), changes.gone, len(changes.remaining)) == (1, [], 1)
    assert compare_findings([], []) == differences.FindingChanges([], [], [])
