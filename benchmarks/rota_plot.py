"""Growth with the number of agents, from the logs of rota.py: the gap at the end, and the seconds to 1 %.

    python benchmarks/rota_plot.py --log rota60.jsonl rota5000.jsonl --out docs/rota-scale.png

Needs matplotlib (requirements.txt). The seconds to 1 % are those of the first line of progress that tells of no more; only runs that came
so far have a point on the right.
"""

import argparse
import json
import math
import re
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

COLOURS = {"bank": "#2b6cb0", "round-the-clock": "#c05621"}


TOLD = re.compile(r"gap ([\d.]+)%")


def rows_of(paths: list[Path]) -> list[dict]:
    """Runs of a week; of two of one size the later."""
    rows = {}
    for path in paths:
        for line in path.read_text().splitlines():
            row = json.loads(line)
            rows[row["shape"], row["agents"], row["days"]] = row
    return [row for (_, _, days), row in sorted(rows.items()) if days == 7]


def to_one_percent(row: dict) -> float:
    """Seconds from the start to a gap of 1 %; NaN where it was not reached."""
    for seconds, _, words in row["told"]:
        found = TOLD.search(words)
        if found and float(found[1]) <= 1.0:
            return float(seconds)
    return math.nan


def main() -> None:
    """Draw both pictures side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--log", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    rows = rows_of(asked.log)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for shape, colour in COLOURS.items():
        mine = [row for row in rows if row["shape"] == shape]
        left.plot(
            [r["agents"] for r in mine], [100 * r["gap"] for r in mine], "o-", color=colour, label=shape
        )
        mine = [row for row in mine if not math.isnan(to_one_percent(row))]
        right.plot(
            [r["agents"] for r in mine], [to_one_percent(r) for r in mine], "o-", color=colour, label=shape
        )
    left.axhline(1.0, color="grey", linewidth=0.8, linestyle="--")
    left.set(
        title="Gap to the proven bound after at most 60 s",
        xlabel="agents",
        ylabel="gap, %",
        xscale="log",
        yscale="log",
    )
    right.set(title="Seconds to a gap of 1 %", xlabel="agents", ylabel="s", xscale="log", ylim=(0, None))
    for axis in (left, right):
        axis.grid(alpha=0.3, which="both")
        ticks = sorted({row["agents"] for row in rows})
        axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axis.minorticks_off()
        axis.legend(frameon=False)
    figure.savefig(asked.out, dpi=120)


if __name__ == "__main__":
    main()
