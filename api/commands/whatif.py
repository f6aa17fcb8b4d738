"""``paiban whatif``: what changes where something else were so, beside today's plan."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import count, day, number_from_zero
from api.outcome import DONE, Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    from scenarios.changes import Scenario
    from scenarios.compare import Comparison
    from scenarios.inputs import Inputs

ABOUT = "Set what-ifs beside today's plan: volume, handle time, people, targets, rules, prices; one level of answer for all."
EXAMPLE = (
    "paiban whatif my-centre --start 2026-03-02 --days 7 --change volume=+10% --change aht=-5% --out whatif"
)
MARK, PAGE, BOOK = "whatif.json", "comparison.html", "comparison.xlsx"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("centre", type=Path, nargs="?", metavar="CENTRE", help="centre folder")
    add("--list", action="store_true", help="every kind of change with an example")
    add("--start", type=day, metavar="DATE", help="first day")
    add("--days", type=count, default=7, metavar="N", help="days (default 7)")
    add(
        "--change",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a change of the scenario what-if; may be repeated",
    )
    add(
        "--scenario",
        action="append",
        default=[],
        metavar="NAME: CHANGE; CHANGE",
        help="one more scenario; may be repeated",
    )
    add(
        "--scenarios",
        type=Path,
        metavar="FILE",
        help="more scenarios: a TOML file of [[scenario]] tables with name and changes, as in a sweep file",
    )
    add("--level", choices=("staffing", "bound", "rota", "simulated"), default="staffing",
        help="agents required alone (default), a bound on any rota, a rota, or a rota played contact by contact")  # fmt: skip
    add("--effort", type=count, default=20, metavar="N", help="units of work of each rota (default 20)")
    add(
        "--replications",
        type=count,
        default=100,
        metavar="N",
        help="how often a rota is played (default 100)",
    )
    add(
        "--seed",
        type=number_from_zero,
        default=1,
        metavar="N",
        help="start of every random choice (default 1)",
    )
    add("--workers", type=count, default=2, metavar="N", help="threads (default 2)")
    add(
        "--lang",
        choices=("en", "zh"),
        default="en",
        help="language of the page and the workbook (default en)",
    )
    add("--out", type=Path, metavar="DIR", help="folder for the results; an earlier result is replaced")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, answer every scenario, write, tell; or list what can be changed."""
    from scenarios.change_kinds import KINDS

    if args.list:
        kinds = [{"name": kind.name, "about": kind.about, "example": kind.example} for kind in KINDS]
        lines = [f"{kind['name']:<26} {kind['about']}\n{'':<26} {kind['example']}" for kind in kinds]
        return Outcome(DONE, lines, {"command": "whatif", "changes": kinds})
    _check(args)
    progress("read the centre folder")
    from centre.folder import read_centre
    from centre.writing import check_replaceable
    from scenarios.compare import compared
    from scenarios.inputs import inputs_of
    from scheduler.solution import Limits

    check_replaceable(args.out, MARK)
    centre = read_centre(args.centre)
    progress("forecast from the history")
    inputs = inputs_of(centre, args.start, args.days)
    scenarios = _scenarios(args, inputs)
    progress(f"{len(scenarios) + 1} scenarios, level {args.level}")
    limits = Limits(effort=args.effort, seed=args.seed, workers=args.workers)
    found = compared(inputs, scenarios, args.level, limits, args.replications)
    data = _data(found, args, inputs)
    _write(found, data, args)
    notes = [
        f"{s.name}: {note}" for s, a in zip(found.scenarios, found.answers, strict=True) for note in a.notes
    ]
    return Outcome(DONE, list(_lines(found, args)), data, (*centre.warnings, *notes))


def _check(args: argparse.Namespace) -> None:
    """What a comparison cannot do without; all at once."""
    needed = {
        "CENTRE": args.centre,
        "--start": args.start,
        "--out": args.out,
        "--change": args.change or args.scenario or args.scenarios,
    }
    words = {"--change": "a change, a --scenario or --scenarios; --list tells all kinds"}
    missing = [Fault(name, words.get(name, "this option")) for name, value in needed.items() if not value]
    if missing:
        raise BadInput(missing)


def _scenarios(args: argparse.Namespace, inputs: "Inputs") -> "list[Scenario]":
    """The scenarios asked for; raises `BadInput` with every fault of all of them."""
    from scenarios.change_kinds import KINDS
    from scenarios.changes import Scenario, read_changes
    from scenarios.sweep_file import read_scenarios

    asked = [("what-if", list(args.change))] if args.change else []
    for text in args.scenario:
        name, _, rest = text.partition(": ")
        asked.append((name.strip(), [part.strip() for part in rest.split(";") if part.strip()]))
    if args.scenarios:
        asked += [(step.label, list(step.changes)) for step in read_scenarios(args.scenarios)]
    found, faults, names = list[Scenario](), list[Fault](), {"baseline"}
    for name, texts in asked:
        if not name or not texts or name in names:
            faults.append(
                Fault("--scenario", "NAME: CHANGE; CHANGE, each name once and none called baseline", name)
            )
        names.add(name)
        try:
            found.append(Scenario(name, read_changes(texts, inputs, KINDS)))
            found[-1].applied(inputs)
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return found


def _data(found: "Comparison", args: argparse.Namespace, inputs: "Inputs") -> dict[str, Any]:
    from api.plain_data import plain
    from scenarios.versions import versions

    told = [
        {
            "name": scenario.name, "changes": [change.text for change in scenario.changes], "words": scenario.words,
            "sentence": found.sentence(k) if k else "", "figures": answer.figures, "notes": answer.notes,
        }
        for k, (scenario, answer) in enumerate(zip(found.scenarios, found.answers, strict=True))
    ]  # fmt: skip
    return {
        "command": "whatif", "level": found.level, "start": args.start.isoformat(), "days": args.days, "effort": args.effort,
        "seed": args.seed, "replications": args.replications, "inputs": inputs.centre.checksums, "versions": versions(),
        "scenarios": plain(told), "out": str(args.out),
    }  # fmt: skip


def _write(found: "Comparison", data: dict[str, Any], args: argparse.Namespace) -> None:
    from centre.writing import result_folder, write_csv, write_text
    from scenarios.comparison_page import render_comparison
    from scenarios.comparison_views import Told
    from scenarios.comparison_workbook import write_comparison
    from scenarios.text import json_text

    asked = Told(args.effort, args.seed, args.replications)
    with result_folder(args.out, MARK) as folder:
        write_csv(folder / "comparison.csv", found.table)
        write_csv(folder / "by_day.csv", found.by_day())
        write_csv(folder / "by_interval.csv", found.by_interval())
        write_text(folder / PAGE, render_comparison(found, asked, args.lang))
        write_comparison(found, asked, folder / BOOK, args.lang)
        write_text(folder / MARK, json_text(data))


def _lines(found: "Comparison", args: argparse.Namespace) -> Iterator[str]:
    yield f"Level of answer: {found.level}"
    yield from (f"{s.name}: {found.sentence(k)}" for k, s in enumerate(found.scenarios) if k)
    yield f"Page: {args.out / PAGE}"
    yield f"Written: {args.out}"
