"""``paiban import``: a history exported by another tool, read into a centre's or into a file of ours."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.foreign.words import FORMAT_NAMES, HISTORY_ROLES, ORDERS, UNITS

if TYPE_CHECKING:
    from api.imports import Import

ABOUT = "Read a history exported by another tool: Genesys, Amazon Connect, NICE, Calabrio, or any table of intervals."
EXAMPLE = "paiban import export.csv --centre my-centre --queue 'Service line=calls' --preview"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="CSV in any encoding and with any separator, or .xlsx")
    add("--centre", type=Path, metavar="CENTRE", help="centre folder; its history.csv gets the rows")
    add("--out", type=Path, metavar="FILE", help="write the rows as a history file instead")
    add("--format", choices=FORMAT_NAMES, help="whose export it is (default: found out)")
    add("--map", action="append", default=[], metavar="ROLE=COLUMN",
        help=f"a column by heading or number, ROLE one of {', '.join(HISTORY_ROLES)}; =COLUMN leaves one out")  # fmt: skip
    add(
        "--unit",
        action="append",
        default=[],
        metavar="COLUMN=UNIT",
        help=f"of a handle time: {', '.join(UNITS)}",
    )
    add("--queue", action="append", default=[], metavar="THEIRS=OURS",
        help="what a queue of the file is called in the centre; THEIRS= leaves it out")  # fmt: skip
    add("--date-order", choices=ORDERS, help="where day and month stand (default: found out)")
    add("--timezone", metavar="ZONE", help="of times without an offset (default: the centre's)")
    add("--preview", action="store_true", help="tell how the file would be read, and write nothing")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, tell, and where nothing is wrong write."""
    from api.imports import read_import, told
    from centre.errors import BadInput

    _check_form(args)
    progress("read the file")
    settings = _settings(args.centre)
    read = read_import(args.file, settings, _change(args), args.format)
    if read.faults and not args.preview:
        raise BadInput(read.faults)
    if not args.preview:
        progress("write the history")
        _write(args, read)
    data = {"command": "import", "written": not args.preview, **told(read)}
    return Outcome(FINDINGS if read.faults else DONE, list(_lines(data, args)), data)


def _check_form(args: argparse.Namespace) -> None:
    from centre.errors import Faults

    faults = Faults()
    if not (args.centre or args.out or args.preview):
        faults.add("command line", "--centre CENTRE, --out FILE or --preview", found="none of them")
    if args.centre is None and args.timezone is None:
        faults.add("--timezone", "a time zone such as Asia/Shanghai where there is no --centre")
    for name in ("map", "unit", "queue"):
        for text in getattr(args, name):
            if "=" not in text:
                faults.add(f"--{name}", "two words with = between", found=text)
    faults.raise_if_any()


def _change(args: argparse.Namespace) -> dict[str, Any]:
    """The options as `centre.foreign.mapping.changed` takes them."""
    change: dict[str, Any] = {
        "roles": {column: role for role, _, column in (text.partition("=") for text in args.map)},
        "units": dict(text.rsplit("=", 1) for text in args.unit),
        "queues": dict(text.rsplit("=", 1) for text in args.queue),
    }
    if args.date_order:
        change["date_order"] = args.date_order
    if args.timezone:
        change["timezone"] = args.timezone
    return change


def _settings(folder: Path | None) -> bytes | None:
    return None if folder is None else (folder / "centre.toml").read_bytes()


def _write(args: argparse.Namespace, read: "Import") -> None:
    from datetime import UTC, datetime

    from api.imports import history_csv, with_history
    from api.store.centre_files import prepare
    from centre.writing import write_bytes

    if args.out:
        write_bytes(args.out, history_csv(read.result.frame))
        return
    files = {
        path.name: path.read_bytes()
        for path in args.centre.iterdir()
        if path.suffix in (".csv", ".toml", ".xlsx")
    }
    files.setdefault("history.csv", b"interval_start,queue,offered,aht_seconds\n")
    result = with_history(files, read, datetime.now(UTC))
    prepare(result)
    write_bytes(args.centre / "history.csv", result["history.csv"])


def _lines(data: dict[str, Any], args: argparse.Namespace) -> Iterator[str]:
    how = ", ".join(word for word in (data["encoding"], data["separator"]) if word) or "spreadsheet"
    yield f"{data['file']}: {data['format']} ({how}), times of {data['timezone']}, dates {data['date_order'] or '?'}"
    for column in data["columns"]:
        role = column["role"] or "left out"
        unit = f" in {column['unit']}" if column["unit"] else ""
        doubt = "" if column["confidence"] >= 0.8 else "  (please check)"
        yield f"  {column['place'] + 1:3d}  {column['heading']:<32} {role}{unit}{doubt}"
    for theirs, ours in data["queues"].items():
        yield f"  queue {theirs!r} is {'not known here' if ours is None else repr(ours) if ours else 'left out'}"
    yield from (f"note: {sentence}" for sentence in data["told"])
    length = f" of {data['interval_minutes']} minutes" if data["interval_minutes"] else ""
    yield f"Rows: {data['rows']:,}, intervals{length} by queue: {data['intervals']:,}" + (
        f", {data['first']} to {data['last']}" if data["first"] else ""
    )
    for fault in data["faults"][:20]:
        yield f"  row {fault['row']}, {fault['column']}: found {fault['found']!r}, expected {fault['expected']}"
    if data["written"]:
        yield f"Written: {args.out or args.centre / 'history.csv'}"
