"""What counts as offered, by definition."""

import numpy as np
import pandas as pd
import pytest

from centre.errors import Faults
from forecasts.offered import offered_by

TABLE = pd.DataFrame(
    {"offered": [10.0, 20.0], "abandoned_short": [1.0, 2.0], "transferred_in": [4.0, 0.0], "row": [2, 3]}
)


@pytest.mark.parametrize(
    ("definition", "offered"),
    [
        ("all", [10, 20]), ("without_short_abandons", [9, 18]), ("without_transfers", [6, 20]),
        ("without_both", [5, 18]),
    ],
)  # fmt: skip
def test_each_definition_takes_off_its_columns(definition, offered):
    faults = Faults()
    assert offered_by(definition, TABLE, faults).tolist() == offered
    assert not faults


def told(definition, table):
    faults = Faults()
    offered_by(definition, table, faults)
    return [(fault.row, fault.column, fault.expected) for fault in faults]


def test_a_column_that_is_missing_is_named():
    ((row, column, expected),) = told("without_both", TABLE.drop(columns="transferred_in"))
    assert (row, column) == (1, "transferred_in")
    assert "without_both" in expected
    assert told("all", TABLE[["offered", "row"]]) == []


def test_empty_cells_and_more_than_was_offered_are_faults():
    assert told("without_transfers", TABLE.assign(transferred_in=[np.nan, 1.0])) == [
        (2, "transferred_in", "a number in every row")
    ]
    assert told("without_transfers", TABLE.assign(transferred_in=[1.0, 21.0])) == [
        (3, "offered", "no more than offered (transferred_in)")
    ]


def test_a_definition_that_is_none_is_a_fault():
    ((_, _, expected),) = told("net", TABLE)
    assert "without_short_abandons" in expected
