"""What is wrong with a floor, all of it at once; and the floor as arrays of full shape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import Faults
from scheduler.staffing.checks import (
    LOSS,
    NOT_NEGATIVE,
    PATIENCE,
    POSITIVE,
    SHARE,
    Expected,
    Flags,
    Floats,
    faults_in,
)
from scheduler.staffing.floor import SERVICES, SHIFT_GAP_SECONDS, TRIGGERS, AgentChoice, Decides, Floor

Ints = NDArray[np.int64]
NUMBER = Expected("a number", np.isfinite)


def _whole(low: int, high: float, words: str) -> Expected:
    """A whole number from ``low`` to below ``high``."""
    return Expected(words, lambda x: (x >= low) & (x < high) & (x == np.floor(x)))


@dataclass(frozen=True, eq=False, slots=True)
class Checked:
    """A floor whose arrays have their full shapes: (queues,), (queues, intervals), (agents, queues), (stretches,)."""

    floor: Floor
    arrivals: Floats
    aht_seconds: Floats
    patience_seconds: Floats
    speed: Floats
    preference: Floats
    by_queue: dict[str, Floats]
    service: Ints
    stretches: dict[str, Floats]
    trace: dict[str, Floats]


def checked_floor(floor: Floor) -> Checked:
    """The floor in full shape.

    Raises
    ------
    BadInput
        naming everything that is wrong with it, arrays with the index.
    """
    return _Checker(floor).checked()


class _Checker:
    """Collects the faults of one floor while its arrays are shaped."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.faults = floor, Faults()
        self.queues = self.intervals = self.agents = 0

    def checked(self) -> Checked:
        floor = self.floor
        self.array("interval_seconds", floor.interval_seconds, POSITIVE, ())
        arrivals = self.array("arrivals", floor.arrivals, NOT_NEGATIVE, None, dims=2)
        speed = self.array("speed", floor.speed, NOT_NEGATIVE, None, dims=2)
        self.queues, self.intervals = arrivals.shape
        self.agents = len(speed)
        self.need(self.queues > 0 and self.intervals > 0, "arrivals", "at least one queue and one interval")
        self.need(speed.shape[1] == self.queues, "speed", "a column a queue", f"{speed.shape[1]} columns")
        grid = (self.queues, self.intervals)
        aht = self.array("aht_seconds", floor.aht_seconds, POSITIVE, grid)
        patience = self.array("patience_seconds", floor.patience_seconds, PATIENCE, grid)
        preference = self.array(
            "preference", 0 if floor.preference is None else floor.preference, NUMBER, speed.shape
        )
        by_queue = self.queue_settings(aht)
        service = self.services()
        self.words()
        stretches = self.stretches(speed)
        trace = self.trace()
        self.pools(speed, stretches)
        self.faults.raise_if_any()
        return Checked(floor, arrivals, aht, patience, speed, preference, by_queue, service, stretches, trace)

    def need(self, holds: object, column: str, expected: str, found: object = "") -> None:
        if not holds:
            self.faults.add("floor", expected, found=found, column=column)

    def array(
        self,
        name: str,
        value: ArrayLike,
        expected: Expected,
        shape: tuple[int, ...] | None,
        dims: int = 0,
    ) -> Floats:
        """The value as floats of a shape (None: any of so many dimensions), faults noted; ones where it cannot be read."""
        instead = np.ones(shape if shape is not None else (1,) * dims)
        try:
            found = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            self.need(False, name, expected.words, str(value)[:60])
            return instead
        self.faults.found.extend(faults_in("floor", name, found, expected))
        if shape is None:
            self.need(found.ndim == dims, name, f"an array of {dims} dimensions", f"shape {found.shape}")
            return found if found.ndim == dims else instead
        try:
            return np.ascontiguousarray(np.broadcast_to(found, shape), dtype=np.float64)
        except ValueError:
            self.need(False, name, f"shape {shape}", f"shape {found.shape}")
            return instead

    def queue_settings(self, aht: Floats) -> dict[str, Floats]:
        """Every setting that is told by queue, shape (queues,)."""
        floor, here = self.floor, (self.queues,)
        other = _whole(-1, self.queues, f"the code of a queue below {self.queues}, or -1 for none")
        kinds: dict[str, Expected] = {
            "target_seconds": NOT_NEGATIVE,
            "service_cv": POSITIVE,
            "priority": NUMBER,
            "concurrency": _whole(1, 101, "a whole number from 1 to 100"),
            "slowdown": SHARE,
            "wrap_up_seconds": NOT_NEGATIVE,
            "transfer_share": SHARE,
            "transfer_to": other,
            "redial_share": LOSS,
            "redial_seconds": POSITIVE,
            "overflow_to": other,
            "overflow_seconds": NOT_NEGATIVE,
        }
        found = {name: self.array(name, getattr(floor, name), kind, here) for name, kind in kinds.items()}
        wrap, shortest = found["wrap_up_seconds"], aht.min(axis=1)
        for q in np.flatnonzero(wrap > shortest):
            self.need(
                False,
                "wrap_up_seconds",
                f"at most the queue's aht_seconds, {shortest[q]:g}",
                f"{wrap[q]:g} at index {q}",
            )
        self.links(found)
        self.array("busyness_cv", floor.busyness_cv, NOT_NEGATIVE, ())
        return found

    def links(self, found: dict[str, Floats]) -> None:
        """Transfers lead somewhere else and end; overflow leads somewhere else."""
        share, to = found["transfer_share"], found["transfer_to"]
        for q in range(self.queues):
            self.need(
                share[q] == 0 or to[q] >= 0,
                "transfer_to",
                "a queue, since transfer_share is above 0",
                f"-1 at index {q}",
            )
            self.need(
                found["overflow_to"][q] != q,
                "overflow_to",
                "a queue other than itself",
                f"{q} at index {q}",
            )
            seen, at = {q}, q
            while 0 <= at < self.queues and share[at] == 1:
                at = int(to[at])
                if at in seen:
                    self.need(
                        False,
                        "transfer_share",
                        "a share below 1 somewhere in a circle of transfers",
                        f"1 at index {q}",
                    )
                    break
                seen.add(at)

    def services(self) -> Ints:
        """Code of each queue's distribution of work."""
        given = self.floor.service
        names: Sequence[str] = [given] * self.queues if isinstance(given, str) else list(given)
        self.need(len(names) == self.queues, "service", f"one word, or {self.queues}", f"{len(names)} words")
        for q, name in enumerate(names):
            self.need(name in SERVICES, "service", "one of " + ", ".join(SERVICES), f"{name} at index {q}")
        return np.array([SERVICES.index(name) if name in SERVICES else 0 for name in names], dtype=np.int64)

    def words(self) -> None:
        """Settings that are one of a few words."""
        for name, known in (
            ("agent_choice", get_args(AgentChoice)),
            ("preference_decides", get_args(Decides)),
        ):
            found = getattr(self.floor, name)
            self.need(found in known, name, "one of " + ", ".join(known), found)

    def stretches(self, speed: Floats) -> dict[str, Floats]:
        """The stretches sorted by agent and start, with a code of their shift."""
        work = self.floor.work
        shape = np.shape(work.agent)
        if len(shape) != 1:
            self.need(False, "work.agent", "an array of one dimension", f"shape {shape}")
            shape = (0,)
            work = type(work)([], [], [], [])
        given: dict[str, tuple[ArrayLike, Expected]] = {
            "agent": (work.agent, _whole(0, self.agents, f"the code of an agent below {self.agents}")),
            "start_s": (work.start_s, NUMBER),
            "end_s": (work.end_s, NUMBER),
            "queue": (work.queue, _whole(-1, self.queues, f"a queue below {self.queues}, or -1 for any")),
        }
        found = {name: self.array(f"work.{name}", *about, shape) for name, about in given.items()}
        found["absence_share"] = self.array("absence_share", self.floor.absence_share, SHARE, shape)
        if self.faults:
            return found
        self.bad_places(
            found["end_s"] <= found["start_s"], "work.end_s", "a time after start_s", found["end_s"]
        )
        only = found["queue"] >= 0
        codes = found["agent"].astype(int), np.maximum(found["queue"], 0).astype(int)
        self.bad_places(
            only & (speed[codes] == 0), "work.queue", "a queue that the agent has a skill for", found["queue"]
        )
        shift = (
            None
            if work.shift is None
            else self.array("work.shift", work.shift, _whole(-(2**62), 2**62, "a whole number"), shape)
        )
        order = np.lexsort((found["start_s"], found["agent"]))
        same = found["agent"][order][1:] == found["agent"][order][:-1]
        overlap = same & (found["start_s"][order][1:] < found["end_s"][order][:-1])
        self.bad_places(
            np.isin(np.arange(len(order)), order[1:][overlap]),
            "work.start_s",
            "a start after the end of the agent's stretch before",
            found["start_s"],
        )
        found = {name: values[order] for name, values in found.items()}
        gap = found["start_s"][1:] - found["end_s"][:-1]
        begins = np.concatenate([[True], ~same | (gap >= SHIFT_GAP_SECONDS)])[: len(order)]
        found["shift"] = np.cumsum(begins).astype(float) if shift is None else shift[order]
        return found

    def bad_places(self, bad: Flags, column: str, expected: str, values: Floats) -> None:
        for i in np.flatnonzero(bad)[:100]:
            self.need(False, column, expected, f"{values[i]:g} at index {i}")

    def trace(self) -> dict[str, Floats]:
        """The trace sorted by arrival."""
        trace = self.floor.trace
        if trace is None:
            return {}
        shape = np.shape(trace.queue)
        end = self.floor.interval_seconds * self.intervals
        inside = Expected(f"seconds from 0 to below {end:g}, the floor's end", lambda x: (x >= 0) & (x < end))
        kinds: dict[str, Expected] = {
            "queue": _whole(0, self.queues, f"the code of a queue below {self.queues}"),
            "arrival_s": inside,
            "work_s": NOT_NEGATIVE,
            "patience_s": Expected("seconds of at least 0, inf for never", lambda x: x >= 0),
        }
        self.need(len(shape) == 1, "trace.queue", "an array of one dimension", f"shape {shape}")
        shape = shape if len(shape) == 1 else (0,)
        found = {
            name: self.array(f"trace.{name}", getattr(trace, name), kind, shape)
            for name, kind in kinds.items()
        }
        order = np.argsort(found["arrival_s"], kind="stable")
        return {name: values[order] for name, values in found.items()}

    def pools(self, speed: Floats, stretches: dict[str, Floats]) -> None:
        """Backup pools: agents of their own, skills for their queues."""
        taken: set[int] = set(stretches["agent"].astype(int).tolist()) if len(stretches["agent"]) else set()
        for b, pool in enumerate(self.floor.backup):
            at = f"backup[{b}]"
            self.need(
                pool.trigger in TRIGGERS, f"{at}.trigger", "one of " + ", ".join(TRIGGERS), pool.trigger
            )
            self.array(f"{at}.threshold", pool.threshold, POSITIVE, ())
            self.array(f"{at}.lead_seconds", pool.lead_seconds, NOT_NEGATIVE, ())
            self.array(f"{at}.minimum_seconds", pool.minimum_seconds, NOT_NEGATIVE, ())
            agents = self.codes(f"{at}.agents", pool.agents, self.agents, "an agent")
            queues = self.codes(f"{at}.queues", pool.queues, self.queues, "a queue")
            for a in agents:
                self.need(a not in taken, f"{at}.agents", "agents without stretches, in one pool only", a)
                taken.add(a)
                if speed.shape[1] == self.queues and queues:
                    self.need(speed[a, queues].any(), f"{at}.agents", "agents with a skill for its queues", a)

    def codes(self, name: str, given: Sequence[int], below: int, what: str) -> list[int]:
        """The codes that exist among those given."""
        self.need(len(given) > 0, name, f"at least one, each the code of {what} below {below}")
        good = [int(code) for code in given if 0 <= code < below and code == int(code)]
        for code in given:
            self.need(code in good, name, f"the code of {what} below {below}", code)
        return good


__all__ = ["Callable", "Checked", "checked_floor"]
