"""``paiban snapshot``: a backup of all that the service keeps, while it runs."""

import argparse
from pathlib import Path

from api.outcome import Outcome, Progress

ABOUT = "Back up the service: one state of all its tables in one file, while it runs; the master key is not in it."
EXAMPLE = "paiban snapshot paiban-2026-03-02.zip"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="file to write; one that is there stays")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Write beside the place, then put it there whole."""
    from api.settings import read_settings
    from api.store.opening import open_store
    from api.store.snapshot import backup
    from centre.errors import BadInput, Fault
    from centre.writing import new_file

    if args.file.exists():
        raise BadInput([Fault("FILE", "a file that is not there yet", str(args.file))])
    settings, _ = read_settings()
    progress("copy the tables")
    with open_store(settings) as store, new_file(args.file, private=True) as out:
        rows = backup(store, out)
    size = args.file.stat().st_size
    line = f"{args.file}: {sum(rows.values()):,} rows of {len(rows)} tables, {size:,} bytes; keep the master key apart from it"
    return Outcome(
        lines=[line], data={"command": "snapshot", "file": str(args.file), "bytes": size, "rows": rows}
    )
