"""A centre's history, appended to and corrected: a row is known by its interval and queue."""

import tempfile
from datetime import datetime
from pathlib import Path

import pandas as pd

from api.store.centre_files import SETTINGS, Files
from centre.errors import Faults
from centre.folder import read_history
from centre.toml_file import read_draft
from centre.writing import write_csv

FILE = "history.csv"
_KEY = ["interval_start", "queue"]


def merged(files: Files, content: bytes, now: datetime, name: str = FILE) -> bytes:
    """A centre's history with the rows of a file: those of an interval and queue that is there take its place, others are added.

    Where the history says when each row was recorded (``recorded_at``), earlier versions stay and rows that do not say are recorded now.
    Rows told twice change nothing.

    Parameters
    ----------
    files : the centre's, as `api.store.centres.with_changes` gives them
    name : of the file that is merged, by which a spreadsheet is known

    Raises
    ------
    BadInput
        with every fault of the file; what only the whole centre shows is told by `api.store.centre_files.prepare`.
    """
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        folder = Path(place)
        (folder / SETTINGS).write_bytes(files[SETTINGS])
        zone = read_draft(folder / SETTINGS, Faults()).zone
        (folder / name).write_bytes(content)
        new = read_history(folder / name, zone).drop(columns="row")
        (folder / FILE).write_bytes(files[FILE])
        old = read_history(folder / FILE, zone).drop(columns="row")
        result = _joined(old, new, pd.Timestamp(now))
        if result.equals(old):
            return files[FILE]
        write_csv(folder / FILE, result)
        return (folder / FILE).read_bytes()


def table(files: Files) -> pd.DataFrame:
    """A centre's history as `centre.folder.Centre.history`, by interval and queue."""
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        folder = Path(place)
        for name in (SETTINGS, FILE):
            (folder / name).write_bytes(files[name])
        zone = read_draft(folder / SETTINGS, Faults()).zone
        return _ordered(read_history(folder / FILE, zone).drop(columns="row"))


def _joined(old: pd.DataFrame, new: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Old rows and new in order of time; where both tell the same, the old row stays as it is."""
    if "recorded_at" in old or "recorded_at" in new:
        return _versions(old, new, now)
    both = pd.concat([old, new], ignore_index=True).drop_duplicates(_KEY, keep="last")
    return _ordered(both)


def _versions(old: pd.DataFrame, new: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    told = [name for name in dict.fromkeys([*old.columns, *new.columns]) if name != "recorded_at"]
    old, new = (frame.reindex(columns=[*told, "recorded_at"]) for frame in (old, new))
    unsaid = new["recorded_at"].isna()
    latest = old.sort_values("recorded_at", na_position="first", kind="stable").drop_duplicates(
        _KEY, keep="last"
    )
    known = new.reset_index().merge(latest[told], on=told)["index"]
    new = new[~(unsaid & new.index.isin(known))].copy()
    new["recorded_at"] = pd.to_datetime(new["recorded_at"], utc=True).fillna(now.floor("min"))
    return _ordered(pd.concat([old, new], ignore_index=True).drop_duplicates([*told, "recorded_at"]))


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    by = [name for name in (*_KEY, "recorded_at") if name in frame]
    return frame.sort_values(by, kind="stable", na_position="first").reset_index(drop=True)
