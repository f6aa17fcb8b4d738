"""How far off forecasts were, broken down: by queue, model, weekday, kind of day, weeks ahead, or any of these together.

The measures are those of `forecasts.accuracy`, over any number of groups at once.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecasts.grid import Days, Floats

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
SERIES = ("queue", "model", "origin")
AT_FLOOR = 1.1  # a WAPE up to so many times the Poisson floor has nothing more to win
MEASURES = (
    "contacts", "intervals", "wape", "day_wape", "week_wape", "bias", "mase", "pinball", "coverage",
    "poisson_floor", "at_floor",
)  # fmt: skip


def breakdown(cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The measures of every group of cells.

    Parameters
    ----------
    cells : one row a queue, model, origin and interval: ``queue, model, origin, day, horizon_day`` (1: the
        first day ahead), ``actual`` (NaN where not known: left out everywhere), ``expected``; where there,
        ``p10, p50, p90`` (NaN: no band) and ``naive_error``, the mean absolute error of "as a week ago" in
        the history before the origin
    by : columns of ``cells`` to group by; ``week_ahead`` (1: days 1 to 7) need not be one

    Returns
    -------
    One row a group that has an actual, sorted: ``by``, then ``contacts`` that came, ``intervals`` known and
    the measures, shares rather than percent. Errors of days and weeks are of the sums, over the known cells
    of the group, of each queue, model and origin. ``mase`` is the mean over cells, each by its own
    ``naive_error``; ``pinball`` the mean over p10, p50 and p90; ``coverage`` the share from p10 to p90 where
    p90 is above 0. ``poisson_floor`` is that of the forecast brought to the contacts that came, so that too
    low a forecast does not raise its own floor; ``at_floor``: no model could be noticeably better by interval.

    Raises
    ------
    ValueError
        where a column is missing.
    """
    keys = list(dict.fromkeys(by))
    known = _known(cells, keys)
    coded = _coded(known, [*keys, *SERIES, "day", "week_ahead"])
    codes, first = _groups(coded, keys)
    groups = known[keys].iloc[first].reset_index(drop=True)
    actual, expected = (known[name].to_numpy(dtype=float) for name in ("actual", "expected"))
    error = np.abs(actual - expected)
    contacts = _sum(codes, actual, groups)
    measures = {
        "contacts": contacts,
        "intervals": np.bincount(codes, minlength=len(groups)),
        "wape": _share(_sum(codes, error, groups), contacts),
        "day_wape": _wape_of_sums(_spans(coded, [*keys, *SERIES, "day"]), actual, expected, codes, groups),
        "week_wape": _wape_of_sums(
            _spans(coded, [*keys, *SERIES, "week_ahead"]), actual, expected, codes, groups
        ),
        "bias": _share(_sum(codes, expected - actual, groups), contacts),
        "mase": _mean(codes, error / _positive(_column(known, "naive_error")), groups),
        "pinball": _mean(codes, _pinball(known, actual), groups),
        "coverage": _mean(codes, _inside(known, actual), groups),
        "poisson_floor": _share(
            _sum(codes, np.sqrt(2 * expected / np.pi), groups),
            np.sqrt(contacts * _sum(codes, expected, groups)),
        ),
    }
    table = groups.assign(**measures)
    return table.assign(at_floor=table["wape"] <= AT_FLOOR * table["poisson_floor"])


def _known(cells: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The cells whose actual is known, each with its week ahead."""
    needed = {*keys, *SERIES, "day", "horizon_day", "actual", "expected"} - {"week_ahead"}
    if missing := sorted(needed - set(cells.columns)):
        raise ValueError(f"columns {', '.join(missing)} of cells expected")
    known = cells[cells["actual"].notna()]
    return known if "week_ahead" in known else known.assign(week_ahead=(known["horizon_day"] - 1) // 7 + 1)


def _coded(known: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Each cell's value of some columns as its place among the sorted ones."""
    return pd.DataFrame(
        {name: pd.factorize(known[name], sort=True, use_na_sentinel=False)[0] for name in names},
        dtype=np.int64,
    )


def _spans(coded: pd.DataFrame, names: Sequence[str]) -> Days:
    """One number for each cell, alike where all of these columns are, and sorted as they are."""
    spans = np.zeros(len(coded), dtype=np.int64)
    for name in dict.fromkeys(names):
        codes = coded[name].to_numpy()
        spans = spans * (codes.max(initial=0) + 1) + codes
    return spans


def _groups(coded: pd.DataFrame, keys: Sequence[str]) -> tuple[Days, Days]:
    """Each cell's group, and of each group, sorted, the place of its first cell."""
    _, first, codes = np.unique(_spans(coded, keys), return_index=True, return_inverse=True)
    return np.asarray(codes), np.asarray(first)


def _wape_of_sums(spans: Days, actual: Floats, expected: Floats, codes: Days, groups: pd.DataFrame) -> Floats:
    """WAPE of sums over spans of time, each within one group."""
    place, distinct = pd.factorize(spans)
    of = np.zeros(len(distinct), dtype=np.int64)
    of[place] = codes
    came, said = (np.bincount(place, each, len(distinct)).astype(float) for each in (actual, expected))
    return _share(_sum(of, np.abs(came - said), groups), _sum(of, came, groups))


def _pinball(known: pd.DataFrame, actual: Floats) -> Floats:
    """Mean pinball loss of each cell's quantiles; NaN where one is not known."""
    losses = np.zeros(len(known))
    for name, level in LEVELS.items():
        off = actual - _column(known, name)
        losses += np.maximum(level * off, (level - 1) * off)
    return losses / len(LEVELS)


def _inside(known: pd.DataFrame, actual: Floats) -> Floats:
    """1 where the actual is from p10 to p90, 0 where not, NaN where there is no band above 0."""
    low, high = _column(known, "p10"), _column(known, "p90")
    return np.asarray(np.where(high > 0, (actual >= low) & (actual <= high), np.nan))


def _mean(codes: Days, values: Floats, groups: pd.DataFrame) -> Floats:
    """Mean of each group's values that are known; NaN where none is."""
    known = ~np.isnan(values)
    counts = _sum(codes[known], np.ones(int(known.sum())), groups)
    return _share(_sum(codes[known], values[known], groups), counts)


def _sum(codes: Days, values: Floats, groups: pd.DataFrame) -> Floats:
    """Sum of each group's values."""
    return np.bincount(codes, values, len(groups)).astype(float)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _positive(values: Floats) -> Floats:
    return np.asarray(np.where(values > 0, values, np.nan))


def _column(cells: pd.DataFrame, name: str) -> Floats:
    """A column as floats; NaN where it is absent."""
    return cells[name].to_numpy(dtype=float) if name in cells else np.full(len(cells), np.nan)
