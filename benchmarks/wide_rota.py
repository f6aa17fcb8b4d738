"""Reading a large wide sheet: seconds for the file and for its cells, and peak memory.

    taskset -c 0,1 python benchmarks/wide_rota.py --people 5000 --days 365 --kind xlsx

Invented and seeded: a row a person, a column a day, three codes with breaks and one for days off, a legend sheet (a block
below the table for csv). The workbook is made first, which takes longer than reading it. Needs nothing but the project.
"""

import argparse
import csv
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import xlsxwriter

from centre.errors import Faults
from centre.wide.rota import read_wide_rota
from centre.wide.sheets import sheets_of

LEGEND = [["代码", "开始", "结束", "休息(分钟)"], ["早", "08:00", "16:00", "60"], ["中", "13:00", "21:00", "60"],
          ["夜", "22:00", "06:00", "60"], ["休", "", "", ""]]  # fmt: skip


def material(people: int, days: int, seed: int) -> list[list[str]]:
    """The rows of the sheet, headers first."""
    codes = np.random.default_rng(seed).choice(
        ["早", "中", "夜", "休"], (people, days), p=[0.35, 0.25, 0.15, 0.25]
    )
    head = ["工号", *((date(2026, 1, 1) + timedelta(k)).isoformat() for k in range(days))]
    return [head, *([f"a{k:05d}", *row] for k, row in enumerate(codes.tolist()))]


def write(path: Path, rows: list[list[str]]) -> None:
    """The sheet as CSV or as a workbook."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([*rows, [""], *LEGEND])
        return
    book = xlsxwriter.Workbook(str(path))
    for title, table in (("2026", rows), ("图例", LEGEND)):
        page = book.add_worksheet(title)
        for k, row in enumerate(table):
            page.write_row(k, 0, row)
    book.close()


def main() -> None:
    """Read the file alone, then all of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--kind", choices=("csv", "xlsx"), default="csv")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"wide.{asked.kind}"
        write(path, material(asked.people, asked.days, asked.seed))
        began, cpu = time.perf_counter(), time.process_time()
        sheets = sheets_of(path, Faults())
        read, read_cpu = time.perf_counter() - began, time.process_time() - cpu
        began, cpu = time.perf_counter(), time.process_time()
        rota = read_wide_rota(path, None, ZoneInfo("Asia/Shanghai"), sheets=sheets)
        took, took_cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{asked.people * asked.days:,} cells of {asked.kind}, {len(rota.frame):,} rows; peak {peak:.2f} GiB with making it"
    )
    print(
        f"file {read:.2f} s ({read_cpu:.2f} s of processor), cells {took:.2f} s ({took_cpu:.2f} s of processor)"
    )


if __name__ == "__main__":
    main()
