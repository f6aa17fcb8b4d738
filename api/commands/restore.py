"""``paiban restore``: a backup into an empty database, verified."""

import argparse
from pathlib import Path

from api.outcome import Outcome, Progress

ABOUT = "Fill an empty database from a backup of `paiban snapshot`, verify it, and erase again whoever was erased since."
EXAMPLE = "paiban restore paiban-2026-03-02.zip"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="file that `paiban snapshot` wrote")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """All or nothing: where something is wrong the database stays empty."""
    from api.settings import read_settings
    from api.store.opening import open_store
    from api.store.snapshot import restore

    settings, _ = read_settings()
    with args.file.open("rb") as source, open_store(settings, upgrade=True) as store:
        progress("fill the tables and verify them")
        done = restore(store, source)
    lines = [
        f"{sum(done.rows.values()):,} rows of {len(done.rows)} tables; every content and {done.log_lines:,} lines of the audit log verified"
    ]
    if done.erased_again:
        lines.append(f"erased again: {done.erased_again} people who were erased after the backup was made")
    data = {
        "command": "restore",
        "rows": done.rows,
        "log_lines": done.log_lines,
        "erased_again": done.erased_again,
    }
    return Outcome(lines=lines, data=data)
