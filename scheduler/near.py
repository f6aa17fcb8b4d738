"""Limits drawn tighter: what a rota only just keeps, and which of several rules of a kind binds.

rules + margin -> each limit tightened on its own -> findings that the rule itself does not have, told as ``near``
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace

from scheduler.alone import as_audited
from scheduler.audit import by_zone
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.scoped import EVER, Scope, Scoped, narrow, with_limits
from scheduler.rules.shared.findings import local

UNITS = ("minutes", "days")
SLACK_MINUTES = 15
NOT_LIMITS = ("source", "preset")
Window = tuple[str, int | None, int | None]


def near_misses(
    rota: Rota, rules: Iterable[Rule], facts: Facts, margin_minutes: int, margin_days: int | None = None
) -> list[Violation]:
    """What keeps a limit by no more than a margin, each with verdict ``near`` and the limit it came close to.

    Each limit that a rule names in ``tighter`` is tightened on its own, just beyond the margin; of the findings
    that come up, those are kept whose figure lies within the margin of the limit in force. A limit is a bound
    only where the finding's ``limit`` moves with it: what is a definition (from how many minutes a shift counts
    as night work, over how much work a break is due) makes no near miss. A figure exactly at its limit is one, by
    0. Windows that hold a breach of the same rule are left out.

    Every rule is judged once as it is and once for each of its limits, and some people's rotas once more where that
    limit may not be itself the figure found against: a period's limit is a multiple of the weekly one.

    Parameters
    ----------
    margin_minutes : how close counts as near, for limits in minutes; of a whole period, not a week of it
    margin_days : the same for limits in days; None leaves these out

    Returns
    -------
    Findings sorted by person, start, rule and source.

    Raises
    ------
    ValueError
        where a margin is negative.

    Examples
    --------
    >>> from scheduler.audit import as_rota, inferred_facts
    >>> from scheduler.rules.rest_between_shifts import RestBetweenShifts
    >>> import pandas as pd
    >>> rota = as_rota(pd.DataFrame({
    ...     "agent_id": "a1", "day": ["2003-10-06", "2003-10-07"], "activity": "work:*", "shift": "d",
    ...     "start": ["2003-10-06T17:00Z", "2003-10-07T09:05Z"],
    ...     "end": ["2003-10-06T22:00Z", "2003-10-07T14:00Z"], "paid": True}))
    >>> (near,) = near_misses(rota, [RestBetweenShifts(660, "art. 3")], inferred_facts(rota), 15)
    >>> near.found, near.limit, near.short
    (665.0, 660.0, 5.0)
    """
    margins = {"minutes": margin_minutes, "days": margin_days}
    if any(margin is not None and margin < 0 for margin in margins.values()):
        raise ValueError(f"margins of 0 or more, not {margin_minutes} min and {margin_days} days")
    in_force = list(rules)
    found = [
        near
        for part, told in by_zone(rota, as_audited(rota, facts))
        for rule in in_force
        for near in _near_one(rule, part, told, margins)
    ]
    return sorted(
        found, key=lambda v: (v.agent_id, v.start or 0, v.rule, v.source, v.end or 0, v.explanation)
    )


def _near_one(rule: Rule, rota: Rota, facts: Facts, margins: dict[str, int | None]) -> Iterator[Violation]:
    """Near misses of one rule, limit by limit; each once, though two limits may move the same figure."""
    limits = [(limit, unit, margins[unit]) for limit in rule.tighter if (unit := _unit(rule, limit))]
    if all(margin is None for _, _, margin in limits):
        return
    broken: dict[str, list[tuple[int, int]]] = {}
    for v in rule.violations(rota, facts):
        if v.verdict in ("breach", "excepted"):
            broken.setdefault(v.agent_id, []).append((v.start or 0, v.end or 0))
    told: set[tuple[Window, float]] = set()
    for limit, unit, margin in limits:
        if margin is None:
            continue
        for v, real in _against_real(rule, limit, margin, rota, facts):
            spare = ((v.found or 0) - real) * rule.tighter[limit]
            first, last = v.start or 0, v.end or 0
            in_breach = any(first <= start and end <= last for start, end in broken.get(v.agent_id, ()))
            if v.unit == unit and 0 <= spare <= margin and not in_breach and (_window(v), real) not in told:
                told.add((_window(v), real))
                yield _told(rule, limit, v, real, facts)


def _unit(rule: Rule, limit: str) -> str | None:
    """Whether a limit is in minutes or days; None where it is neither or not set."""
    value = getattr(unscoped(rule), limit)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return next((unit for unit in UNITS if limit == unit or limit.endswith(f"_{unit}")), None)


def _against_real(
    rule: Rule, limit: str, margin: int, rota: Rota, facts: Facts
) -> Iterator[tuple[Violation, float]]:
    """Findings of the rule with one limit tightened, each with the figure that the rule in force asks for.

    Where the figure may be another than the limit itself, a second, larger step tells how it moves with it. Of
    findings with the same figure a few people are looked at, all only where these differ.
    """
    in_force = int(getattr(unscoped(rule), limit))
    value = in_force + rule.tighter[limit] * (margin + 1)
    found = list(_tightened(rule, limit, margin + 1, rota, facts))
    if not found or (len(rule.tighter) == 1 and all(v.limit == value for v in found)):
        yield from ((v, float(in_force)) for v in found)
        return
    alike: dict[float | None, list[Violation]] = {}
    for v in found:
        alike.setdefault(v.limit, []).append(v)
    few = {v.agent_id for same in alike.values() for v in (same[0], same[len(same) // 2], same[-1])}
    inside = tuple((name, (EVER,)) for name in sorted(few))
    reals = _reals(rule, limit, margin, *narrow(rota, facts, inside, facts.first_day, facts.days))
    answers: dict[float | None, set[float | None]] = {}
    for v in found:
        if v.agent_id in few:
            answers.setdefault(v.limit, set()).add(reals(v))
    if any(len(answer) > 1 for answer in answers.values()):
        every = _reals(rule, limit, margin, rota, facts)
        yield from ((v, real) for v in found if (real := every(v)) is not None)
    else:
        yield from ((v, real) for v in found for real in answers[v.limit] if real is not None)


def _reals(
    rule: Rule, limit: str, margin: int, rota: Rota, facts: Facts
) -> Callable[[Violation], float | None]:
    """What tells for a finding of the tightened rule the figure in force; None where it does not move.

    A figure moves in sevenths of the limit, since days of absence lower what a period allows by a seventh of a week:
    so the larger step is a multiple of seven.
    """
    in_force, step = int(getattr(unscoped(rule), limit)), margin + 1
    further = 7 * -(-(step + SLACK_MINUTES) // 7)
    moved = {_window(v): v.limit for v in _tightened(rule, limit, further, rota, facts)}

    def real(v: Violation) -> float | None:
        last = moved.get(_window(v))
        if v.limit is None:
            return None
        if last is None:  # the window itself changes with the limit
            return float(in_force) if v.limit == in_force + rule.tighter[limit] * step else None
        sevenths = round(7 * (v.limit - last) / (further - step))
        return last + sevenths * further // 7 if sevenths else None

    return real


def _tightened(rule: Rule, limit: str, step: int, rota: Rota, facts: Facts) -> Iterator[Violation]:
    """Breaches of the rule with one limit tightened by ``step``."""
    value = getattr(unscoped(rule), limit) + rule.tighter[limit] * step
    stricter = with_limits(rule, **{limit: value})
    return (v for v in stricter.violations(rota, facts) if v.verdict == "breach" and v.found is not None)


def _window(v: Violation) -> Window:
    return v.agent_id, v.start, v.end


def _told(rule: Rule, limit: str, v: Violation, real: float, facts: Facts) -> Violation:
    """A near miss in words, with the limit in force and which of the rule's limits it is."""
    found, unit = v.found or 0.0, {"minutes": "min", "days": "day(s)"}.get(v.unit, v.unit)
    required = (
        f"at least {real:g} {unit} are required"
        if rule.tighter[limit] > 0
        else f"at most {real:g} {unit} are allowed"
    )
    span = ""
    if v.start is not None and v.end is not None:
        span = f" from {local(v.start, facts)} to {local(v.end, facts)}"
    words = (
        f"{v.agent_id} is {abs(found - real):g} {unit} from a breach: {found:g} {unit} found{span}; "
        f"{required} ({limit})."
    )
    return replace(v, limit=real, verdict="near", explanation=words)


@dataclass(frozen=True, slots=True)
class Binding:
    """One instance of a kind of rule that no other in force is stricter than.

    Parameters
    ----------
    rule : the instance; its ``source`` says by which law or policy it binds
    implied : instances of the same kind that whoever keeps this one keeps as well
    incomparable : other instances of the kind that neither imply this one nor follow from it, each with the
        reason
    """

    rule: Rule
    implied: tuple[Rule, ...]
    incomparable: tuple[tuple[Rule, str], ...]


def binding(rules: Iterable[Rule]) -> list[Binding]:
    """Which instances of each kind of rule bind, in the order in which kinds and rules are in force.

    One instance is as strict as another of its kind where every limit in ``tighter`` is, and whatever else it
    says (measure, period, scope, dates) is the same. Of equal instances the first binds.

    Examples
    --------
    >>> from scheduler.rules.rest_between_shifts import RestBetweenShifts
    >>> (one,) = binding([RestBetweenShifts(660, "directive"), RestBetweenShifts(720, "collective agreement")])
    >>> one.rule.source, [rule.source for rule in one.implied]
    ('collective agreement', ['directive'])
    """
    kinds: dict[str, list[Rule]] = {}
    for rule in rules:
        kinds.setdefault(unscoped(rule).name, []).append(rule)
    return [one for alike in kinds.values() for one in _of_kind(alike)]


def unscoped(rule: Rule) -> Rule:
    """The rule that holds the limits, inside whatever scopes it has."""
    return unscoped(rule.rule) if isinstance(rule, Scoped) else rule


def _of_kind(alike: list[Rule]) -> Iterator[Binding]:
    """The bindings among instances of one kind."""
    for k, rule in enumerate(alike):
        others = alike[:k] + alike[k + 1 :]
        stricter = [o for o in others if implies(o, rule) and not implies(rule, o)]
        if stricter or any(implies(o, rule) for o in alike[:k]):
            continue
        implied = tuple(o for o in others if implies(rule, o))
        apart = tuple((o, _difference(rule, o)) for o in others if not implies(rule, o))
        yield Binding(rule, implied, apart)


def implies(one: Rule, other: Rule) -> bool:
    """Whether whoever keeps ``one`` keeps ``other``, an instance of the same kind, by limits and scope alone.

    A rule for everybody implies a rule for some; two scopes are the same only where all but the label is equal.
    """
    limits, others = unscoped(one), unscoped(other)
    return (
        not _other_terms(limits, others)
        and (not _scopes(one) or _scopes(one) == _scopes(other))
        and all(
            way * (getattr(limits, limit) - getattr(others, limit)) >= 0
            for limit, way in limits.tighter.items()
        )
    )


def _scopes(rule: Rule) -> list[Scope]:
    """The scopes around a rule, their labels left out."""
    return [replace(rule.scope, label=""), *_scopes(rule.rule)] if isinstance(rule, Scoped) else []


def _other_terms(one: Rule, other: Rule) -> list[str]:
    """Fields that are no limits by strictness and differ."""
    names = [field.name for field in fields(one) if field.name not in NOT_LIMITS]  # type: ignore[arg-type]
    return [name for name in names if name not in one.tighter and getattr(one, name) != getattr(other, name)]


def _difference(one: Rule, other: Rule) -> str:
    """Why ``other`` does not follow from ``one``."""
    limits, others = unscoped(one), unscoped(other)
    terms = _other_terms(limits, others)
    if not terms and _scopes(one) and _scopes(one) != _scopes(other):
        return f"{one.name} and {other.name} are not for the same people and time"
    said = "other terms" if terms else "laxer in one limit, stricter in another"
    figures = [
        f"{name}: {getattr(limits, name)} here, {getattr(others, name)} there"
        for name in terms or limits.tighter
        if getattr(limits, name) != getattr(others, name)
    ]
    return f"{said}: {'; '.join(figures)}"
