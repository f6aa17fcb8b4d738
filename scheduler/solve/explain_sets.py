"""Smallest sets that clash, by an oracle that tells whether a set does; a set that holds a clashing one clashes too."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ortools.sat.python import cp_model

from scheduler.solve.stoppable import solved

T = TypeVar("T")
CALLS = 600


def irreducible(items: Sequence[T], clashes: Callable[[Sequence[T]], bool]) -> tuple[T, ...]:
    """Items that clash and of which none can be left out; the last ones are left out first.

    Halves are tried before single items, so that a small clash among many items is soon found.
    **Source:** Junker 2004 (QuickXplain).

    Examples
    --------
    >>> irreducible("abcd", lambda kept: {"a", "c"} <= set(kept))
    ('a', 'c')
    """

    def needed(background: list[T], changed: bool, rest: list[T]) -> list[T]:
        if changed and clashes(background):
            return []
        if len(rest) == 1:
            return rest
        front, back = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        later = needed(background + front, bool(front), back)
        return needed(background + later, bool(later), front) + later

    found = list(items)
    return tuple(needed([], True, found)) if found else ()


def smallest_clash(
    items: Iterable[T], clashes: Callable[[Sequence[T]], bool], calls: int = CALLS
) -> tuple[T, ...]:
    """The fewest items that clash, in the order given; after ``calls`` of the oracle, items of which none can be left out.

    A set clashes only if it meets every set whose absence ends the clash; the smallest that meets all such sets known is
    tried, and where it does not clash, it grows until it nearly does and so tells one more.
    **Source:** Ignatiev, Previti, Liffiton, Marques-Silva 2015.

    Examples
    --------
    >>> smallest_clash("abcde", lambda kept: {"b", "d"} <= set(kept) or {"a", "c", "e"} <= set(kept))
    ('b', 'd')
    """
    asked, every = 0, list(dict.fromkeys(items))

    def clash(numbers: Iterable[int]) -> bool:
        nonlocal asked
        asked += 1
        return clashes([every[k] for k in sorted(numbers)])

    def grown(kept: list[int], rest: list[int]) -> list[int]:
        """``kept`` with as much of ``rest`` as does not clash."""
        if not rest or not clash([*kept, *rest]):
            return [*kept, *rest]
        if len(rest) == 1:
            return kept
        half = len(rest) // 2
        return grown(grown(kept, rest[:half]), rest[half:])

    best = irreducible(range(len(every)), clash)
    endings: list[list[int]] = []
    while asked < calls:
        tried = _meeting(endings, len(every))
        if len(tried) >= len(best):
            break
        if clash(tried):
            best = tuple(tried)
            break
        kept = set(grown(tried, [k for k in range(len(every)) if k not in tried]))
        endings.append([k for k in range(len(every)) if k not in kept])
    return tuple(every[k] for k in sorted(best))


def _meeting(sets: Sequence[Sequence[int]], count: int) -> list[int]:
    """The fewest numbers below ``count`` that meet every set; of as few, the first ones."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(count)]
    for numbers in sets:
        model.add_bool_or([taken[k] for k in numbers])
    model.minimize(sum((count * count + k) * variable for k, variable in enumerate(taken)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solved(solver, model)
    return [k for k in range(count) if solver.boolean_value(taken[k])]
