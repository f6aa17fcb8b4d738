"""The formula of a team in one interval, written out with its numbers, so that a planner can repeat it on a sheet of paper.

The sums are plain ones, term by term as they are told (`scheduler.staffing.by_hand_sums`); the compiled formulas that staffing
itself uses know nothing of them, so that tests compare the two.
"""

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from centre.model import Queue
from scheduler.staffing.by_hand_sums import Sums, inverse_b
from scheduler.staffing.teams import Team, mean_handle_seconds, seconds_of, slowdown

Unit = Literal["", "share", "s"]
ERLANG_B = "1/B(0) = 1, 1/B(k) = 1 + k/a x 1/B(k-1), B at k ="


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation: its name, how it is worked out, what comes out (``share`` from 0 to 1, ``s`` seconds)."""

    name: str
    formula: str
    value: float
    unit: Unit = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.formula} → {shown(self.value, self.unit)}"


def shown(value: float, unit: Unit = "") -> str:
    """A number as it is written in a step.

    Examples
    --------
    >>> shown(0.8123456, "share"), shown(1800), shown(12.3456789, "s")
    ('81.235%', '1800', '12.346 s')
    """
    if unit == "share":
        return f"{100 * value:.5g}%"
    return f"{value:.5g}" if unit != "s" else f"{value:.5g} s"


def written_out(
    team: Team, contacts: Sequence[float], aht_seconds: Sequence[float], agents: int, interval_minutes: int
) -> tuple[Step, ...]:
    """The steps from contacts and agents to service, in order.

    Parameters
    ----------
    team : queues served together
    contacts : those of each queue in the interval, redials included
    aht_seconds : of each queue
    agents : of the team, more than the load where nobody has patience

    Returns
    -------
    tuple
        empty where there is nothing to work out (no contacts, nobody there, endless waits) or numbers are too large to be written

    Examples
    --------
    >>> calls = Team((Queue("热线", target_seconds=20),))
    >>> for step in written_out(calls, [100], [180], 14, 30):
    ...     print(step)
    Load: a = 100 x 180 / 1800 → 10
    Blocked if nobody could wait (Erlang B): 1/B(0) = 1, 1/B(k) = 1 + k/a x 1/B(k-1), B at k = n = 14 → 5.6819%
    Have to wait (Erlang C): n B / (n - a (1 - B)) = 14 x 0.056819 / (14 - 10 x 0.94318) → 17.413%
    Service level: 1 - C exp(-(n - a) T / AHT) = 1 - 0.17413 x exp(-4 x 20 / 180) → 88.835%
    ASA: C AHT / (n - a) = 0.17413 x 180 / 4 → 7.8359 s
    Occupancy: a / n = 10 / 14 → 71.429%
    """
    if not agents or not sum(contacts):
        return ()
    rates, handle = np.array(contacts, dtype=float)[:, None], np.array(aht_seconds, dtype=float)[:, None]
    aht, all_of_them, seconds = (
        float(mean_handle_seconds(rates, handle)[0]),
        float(sum(contacts)),
        60 * interval_minutes,
    )
    sums = Sums(team.queues[0], all_of_them * aht / seconds, aht, agents)
    if sums.endless:
        return ()
    load = Step("Load", f"a = {shown(all_of_them)} x {shown(aht)} / {seconds}", sums.load)
    with np.errstate(over="ignore", invalid="ignore"):
        if len(team.queues) > 1:
            steps = (load, *_pool(sums, team, [float(each) * aht / seconds for each in contacts]))
        elif team.is_plain and not sums.impatience:
            steps = (load, *_erlang_c(sums))
        else:
            steps = (load, *_one_queue(sums, all_of_them))
    return steps if all(math.isfinite(step.value) for step in steps) else ()


def _erlang_c(sums: Sums) -> Iterator[Step]:
    """Erlang C as textbooks have it."""
    a, n, aht, threshold = sums.load, sums.agents, sums.aht, seconds_of(sums.queue)
    b, spare = 1.0 / inverse_b(n, a), n - a
    wait = n * b / (n - a * (1.0 - b))
    yield Step("Blocked if nobody could wait (Erlang B)", f"{ERLANG_B} n = {n}", b, "share")
    formula = f"n B / (n - a (1 - B)) = {n} x {shown(b)} / ({n} - {shown(a)} x {shown(1.0 - b)})"
    yield Step("Have to wait (Erlang C)", formula, wait, "share")
    formula = f"1 - C exp(-(n - a) T / AHT) = 1 - {shown(wait)} x exp(-{shown(spare)} x {threshold:g} / {shown(aht)})"
    yield Step("Service level", formula, 1.0 - wait * math.exp(-spare * threshold / aht), "share")
    yield Step(
        "ASA", f"C AHT / (n - a) = {shown(wait)} x {shown(aht)} / {shown(spare)}", wait * aht / spare, "s"
    )
    yield Step("Occupancy", f"a / n = {shown(a)} / {n}", a / n, "share")


def _one_queue(sums: Sums, contacts: float) -> Iterator[Step]:
    """Erlang A, chats, call-backs: a chain that ends in a queue with or without patience."""
    queue, agents = sums.queue, sums.agents
    if queue.concurrency > 1:
        formula = (
            f"R = n x {queue.concurrency} / (1 + {slowdown(queue):g} x {queue.concurrency - 1}), n = {agents}"
        )
        yield Step("Finished in a handle time while all chats are taken", formula, sums.full)
        formula = "I = d(N)/a + d(N) d(N-1)/a^2 + ..., d(k) what agents with k chats, evenly held, finish in a handle time"
        yield Step(f"Weight of a chat free, of N = {agents * queue.concurrency}", formula, sums.idle)
    else:
        yield _idle(sums)
    weight = sums.idle / (1.0 - queue.callback_share)
    if queue.callback_share:
        formula = f"b = a x (1 - {queue.callback_share:g})"
        yield Step("Load of those who wait without a call-back", formula, sums.joining)
        formula = f"I_b = I / (1 - {queue.callback_share:g}), in place of I up to the ASA"
        yield Step("Weight of an agent free, as these meet it", formula, weight)
    yield from _busy(sums)
    service = _patient if queue.patience_seconds is None else _impatient
    answered = yield from service(sums, weight)
    yield from _occupancy(sums, contacts, answered)


def _idle(sums: Sums) -> Step:
    return Step("Weight of an agent free", f"I = 1/B - 1, {ERLANG_B} n = {sums.agents}", sums.idle)


def _busy(sums: Sums) -> Iterator[Step]:
    a, n = _symbols(sums.queue)
    if not sums.impatience:
        yield Step(
            "Weight of all busy", f"Q = 1 + {a}/{n} + ({a}/{n})^2 + ... = 1 / (1 - {a}/{n})", sums.busy
        )
        return
    patience = f"h = AHT / patience = {shown(sums.aht)} / {sums.queue.patience_seconds:g}"
    yield Step("Handle time over patience", patience, sums.impatience)
    yield Step("Weight of all busy", f"Q = 1 + {a}/({n}+h) + {a}^2/(({n}+h)({n}+2h)) + ...", sums.busy)


def _patient(sums: Sums, idle: float) -> Generator[Step, None, float]:
    """Service where nobody abandons; hands back the share answered."""
    a, n = _symbols(sums.queue)
    wait, spare, threshold = sums.busy / (idle + sums.busy), sums.full - sums.joining, seconds_of(sums.queue)
    yield Step("Have to wait", f"Q / (I + Q) = {shown(sums.busy)} / {shown(idle + sums.busy)}", wait, "share")
    formula = f"1 - (have to wait) x exp(-({n} - {a}) T / AHT), T = {threshold:g}"
    yield Step("Service level", formula, 1.0 - wait * math.exp(-spare * threshold / sums.aht), "share")
    yield Step("ASA", f"(have to wait) x AHT / ({n} - {a})", wait * sums.aht / spare, "s")
    return 1.0


def _impatient(sums: Sums, idle: float) -> Generator[Step, None, float]:
    """Service where customers abandon; hands back the share answered."""
    a, n = _symbols(sums.queue)
    total = idle + sums.busy
    served = idle + (sums.busy - 1.0) * sums.full / sums.joining
    yield Step(
        "Have to wait", f"Q / (I + Q) = {shown(sums.busy)} / {shown(total)}", sums.busy / total, "share"
    )
    formula = f"(I + (Q - 1) {n}/{a}) / (I + Q) = {shown(served)} / {shown(total)}"
    yield Step("Answered", formula, served / total, "share")
    yield Step("Abandonment", "1 - answered", 1.0 - served / total, "share")
    yield from _within(sums, idle, served / total)
    formula = f"AHT {n}/{a} Σ q_k H_k / (I + (Q - 1) {n}/{a}), q_k the terms of Q after 1, H_k = 1/({n}+h) + ... + 1/({n}+kh)"
    yield Step("ASA", formula, sums.answered_wait(served), "s")
    return served / total


def _within(sums: Sums, idle: float, answered: float) -> Iterator[Step]:
    """The service level by the queue's definition."""
    (a, n), definition, threshold = (
        _symbols(sums.queue),
        sums.queue.service_level_definition,
        seconds_of(sums.queue),
    )
    still, later, thinned = sums.fading(threshold)
    total, gone = idle + sums.busy, "1 - exp(-T/patience) f Q_T / (I + Q)"
    within = (idle + (sums.busy - 1.0 - thinned * (later - 1.0)) * sums.full / sums.joining) / total
    left = 1.0 - still * thinned * later / total
    yield Step("Weight of all busy after T", f"Q_T as Q with {a} exp(-T/patience), T = {threshold:g}", later)
    yield Step("Thinning", f"f = exp({a}/h (1 - exp(-T/patience)) - {n} T / AHT)", thinned)
    offered = f"(I + (Q - 1 - f (Q_T - 1)) {n}/{a}) / (I + Q)"
    if definition in ("answered", "exclshort"):
        yield Step("Answered within T, of all", offered, within, "share")
    if definition == "exclshort":
        yield Step("Abandoned within T", f"{gone} - answered within T", left - within, "share")
    formula, level = {
        "offered": (offered, within),
        "virtual": ("1 - f Q_T / (I + Q)", 1.0 - thinned * later / total),
        "answered": ("answered within T / answered", within / answered),
        "exit": (gone, left),
        "exclshort": ("answered within T / (1 - abandoned within T)", within / (1.0 - left + within)),
    }[definition]
    yield Step(f"Service level ({definition})", formula, level, "share")


def _occupancy(sums: Sums, contacts: float, answered: float) -> Iterator[Step]:
    """How busy agents are; of chats, the share of those possible that is held."""
    queue, n, total = sums.queue, sums.agents, sums.idle + sums.busy
    if queue.concurrency > 1:
        slots = n * queue.concurrency
        held = (sums.idle * sums.chats[1] + sums.busy * slots) / total
        yield Step(
            "Occupancy (chats held of those possible)", f"{shown(held)} / {slots}", held / slots, "share"
        )
        return
    back = contacts * queue.callback_share * sums.busy / total
    if back:
        formula = f"{shown(contacts)} x {queue.callback_share:g} x Q / (I + Q)"
        yield Step("Call-backs taken", formula, back)
    staying = sums.load * (1.0 - back / contacts)
    formula = f"{'a' if not back else 'a less call-backs'} x answered / n = {shown(staying)} x {shown(answered)} / {n}"
    yield Step("Occupancy", formula, staying * answered / n, "share")


def _pool(sums: Sums, team: Team, loads: list[float]) -> Iterator[Step]:
    """Waits class by class, from the number waiting of this class and those before it."""
    busy = sums.busy / (sums.idle + sums.busy)
    yield _idle(sums)
    yield from _busy(sums)
    yield Step(
        "All are busy", f"Q / (I + Q) = {shown(sums.busy)} / {shown(sums.idle + sums.busy)}", busy, "share"
    )
    before, line_before = 0.0, 0.0
    for rank in _ranks(team):
        names, own = (
            ", ".join(queue.name for queue in rank),
            sum(loads[team.queues.index(queue)] for queue in rank),
        )
        q = sums.waiting_of(before + own)
        line = busy * float((q * np.arange(1, len(q) + 1)).sum() / (1.0 + q.sum()))
        if own > 0.0:
            formula = (
                f"(all busy) x Σ k q_k / (1 + Σ q_k), q_k the terms of Q with {shown(before + own)} for a"
            )
            yield Step(f"{names}, number waiting with those before", formula, line)
            wait = (line - line_before) / own * sums.aht
            formula = f"({shown(line)} - {shown(line_before)}) x {shown(sums.aht)} / {shown(own)}"
            yield Step(f"{names}, mean wait of all", formula, wait, "s")
            if sums.queue.patience_seconds is not None:
                formula = f"wait / patience = {shown(wait)} / {sums.queue.patience_seconds:g}"
                yield Step(f"{names}, abandonment", formula, wait / sums.queue.patience_seconds, "share")
        before, line_before = before + own, line


def _ranks(team: Team) -> list[list[Queue]]:
    """The queues of a team by priority, the highest first."""
    levels = sorted({queue.priority for queue in team.queues}, reverse=True)
    return [[queue for queue in team.queues if queue.priority == level] for level in levels]


def _symbols(queue: Queue) -> tuple[str, str]:
    """How the load of those who wait and the full rate are called."""
    return "b" if queue.callback_share else "a", "R" if queue.concurrency > 1 else "n"
