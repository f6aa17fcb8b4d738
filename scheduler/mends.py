"""The smallest change that removes a breach and causes no other, checked by judging the changed rota by all rules.

breach -> candidate edits of the shifts concerned, cheapest first -> the first that the rule accepts, then all rules
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from centre.instants import from_minutes
from scheduler.alone import Alone, Separate
from scheduler.mend_candidates import candidates
from scheduler.mend_edits import Edit, Kind, applied
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.findings import date_of
from scheduler.rules.rule import Rule, Violation

NOT_A_BREACH = "only breaches are mended"
NO_SHIFT = "no shift of this horizon is concerned"
NO_RULE = "the rule it breaks is not among those given"
NOT_ALONE = "it is not found in this person's rota alone"
MORE_THAN_ONE = "needs more than one change"


@dataclass(frozen=True, slots=True)
class Change:
    """A shift before and after: (start, end) in UTC minutes, ``after`` None where it is given away."""

    kind: Kind
    day: int
    shift: str
    before: tuple[int, int]
    after: tuple[int, int] | None
    minutes: int


@dataclass(frozen=True, slots=True)
class Mend:
    """What removes a breach and causes no other.

    Parameters
    ----------
    violation : the breach
    changes : what to change; one, unless two are told to be needed
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

    Each person's rota is taken out and judged as it is once. Parameters as for `smallest_mend`.

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
    people: dict[str, tuple[Alone | None, list[Violation]]] = {}
    advice = []
    for violation in told[:most]:
        if violation.agent_id not in people:
            alone = separate.person(violation.agent_id)
            people[violation.agent_id] = alone, alone.breaches(in_force, alone.rota) if alone else []
        advice.append(_advice(violation, *people[violation.agent_id], in_force, step_minutes))
    return Mends(tuple(advice), max(0, len(told) - most))


def _advice(
    violation: Violation, alone: Alone | None, broken: list[Violation], rules: Sequence[Rule], step: int
) -> Advice:
    """The first candidate that its own rule and then all rules accept."""
    own = [rule for rule in rules if (rule.name, rule.source) == (violation.rule, violation.source)]
    edits = candidates(violation, alone.rota, alone.facts, step) if alone else []
    if not edits or alone is None:
        return Advice(violation, None, NO_SHIFT)
    if not own:
        return Advice(violation, None, NO_RULE)
    if violation not in broken:
        return Advice(violation, None, NOT_ALONE)
    for edit in edits:
        changed = applied(edit, alone.rota, alone.facts)
        if changed is None or not _mended(violation, broken, alone.breaches(own, changed)):
            continue
        if len(rules) == len(own) or _mended(violation, broken, alone.breaches(rules, changed)):
            return Advice(violation, _mend(violation, edit, alone, changed, len(rules)), "")
    return Advice(violation, None, MORE_THAN_ONE)


def _mended(violation: Violation, broken: Sequence[Violation], left: Sequence[Violation]) -> bool:
    """Whether what is left are breaches that were there, none of them worse, and the one in question is not."""
    before, after = Counter(broken), Counter(left)
    before[violation] -= 1
    new, pool = list((after - before).elements()), list((before - after).elements())
    for breach in new:
        same = next((known for known in pool if _no_worse(breach, known)), None)
        if same is None:
            return False
        pool.remove(same)
    return True


def _no_worse(breach: Violation, known: Violation) -> bool:
    """Whether a breach can be one that was known, moved with the shift or smaller."""
    alike = (breach.rule, breach.source, breach.unit) == (known.rule, known.source, known.unit)
    if not alike or (breach.short or 0) > (known.short or 0):
        return False
    if breach.start is None or breach.end is None or known.start is None or known.end is None:
        return True
    return breach.start <= known.end and known.start <= breach.end


def _mend(violation: Violation, edit: Edit, alone: Alone, changed: Rota, rules: int) -> Mend:
    duties = alone.rota.duties
    change = Change(
        edit.kind,
        int(duties.day[edit.shift]),
        alone.rota.shift_names[duties.shift[edit.shift]],
        (int(duties.start[edit.shift]), int(duties.end[edit.shift])),
        edit.bounds(alone.rota),
        edit.minutes,
    )
    words = f"{_words(change, alone.facts)} Checked against all rules ({rules})."
    return Mend(violation, (change,), edit.cost, rules, words, changed)


def _words(change: Change, facts: Facts) -> str:
    """A change as a sentence, clock times of the person."""
    of_day = f"Shift of {date_of(change.day)}: {_clocks(change.before, facts)}"
    minutes = abs(change.minutes)
    match change.kind:
        case "drop":
            return f"{of_day} is taken off, or given to somebody else ({minutes} min)."
        case "break":
            return f"{of_day} has {minutes} min more of breaks."
        case "move":
            how = f"moves {minutes} min {'later' if change.minutes > 0 else 'earlier'}"
        case "start_later" | "start_earlier":
            how = f"starts {minutes} min {change.kind.partition('_')[2]}"
        case "end_later" | "end_earlier":
            how = f"ends {minutes} min {change.kind.partition('_')[2]}"
    return f"{of_day} becomes {_clocks(change.after or change.before, facts)} ({how})."


def _clocks(span: tuple[int, int], facts: Facts) -> str:
    start, end = (from_minutes(instant, facts.zone) for instant in span)
    over = (end.date() - start.date()).days
    return f"{start:%H:%M}–{end:%H:%M}" + (f" (+{over})" if over else "")
