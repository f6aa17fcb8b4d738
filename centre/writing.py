"""Writing files whole or not at all: a reader never meets half a table or half a results folder."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from centre.errors import BadInput, Fault
from centre.volumes import DOTS

RESULT_MARK = "plan.json"
"""The file by which a folder is known to be a result of ours."""


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8, line ends as they are, in one step: the file is the old one or the new one."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` in one step: the file is the old one or the new one."""
    with new_file(path) as stream:
        stream.write(content)


@contextmanager
def new_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to fill that becomes ``path`` only when the block ends well; a private one can be read by its owner alone."""
    with _told_as_bad_input(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.partial-", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        partial.chmod(0o600 if private else 0o666 & ~_umask())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as our files are: UTC instants with ``Z``, true and false, blanks for what is missing,
    ``\\n`` line ends.
    """
    plain = pd.DataFrame({name: _plain(frame[name]) for name in frame.columns}, columns=frame.columns)
    write_text(path, plain.to_csv(index=False, lineterminator="\n"))


@contextmanager
def result_folder(out: Path, mark: str = RESULT_MARK, option: str = "--out") -> Iterator[Path]:
    """A folder to fill that becomes ``out`` only when the block ends well, replacing an older result of ours.

    Parameters
    ----------
    mark : the file by which an older result is known to be one that may be replaced
    option : how the user named the folder

    Raises
    ------
    BadInput
        before anything is written, where ``out`` is a file or holds something that is no result of ours.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 - resolve() would follow a link that is to be replaced
    check_replaceable(out, mark, option)
    with _told_as_bad_input(out, option):
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=out.parent))
    try:
        partial.chmod(0o777 & ~_umask())
        yield partial
        _swap(partial, out, mark, option)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


@contextmanager
def _told_as_bad_input(path: Path, option: str = "--out") -> Iterator[None]:
    """Turn a place that cannot be written to into a fault of whoever named it."""
    try:
        yield
    except OSError as error:
        raise BadInput(
            [Fault(option, "a place that can be written to", f"{path}: {error.strerror}")]
        ) from None


def _swap(partial: Path, out: Path, mark: str, option: str) -> None:
    if not out.exists():
        partial.rename(out)
        return
    check_replaceable(out, mark, option)  # it may have changed while we worked
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.old-", dir=out.parent))
    out.rename(old / out.name)
    try:
        partial.rename(out)
    except BaseException:
        (old / out.name).rename(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def check_replaceable(out: Path, mark: str = RESULT_MARK, option: str = "--out") -> None:
    """Raise BadInput where a folder holds something else than a result of ours, see `result_folder`."""
    expected = "a folder that is new, empty or an earlier result"
    if out.exists() and not out.is_dir():
        raise BadInput([Fault(option, expected, f"the file {out.name}")])
    if out.is_dir() and any(out.iterdir()) and not (out / mark).is_file():
        raise BadInput([Fault(option, expected, f"other files in {out.name}")])


def _plain(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        codes, stamps = pd.factorize(column)
        texts = (
            pd.DatetimeIndex(stamps).tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy(dtype=object)
        )
        return pd.Series(np.append(texts, "")[codes], index=column.index)
    if column.dtype == bool:
        return pd.Series(np.where(column, "true", "false"), index=column.index)
    if column.dtype == np.float64:
        return _beyond_doubt(column)
    return column


def _beyond_doubt(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Fractions that a reader of counts could take for thousands, where all of a column are such: with one more digit."""
    told = column.dropna()
    if told.empty or not DOTS.fullmatch(repr(float(told.iloc[0]))):
        return column
    texts = told.map(lambda value: repr(float(value)))
    if not texts.map(lambda text: bool(DOTS.fullmatch(text))).all():
        return column
    return (texts + "0").reindex(column.index)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
