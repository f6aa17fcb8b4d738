"""``paiban accuracy``: how far off the forecasts were that a centre has kept, and whether its overrides made them better."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.outcome import Outcome, Progress
from api.table_words import in_words

if TYPE_CHECKING:
    import pandas as pd

ABOUT = "Measure kept forecasts against what came."
EXAMPLE = "paiban accuracy my-centre --by week_ahead --out accuracy.csv"
BY = ("weekday", "special", "week_ahead", "day")


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "centre", type=Path, metavar="CENTRE", help="centre folder with forecasts kept in snapshots/"
    )
    parser.add_argument("--by", choices=BY, help="break each queue's errors down by this as well")
    parser.add_argument("--out", type=Path, metavar="FILE", help="table of measures to write")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, compare, tell."""
    progress("read the centre and its kept forecasts")
    from centre.errors import BadInput, Fault
    from centre.folder import read_centre
    from centre.writing import write_csv
    from forecasts.breakdown import breakdown
    from scenarios.snapshots import FOLDER, FORECAST, compare_snapshots, snapshot_files

    centre = read_centre(args.centre)
    kept = snapshot_files(args.centre)
    if not kept:
        how = f"kept forecasts: `paiban forecast {args.centre} --start DATE --days N --out FILE --keep` keeps one"
        raise BadInput([Fault(FOLDER, how, "none")])
    cells = compare_snapshots(args.centre, centre)
    by = ["queue", *([args.by] if args.by else [])]
    table = in_words(breakdown(cells, [*by, "model"]))
    if args.out:
        write_csv(args.out, table)
    mine = table[table["model"] == FORECAST].drop(columns="model")
    compared = cells["origin"].nunique()
    overrides = _overrides(cells)
    outage = int((cells["outage"].astype(bool) & (cells["model"] == FORECAST)).sum())
    counted = f"{len(kept)} forecast{'s' if len(kept) > 1 else ''} kept"
    lines = [f"{counted}, {compared} with intervals that history knows by now"]
    lines += [f"{outage} intervals in outages are left out"] if outage else []
    lines += [_line(row, by) for row in mine.to_dict("records")]
    lines += [_override_line(queue, row) for queue, row in overrides.items()]
    data = {"command": "accuracy", "forecasts_kept": len(kept), "forecasts_compared": compared}
    data |= {"by": by, "measures": _plain(table), "overrides": overrides, "outage_intervals": outage}
    data |= {"out": str(args.out)} if args.out else {}
    return Outcome(lines=lines, data=data, warnings=centre.warnings)


def _overrides(cells: "pd.DataFrame") -> dict[str, dict[str, Any]]:
    """By queue: error on the intervals that were overridden, with what was overridden and without."""
    from forecasts.breakdown import breakdown
    from scenarios.figures import known
    from scenarios.snapshots import FORECAST

    table = breakdown(cells[cells["overridden"].astype(bool)], ["queue", "model"])
    found: dict[str, dict[str, Any]] = {}
    for row in table.to_dict("records"):
        name = "with" if row["model"] == FORECAST else "without"
        told = found.setdefault(row["queue"], {"intervals": int(row["intervals"])})
        told |= {f"wape_{name}": known(row["wape"]), f"bias_{name}": known(row["bias"])}
    return found


def _plain(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as JSON can hold them."""
    from scenarios.figures import known

    return [
        {str(name): known(value) if isinstance(value, float) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _line(row: dict[Any, Any], by: list[str]) -> str:
    """The measures of one group as a sentence."""
    name = ", ".join([str(row[by[0]]), *(f"{key.replace('_', ' ')} {row[key]}" for key in by[1:])])
    floor = f"floor {_percent(row['poisson_floor'])}" + (
        ": nothing more to win there" if row["at_floor"] else ""
    )
    inside = "" if row["coverage"] != row["coverage"] else f", {_percent(row['coverage'])} within p10 to p90"
    return (
        f"{name}: WAPE {_percent(row['wape'])} by interval ({floor}), {_percent(row['day_wape'])} by day, "
        f"{_percent(row['week_wape'])} by week, bias {_percent(row['bias'])}{inside}; "
        f"{row['contacts']:,.0f} contacts in {row['intervals']:,} intervals"
    )


def _override_line(queue: str, row: dict[str, Any]) -> str:
    return (
        f"{queue}, overrides: {_percent(row['wape_with'])} with, {_percent(row['wape_without'])} without "
        f"on the {row['intervals']:,} intervals touched"
    )


def _percent(share: float | None) -> str:
    return "–" if share is None or share != share else f"{100 * share:.1f} %"
