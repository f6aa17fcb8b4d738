"""Violations as the table of ``violations.csv``."""

from scheduler.files import VIOLATION_COLUMNS, violations_frame
from scheduler.rules.rule import Violation

BREACH = Violation("weekly-rest", "art. 5", "员工1", 0, 10080, 2099.0, 2100.0, "minutes", "breach", "words")
OPEN = Violation("weekly-rest", "art. 5", "", None, None, None, None, "", "not_checked", "Not checked.")


def test_columns_and_cells():
    table = violations_frame([BREACH, OPEN])
    assert tuple(table.columns) == VIOLATION_COLUMNS
    assert table.iloc[0].tolist() == [
        "weekly-rest", "art. 5", "员工1", "1970-01-01T00:00:00Z", "1970-01-08T00:00:00Z", "2099", "2100",
        "minutes", "breach", "words",
    ]  # fmt: skip
    assert table.iloc[1, 2:8].tolist() == ["", "", "", "", "", ""]


def test_figures_keep_what_they_have():
    figures = (0.0, 0.5, 48960.0, 123456789.0)
    found = [Violation("r", "s", "a", 0, 1, figure, None, "minutes", "breach", "w") for figure in figures]
    assert violations_frame(found)["found"].tolist() == ["0", "0.5", "48960", "123456789"]


def test_nothing_found_is_a_table_of_its_columns():
    assert violations_frame([]).to_csv(index=False) == ",".join(VIOLATION_COLUMNS) + "\n"
