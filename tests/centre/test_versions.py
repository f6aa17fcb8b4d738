"""Doubles and corrections: of each interval one row holds."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.versions import ALWAYS_KNOWN, latest_rows, versions


def sorted_out(rows, seen_before=None):
    """`versions` of rows (queue, instant, value, recorded)."""
    queues, instants, values, recorded = (np.array(column) for column in zip(*rows, strict=True))
    known = np.array([ALWAYS_KNOWN if each is None else each for each in recorded], dtype=np.int64)
    return versions(queues, instants, values[:, None].astype(float), known, seen_before)


def test_rows_alike_are_one_and_others_contradict():
    found = sorted_out([(0, 30, 5, None), (1, 30, 5, None), (0, 30, 5, None), (0, 30, 6, None)])
    assert found.kept.tolist() == [True, True, False, False]
    assert found.doubled.tolist() == [False, False, True, False]
    assert found.contradicts.tolist() == [-1, -1, -1, 0]


def test_unknown_values_are_alike():
    found = versions(np.zeros(2, int), np.zeros(2, int), np.array([[1, np.nan], [1, np.nan]]))
    assert found.doubled.tolist() == [False, True]


def test_the_row_recorded_last_holds_however_the_file_is_ordered():
    found = sorted_out([(0, 30, 7, 300), (0, 30, 5, 100), (0, 30, 6, 200), (0, 60, 1, 100)])
    assert found.kept.tolist() == [True, False, False, True]
    assert found.replaced.tolist() == [False, True, True, False]


def test_a_row_without_time_of_record_was_there_first():
    found = sorted_out([(0, 30, 7, 300), (0, 30, 5, None)])
    assert found.kept.tolist() == [True, False]


def test_what_is_recorded_later_is_not_seen():
    rows = [(0, 30, 5, 100), (0, 30, 6, 200), (0, 30, 7, 300), (0, 60, 7, 300)]
    found = sorted_out(rows, seen_before=300)
    assert found.kept.tolist() == [False, True, False, False]
    assert found.unseen.tolist() == [False, False, True, True]


def test_two_numbers_recorded_at_one_time_contradict():
    found = sorted_out([(0, 30, 5, 100), (0, 30, 6, 200), (0, 30, 7, 200)])
    assert found.contradicts.tolist() == [-1, -1, 1]
    assert found.kept.tolist() == [False, True, False]


row = st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 1), st.sampled_from([None, 1, 2, 3]))


@settings(max_examples=150, deadline=None)
@given(st.lists(row, min_size=1, max_size=12), st.sampled_from([None, 2, 3]))
def test_against_a_walk_over_rows(rows, seen_before):
    """The same told one row at a time."""
    found = sorted_out(rows, seen_before)
    recorded = [-1 if r[3] is None else r[3] for r in rows]
    for k, (queue, instant, value, _) in enumerate(rows):
        unseen = seen_before is not None and recorded[k] >= seen_before
        alike = [
            j for j, other in enumerate(rows)
            if other[:2] == (queue, instant) and (seen_before is None or recorded[j] < seen_before)
        ]  # fmt: skip
        tied = [j for j in alike if recorded[j] == recorded[k]]
        first = tied[0] if tied else k
        later = any(recorded[j] > recorded[k] for j in alike)
        assert found.unseen[k] == unseen
        if unseen:
            continue
        assert found.doubled[k] == (first != k and rows[first][2] == value)
        assert (found.contradicts[k] == first) == (first != k and rows[first][2] != value)
        assert found.replaced[k] == (first == k and later)
        assert found.kept[k] == (first == k and not later)


def test_latest_rows_of_a_table():
    stamps = pd.to_datetime(["2024-01-01T08:00Z", "2024-01-01T08:00Z", "2024-01-01T08:30Z"])
    known = pd.to_datetime([None, "2024-01-02T08:00Z", None], utc=True)
    table = pd.DataFrame({"interval_start": stamps, "queue": "客服", "offered": [5.0, 6.0, 7.0]})
    corrected = table.assign(recorded_at=known)
    assert latest_rows(corrected)["offered"].tolist() == [6.0, 7.0]
    assert latest_rows(table.iloc[1:])["offered"].tolist() == [6.0, 7.0]
    assert latest_rows(table.iloc[:0]).empty
