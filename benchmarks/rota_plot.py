"""Growth with the number of agents, from the logs of rota.py: the gap at a fixed time, and the seconds to 1 %.

    python benchmarks/rota_plot.py --at-60 rota60.jsonl --to-1 rota1.jsonl --out docs/rota-scale.png

Needs matplotlib (requirements.txt). ``--at-60`` is the log of a run with ``--seconds 60``, ``--to-1`` of one with ``--until 0.01``; only
runs that reached 1 % have a point on the right.
"""

import argparse
import json
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

COLOURS = {"bank": "#2b6cb0", "round-the-clock": "#c05621"}


def rows_of(path: Path) -> list[dict]:
    """Runs of a log; of two of one size the later."""
    rows = {}
    for line in path.read_text().splitlines():
        row = json.loads(line)
        rows[row["shape"], row["agents"], row["days"]] = row
    return [row for (_, _, days), row in sorted(rows.items()) if days == 7]


def main() -> None:
    """Draw both pictures side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--at-60", type=Path, required=True)
    parser.add_argument("--to-1", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    at_60, to_1 = rows_of(asked.at_60), rows_of(asked.to_1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for shape, colour in COLOURS.items():
        mine = [row for row in at_60 if row["shape"] == shape]
        left.plot(
            [r["agents"] for r in mine], [100 * r["gap"] for r in mine], "o-", color=colour, label=shape
        )
        mine = [row for row in to_1 if row["shape"] == shape and row["gap"] <= 0.01]
        right.plot([r["agents"] for r in mine], [r["seconds"] for r in mine], "o-", color=colour, label=shape)
    left.axhline(1.0, color="grey", linewidth=0.8, linestyle="--")
    left.set(
        title="Gap to the proven bound at 60 s", xlabel="agents", ylabel="gap, %", xscale="log", yscale="log"
    )
    right.set(title="Seconds to a gap of 1 %", xlabel="agents", ylabel="s", xscale="log", yscale="log")
    for axis, rows in ((left, at_60), (right, to_1)):
        axis.grid(alpha=0.3, which="both")
        ticks = sorted({row["agents"] for row in rows})
        axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axis.minorticks_off()
        axis.legend(frameon=False)
    figure.savefig(asked.out, dpi=120)


if __name__ == "__main__":
    main()
