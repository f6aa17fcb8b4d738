"""Clock records of a large centre read and set beside the plan: seconds and peak memory.

    taskset -c 0,1 python benchmarks/adherence.py --people 5000 --days 365

The invented year of ``benchmarks/audit.py`` (weeks of early, day, late or night shifts, a meal as a row of its
own) is the plan. What was worked comes from a file of ``agent_id, clock_in, clock_out``, one row a shift, in
local time: a normal deviation of 6 minutes at either end, one shift in a hundred 2 hours longer, one in two
hundred missing, one record in a thousand without a clock-out, one in a thousand twice. Writing that file is
not in the figures. Needs nothing but the project.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from audit import ZONE, material, memory

from centre.any_rota import read_any_rota
from centre.instants import to_timestamps
from scheduler.adherence import compare
from scheduler.adherence_figures import figures, rest_lost
from scheduler.rota import Rota


def records(planned: Rota, rng: np.random.Generator) -> pd.DataFrame:
    """What was clocked, in local time, with the faults that such files have."""
    shifts = planned.duties
    count = len(shifts)
    start = shifts.start + rng.normal(0, 6, count).astype(np.int64)
    end = shifts.end + rng.normal(0, 6, count).astype(np.int64)
    end += np.where(rng.random(count) < 0.01, 120, 0)
    local = [to_timestamps(at).tz_convert(ZONE).strftime("%Y-%m-%d %H:%M") for at in (start, end)]
    frame = pd.DataFrame(
        {"工号": np.array(planned.agent_ids)[shifts.agent], "上班时间": local[0], "下班时间": local[1]}
    )
    frame.loc[rng.random(count) < 0.001, "下班时间"] = ""
    frame = frame[rng.random(count) >= 0.005]
    return pd.concat([frame, frame[rng.random(len(frame)) < 0.001]])


def main() -> None:
    """Write the records, then read, compare and add up, each timed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    planned, _ = material(asked.people, asked.days, breaks=True, seed=asked.seed)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "worked.csv"
        frame = records(planned, np.random.default_rng(asked.seed))
        frame.to_csv(path, index=False)
        rows = len(frame)
        del frame
        print(
            f"{asked.people:,} people, {rows:,} records; plan {len(planned):,} rows; {memory():.2f} GiB before"
        )
        cpu = -time.process_time()
        began = [time.perf_counter()]
        read = read_any_rota(path, ZONE)
        began.append(time.perf_counter())
        worked = Rota.from_frame(read.frame)
        began.append(time.perf_counter())
        found = compare(planned, worked)
        began.append(time.perf_counter())
        tables = {by: figures(found, by) for by in ("person", "week", "day")}
        lost = rest_lost(found)
        cpu += time.process_time()
        began.append(time.perf_counter())
    for what, seconds in zip(("read", "as a rota", "compare", "figures"), np.diff(began), strict=True):
        print(f"  {what:12}{seconds:8.2f} s")
    print(
        f"read and adherence: {began[-1] - began[0]:.2f} s, {cpu:.2f} s of processor, peak {memory():.2f} GiB"
    )
    total = figures(found, "all").iloc[0]
    print(
        f"{len(found.segments):,} segments, {len(read.notes):,} notes, {len(tables['day']):,} days of people"
    )
    print(
        f"adherence {total['adherence']:.4f}, conformance {total['conformance']:.4f}, {len(lost):,} rests cut short"
    )


if __name__ == "__main__":
    main()
