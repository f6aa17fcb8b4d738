"""``paiban init``: a centre folder to start from, copied from an example."""

import argparse
import shutil
import tempfile
from pathlib import Path

import scenarios
from api.outcome import Outcome, Progress
from centre.errors import BadInput, Fault

ABOUT = "Make a centre folder from an example."
EXAMPLE = "paiban init my-centre --example small"
FIRST_WEEKS = {
    "small": "2026-03-02",
    "customer-service": "2026-05-11",
    "us-bank": "2003-10-20",
    "us-bank-15min": "2003-10-20",
    "anonbank": "1999-02-14",
}


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder to make; new or empty")
    parser.add_argument(
        "--example", default="small", metavar="NAME", help=f"one of {', '.join(examples())} (default small)"
    )


def examples() -> dict[str, Path]:
    """The examples that there are: those installed, and in a checkout those beside the packages."""
    room = Path(scenarios.__file__).parent
    found = [
        path.parent for place in (room, room.parent) for path in sorted(place.glob("examples/*/centre.toml"))
    ]
    return {path.name: path for path in found}


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Copy the example whole, or not at all."""
    known, folder = examples(), args.folder
    if args.example not in known:
        raise BadInput([Fault("--example", f"one of {', '.join(known)}", args.example)])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput([Fault("DIR", "a folder that is new or empty", str(folder))])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".paiban-init-", dir=folder.parent) as partial:
        copy = Path(
            shutil.copytree(known[args.example], Path(partial) / "centre", copy_function=shutil.copyfile)
        )
        if folder.exists():
            folder.rmdir()
        copy.rename(folder)
    start = FIRST_WEEKS.get(args.example, "DATE")
    files = sorted(path.name for path in folder.iterdir())
    return Outcome(
        lines=[
            f"{folder}: {', '.join(files)}",
            f"Next: paiban plan {folder} --start {start} --days 7 --out {folder}-week",
        ],
        data={"command": "init", "example": args.example, "folder": str(folder), "files": files},
    )
