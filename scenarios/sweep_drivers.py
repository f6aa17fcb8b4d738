"""Which of the things that are not known moves a figure how far: a line through the sample, each input from its 10 to its 90 % point.

**Source:** Saltelli et al., Global Sensitivity Analysis, 2008, 1.2.5 (standardised regression coefficients).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.sweep import Row
from scenarios.sweep_file import PLAIN, SIGNED, Sweep, Uncertain
from scenarios.sweep_tables import SENSITIVITY, figure_names, sorted_by_swing, value_of

Floats = NDArray[np.float64]
PATH = "demand path"
ENDS = (0.1, 0.9)


def drivers(sweep: Sweep, rows: Sequence[Row], path_contacts: Floats) -> pd.DataFrame:
    """By input of the sample, in the columns of the sensitivity: each figure with it at its 10 and 90 % point, the others at their mean.

    ``explained`` is the share of the figure's variance that the straight line explains (R²): far below 1 the effects say little. Figures
    that do not differ, and samples with too few scenarios for their inputs, have no rows.

    Parameters
    ----------
    path_contacts : contacts of each demand path in all, shape (paths,)
    """
    done = [row for row in rows if row.point.sample and "figures" in row.result]
    names, drawn = _drawn(sweep, done, path_contacts)
    table = list[dict[str, Any]]()
    for figure in figure_names(done):
        values = np.array([value_of(row, figure) for row in done])
        known = np.isfinite(values)
        if known.sum() > len(names) + 2 and np.ptp(values[known]) > 0:
            table += _rows(figure, names, drawn[known], values[known])
    return sorted_by_swing(pd.DataFrame(table, columns=[*SENSITIVITY]), figure_names(rows))


def _drawn(sweep: Sweep, done: Sequence[Row], path_contacts: Floats) -> tuple[list[str], Floats]:
    """Names of the inputs, and what was drawn of them, shape (scenarios, inputs)."""
    if sweep.sample is None:
        return [], np.empty((len(done), 0))
    columns = [
        [_number(each, row.point.changes[k]) for row in done] for k, each in enumerate(sweep.sample.uncertain)
    ]
    names = [each.change for each in sweep.sample.uncertain]
    if sweep.sample.paths:
        names.append(PATH)
        columns.append([float(path_contacts[row.point.path - 1]) for row in done])
    return names, np.array(columns, dtype=float).reshape(len(names), len(done)).T


def _number(uncertain: Uncertain, change: str) -> float:
    """The number in a change that was drawn."""
    before, _, after = uncertain.change.replace(SIGNED, PLAIN).partition(PLAIN)
    return float(change[len(before) : len(change) - len(after)])


def _rows(figure: str, names: Sequence[str], drawn: Floats, values: Floats) -> list[dict[str, Any]]:
    """The rows of one figure."""
    centre, mean = drawn.mean(axis=0), float(values.mean())
    slopes = np.linalg.lstsq(drawn - centre, values - mean, rcond=None)[0]
    left = values - mean - (drawn - centre) @ slopes
    explained = 1.0 - float(left @ left) / float((values - mean) @ (values - mean))
    found = list[dict[str, Any]]()
    for k, name in enumerate(names):
        at = np.quantile(drawn[:, k], ENDS)
        low, high = ((at - centre[k]) * slopes[k]).tolist()
        cells = (
            figure,
            name,
            f"{at[0]:.6g}",
            f"{at[1]:.6g}",
            mean,
            mean + low,
            mean + high,
            low,
            high,
            abs(high - low),
            explained,
        )
        found.append(dict(zip(SENSITIVITY, cells, strict=True)))
    return found
