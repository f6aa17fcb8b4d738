"""The smallest change that removes a breach and causes no other, checked by judging the changed rota by all rules.

breach -> changes of the shifts concerned, smallest first -> those its own rule accepts -> those all rules accept in
the weeks around -> the first that all rules accept over the whole horizon
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from scheduler.alone import Alone, Breaches, Separate, bare, judged, none_new
from scheduler.mend_candidates import candidates, weeks_around
from scheduler.mend_edits import Edit, applied
from scheduler.mend_words import Change, change_of, sentence
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation

__all__ = ["Advice", "Change", "Mend", "Mends", "mends", "smallest_mend"]

NO_SHIFT = "no shift of this horizon is concerned"
NO_RULE = "the rule it breaks is not among those given"
NOT_ALONE = "it is not found in this person's rota alone"
MORE_THAN_ONE = "needs more than one change"
AT_ONCE = 16
Option = tuple[tuple[Edit, ...], Rota]


@dataclass(frozen=True, slots=True)
class Mend:
    """What removes a breach and causes no other.

    Parameters
    ----------
    violation : the breach
    changes : what to change: one shift, or two that are taken off
    minutes : minutes of the person's time that change in all; those of a moved shift count at both ends
    rules : how many rules the changed rota was judged by
    words : all of it in a sentence
    rota : this person's rota with the changes
    """

    violation: Violation
    changes: tuple[Change, ...]
    minutes: int
    rules: int
    words: str
    rota: Rota


@dataclass(frozen=True, slots=True)
class Advice:
    """A breach with its mend, or the reason why there is none."""

    violation: Violation
    mend: Mend | None
    reason: str


@dataclass(frozen=True, slots=True)
class Mends:
    """Advice on the first breaches, in the order of the findings; ``left_out`` counts those not looked at."""

    advice: tuple[Advice, ...]
    left_out: int


def smallest_mend(
    violation: Violation,
    rota: Rota,
    rules: Iterable[Rule],
    facts: Facts,
    before: Rota | None = None,
    step_minutes: int = 5,
) -> Mend | None:
    """The smallest change that removes a breach and causes no other; None where no single one does.

    Only where two days or shifts are too many, two shifts may be taken off.

    Parameters
    ----------
    rules : all rules in force; the changed rota of the person is judged by each of them
    before : what was worked before the horizon; beats ``facts.before``
    step_minutes : starts and ends move to full steps of the clock, breaks grow by full steps; 1 allows any minute

    Examples
    --------
    >>> from scheduler.audit import as_rota, inferred_facts
    >>> from scheduler.rules.rest_between_shifts import RestBetweenShifts
    >>> import pandas as pd
    >>> rota = as_rota(pd.DataFrame({
    ...     "agent_id": "a1", "day": ["2003-10-06", "2003-10-07"], "activity": "work:*", "shift": "d",
    ...     "start": ["2003-10-06T17:00Z", "2003-10-07T08:59Z"],
    ...     "end": ["2003-10-06T22:00Z", "2003-10-07T17:00Z"], "paid": True}))
    >>> rest, facts = RestBetweenShifts(660, "art. 3"), inferred_facts(rota)
    >>> breach = next(v for v in rest.violations(rota, facts) if v.verdict == "breach")
    >>> print(smallest_mend(breach, rota, [rest], facts).words)
    Shift of 2003-10-07: 08:59–17:00 becomes 09:00–17:00 (starts 1 min later). Checked against all rules (1).
    """
    return mends([violation], rota, rules, facts, before, step_minutes=step_minutes).advice[0].mend


def mends(
    violations: Iterable[Violation],
    rota: Rota,
    rules: Iterable[Rule],
    facts: Facts,
    before: Rota | None = None,
    most: int = 200,
    step_minutes: int = 5,
) -> Mends:
    """Advice on the first ``most`` breaches of ``violations``; findings of other verdicts are passed over.

    Each person's rota is taken out and judged alone: what rules know of a shift told anew, such as notice of the
    change itself, and the cover that is lost or moved are not looked at. Parameters as for `smallest_mend`.

    Raises
    ------
    ValueError
        where ``step_minutes`` is below 1.
    """
    if step_minutes < 1:
        raise ValueError(f"step_minutes of 1 or more, not {step_minutes}")
    told = [v for v in violations if v.verdict == "breach"]
    in_force = list(rules)
    separate = Separate(rota, facts if before is None else replace(facts, before=before))
    people = {v.agent_id: separate.person(v.agent_id) for v in told[:most]}
    answers: dict[int, Advice] = {}
    cases: dict[int, _Case] = {}
    for number, violation in enumerate(told[:most]):
        case = _case(violation, people[violation.agent_id], in_force, step_minutes)
        if isinstance(case, Advice):
            answers[number] = case
        else:
            cases[number] = case
    as_is: dict[str, Breaches] = {}
    while cases:
        options = {number: next(case.options, None) for number, case in cases.items()}
        for number in [number for number, option in options.items() if option is None]:
            answers[number] = Advice(cases.pop(number).violation, None, MORE_THAN_ONE)
        for number in _accepted(cases, options, in_force, as_is):
            case, option = cases.pop(number), options[number]
            if option is not None:
                answers[number] = Advice(case.violation, _mend(case, option, len(in_force)), "")
    return Mends(tuple(answers[number] for number in sorted(answers)), max(0, len(told) - most))


@dataclass(frozen=True, eq=False)
class _Case:
    """A breach on its way: the person alone and the changes that the weeks around allow, smallest first."""

    violation: Violation
    alone: Alone
    options: Iterator[Option]


def _case(violation: Violation, alone: Alone | None, rules: Sequence[Rule], step: int) -> _Case | Advice:
    """A breach with its options, or why it cannot be looked at."""
    own = [rule for rule in rules if (rule.name, rule.source) == (violation.rule, violation.source)]
    edits = candidates(violation, alone.rota, alone.facts, step) if alone else []
    if alone is None or not edits:
        return Advice(violation, None, NO_SHIFT)
    if not own:
        return Advice(violation, None, NO_RULE)
    for horizon in (weeks_around(edits, violation, alone.rota, alone.facts), None):
        if judged([(alone, alone.rota)], own, horizon)[0][bare(violation)]:
            return _Case(violation, alone, _options(violation, alone, edits, (own, rules), horizon))
    return Advice(violation, None, NOT_ALONE)


def _options(
    violation: Violation,
    alone: Alone,
    edits: list[Edit],
    rules: tuple[Sequence[Rule], Sequence[Rule]],
    horizon: tuple[int, int] | None,
) -> Iterator[Option]:
    """Edits that the breach's own rule and then all rules accept within a horizon, in order."""
    own, every = rules
    for k in range(0, len(edits), AT_ONCE):
        changed = [((edit,), applied(edit, alone.rota, alone.facts)) for edit in edits[k : k + AT_ONCE]]
        options: list[Option] = [(edit, rota) for edit, rota in changed if rota is not None]
        options = list(_accepted_alone(violation, alone, options, own, horizon))
        yield from _accepted_alone(violation, alone, options, every, horizon)
    if violation.unit in ("days", "shifts") and violation.short == 2:
        options = list(_accepted_alone(violation, alone, list(_two_drops(alone, edits)), own, horizon))
        yield from _accepted_alone(violation, alone, options, every, horizon)


def _two_drops(alone: Alone, edits: list[Edit]) -> Iterator[Option]:
    """Each two of the shifts taken off, the fewest minutes first."""
    drops = [edit for edit in edits if edit.kind == "drop"]
    for pair in sorted(combinations(drops, 2), key=lambda pair: pair[0].cost + pair[1].cost):
        first, second = sorted(pair, key=lambda edit: edit.shift)
        rota = applied(second, alone.rota, alone.facts)  # the later one first: indices of the earlier stay
        if rota is not None and (both := applied(first, rota, alone.facts)) is not None:
            yield (first, second), both


def _accepted_alone(
    violation: Violation,
    alone: Alone,
    options: list[Option],
    rules: Sequence[Rule],
    horizon: tuple[int, int] | None,
) -> Iterator[Option]:
    """The options by which a person's breach is mended, by some rules and within a horizon."""
    if options:
        broken, *left = judged([(alone, alone.rota), *((alone, rota) for _, rota in options)], rules, horizon)
        yield from (
            o for o, breaches in zip(options, left, strict=True) if _mended(violation, broken, breaches)
        )


def _accepted(
    cases: dict[int, _Case],
    options: dict[int, Option | None],
    rules: Sequence[Rule],
    as_is: dict[str, Breaches],
) -> list[int]:
    """Numbers of the cases whose option all rules accept over the whole horizon; people by clock, all at once."""
    accepted = []
    for zone in {case.alone.facts.zone for case in cases.values()}:
        numbers = [number for number, case in cases.items() if case.alone.facts.zone == zone]
        new = {cases[number].alone.agent_id: cases[number].alone for number in numbers}
        new = {agent_id: alone for agent_id, alone in new.items() if agent_id not in as_is}
        variants = [(alone, alone.rota) for alone in new.values()]
        variants += [(cases[n].alone, option[1]) for n in numbers if (option := options[n]) is not None]
        found = judged(variants, rules)
        as_is |= dict(zip(new, found, strict=False))
        for number, breaches in zip(numbers, found[len(new) :], strict=True):
            case = cases[number]
            if _mended(case.violation, as_is[case.alone.agent_id], breaches):
                accepted.append(number)
    return accepted


def _mended(violation: Violation, broken: Breaches, left: Breaches) -> bool:
    """Whether what is left are breaches that were there, none of them worse, and the one in question is not."""
    target = bare(violation)
    if left[target] >= broken[target]:
        return False
    return none_new(broken - Counter([target]), left)


def _mend(case: _Case, option: Option, rules: int) -> Mend:
    edits, changed = option
    rota, facts = case.alone.rota, case.alone.facts
    changes = tuple(change_of(edit, rota) for edit in edits)
    said = " ".join(sentence(edit, rota, facts) for edit in edits)
    words = f"{said} Checked against all rules ({rules})."
    return Mend(case.violation, changes, sum(edit.cost for edit in edits), rules, words, changed)
