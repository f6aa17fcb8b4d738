"""Sweeps: many scenarios of one centre, each worked once and kept by the digest of its inputs, so that a sweep that was stopped goes on."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from centre.errors import BadInput, Fault
from centre.folder import Centre, read_centre
from centre.writing import write_text
from scenarios.change_kinds import KINDS
from scenarios.changes import read_changes
from scenarios.demand import holidays_of, horizon
from scenarios.forecasting import forecast_of, path_rows
from scenarios.inputs import Inputs
from scenarios.sweep_file import Sweep
from scenarios.sweep_pool import Make, Result, run
from scenarios.sweep_work import Base, Point
from scenarios.versions import version_of
from scheduler.solution import Limits

BASELINE = Point("baseline")
CACHE = "cache"
SECONDS = {"staffing": 0.02, "bound": 3.0, "rota": 5.0, "simulated": 15.0}
"""About how long one scenario of a level takes on one core, without the effort of a rota."""
ASK_SECONDS = 3600.0
"""A sweep that takes longer is asked about first."""
BATCH = {"staffing": 10}
TELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario with its key and what it came to."""

    point: Point
    key: str
    result: Result


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep's results in its order; ``kept`` of them were there before."""

    rows: tuple[Row, ...]
    kept: int


def seconds_of(sweep: Sweep, effort: int, finished: int, workers: int) -> float:
    """About how long a sweep takes, without the ``finished`` scenarios that are kept already."""
    each = SECONDS[sweep.level] + (effort if sweep.level in ("rota", "simulated") else 0)
    return max(sweep.count - finished, 0) * each / workers


def check_cost(sweep: Sweep, effort: int, folder: Path, workers: int) -> None:
    """Raise `BadInput` with the cost of a sweep that takes longer than an hour."""
    kept = folder / CACHE
    finished = sum(1 for _ in kept.glob("*.json")) if kept.is_dir() else 0
    seconds = seconds_of(sweep, effort, finished, workers)
    if seconds > ASK_SECONDS:
        each = seconds_of(sweep, effort, sweep.count - 1, 1)
        told = f"{sweep.count:,} scenarios x about {each:g} s on {workers} workers: about {duration(seconds)}"
        raise BadInput([Fault("--yes", "fewer scenarios or a faster level, or --yes to go on", told)])


def duration(seconds: float) -> str:
    """A length of time in words.

    Examples
    --------
    >>> [duration(s) for s in (4, 90, 7200, 864000)]
    ['4 s', '2 min', '2.0 h', '10.0 days']
    """
    for length, unit, form in ((86400, "days", ".1f"), (3600, "h", ".1f"), (60, "min", ".0f")):
        if seconds >= length:
            return f"{seconds / length:{form}} {unit}"
    return f"{seconds:.0f} s"


def points_of(sweep: Sweep) -> list[Point]:
    """Every scenario in order: the baseline, the grid, those with names, the sample."""
    points = [BASELINE]
    if sweep.axes:
        for place in itertools.product(*(range(len(axis.steps)) for axis in sweep.axes)):
            steps = [axis.steps[k] for axis, k in zip(sweep.axes, place, strict=True)]
            name = ", ".join(
                f"{axis.name} {step.label}" for axis, step in zip(sweep.axes, steps, strict=True)
            )
            points.append(Point(name, tuple(text for step in steps for text in step.changes), place))
    points += [Point(step.label, step.changes) for step in sweep.named]
    if sweep.sample:
        random = np.random.default_rng(sweep.sample.seed)
        for n in range(1, sweep.sample.n + 1):
            changes = tuple(uncertain.drawn(random) for uncertain in sweep.sample.uncertain)
            points.append(Point(f"sample {n}", changes, path=n if sweep.sample.paths else 0, sample=n))
    return points


def base_of(sweep: Sweep, limits: Limits) -> Base:
    """The centre, its forecast and the demand paths that are asked for; raises `BadInput` as they do."""
    centre = read_centre(sweep.centre)
    grid = horizon(centre.settings, sweep.start, sweep.days)
    made = forecast_of(centre, grid, holidays_of(centre, grid))
    paths = np.empty((0, len(made.table)))
    if sweep.sample and sweep.sample.paths:
        paths = path_rows(made, sweep.sample.n, sweep.sample.seed)
    return Base(Inputs(centre, grid, made.table), paths, sweep.level, limits)


def check_changes(points: Sequence[Point], inputs: Inputs) -> None:
    """Raise `BadInput` with every change that is not known or does not apply, each told once."""
    read_changes(list(dict.fromkeys(text for point in points for text in point.changes)), inputs, KINDS)


def key_of(point: Point, sweep: Sweep, centre: Centre, limits: Limits) -> str:
    """The SHA-256 digest of all that a scenario depends on; its name is no part of it."""
    sample = sweep.sample if point.path else None
    told = {
        "version": version_of("paiban"), "centre": dict(sorted(centre.checksums.items())), "start": sweep.start.isoformat(),
        "days": sweep.days, "level": sweep.level, "effort": limits.effort, "seed": limits.seed, "changes": point.changes,
        "path": [point.path, sample.n, sample.seed] if sample else None,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def swept(
    sweep: Sweep, base: Base, folder: Path, make: Make, workers: int, tell: Callable[[str], None]
) -> Swept:
    """Work all scenarios that are not kept in ``folder`` yet, and keep each as it ends.

    Failed ones are told with their reason and not kept: the next run tries them again.
    """
    points = points_of(sweep)
    keys = [key_of(point, sweep, base.inputs.centre, base.limits) for point in points]
    results = dict(_kept(folder, keys))
    kept, missing = len(results), dict[str, Point]()
    for key, point in zip(keys, points, strict=True):
        if key not in results:
            missing.setdefault(key, point)
    tell(f"{len(missing):,} scenarios to work, {kept:,} kept from before")
    if missing:
        results |= _worked(missing, base, folder, make, workers, tell)
    return Swept(tuple(Row(p, key, results[key]) for p, key in zip(points, keys, strict=True)), kept)


def _worked(
    missing: dict[str, Point], base: Base, folder: Path, make: Make, workers: int, tell: Callable[[str], None]
) -> dict[str, Result]:
    """Results of scenarios by their key; each that did not fail is kept at once."""
    (folder / CACHE).mkdir(parents=True, exist_ok=True)
    keys, results, failed = {point: key for key, point in missing.items()}, dict[str, Result](), 0
    began = told = time.monotonic()
    points = list(missing.values())
    with closing(run(make, base.packed(), points, BATCH.get(base.level, 1), workers)) as found:
        for done, (point, result) in enumerate(found, 1):
            results[keys[point]] = result
            if "reason" in result:
                failed += 1
            else:
                text = json.dumps(result, ensure_ascii=False, allow_nan=False)
                write_text(folder / CACHE / f"{keys[point]}.json", text + "\n")
            now = time.monotonic()
            if now - told > TELL_SECONDS or done == len(missing):
                told, left = now, (now - began) / done * (len(missing) - done)
                tell(f"{done:,} of {len(missing):,} done, {failed:,} failed, about {duration(left)} left")
    return results


def _kept(folder: Path, keys: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Results that are there already; a file that does not hold one counts as none."""
    for key in dict.fromkeys(keys):
        path = folder / CACHE / f"{key}.json"
        if not path.is_file():
            continue
        try:
            found = json.loads(path.read_bytes())
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get("figures"), dict):
            yield key, found
