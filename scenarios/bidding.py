"""Shift bidding: the lines of a rota given anew among people who are alike, one after another by seniority, score or rotation.

rota -> groups of people who are alike -> in order, the first line of each list that is free, lawful and leaves the others one
-> who is left has their own line where it is free, else what is left -> the whole rota judged again

People are alike who cover alike and are bound alike: contract, skills with their speeds, country and clock; with ``[[mix]]`` also
level, role, team and site. So every interval has the same cover as before, whoever works in it. Starters, mentors and people of backup
pools keep their lines.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from centre.instants import day_of, from_minutes
from centre.onboarding import STAGES
from centre.people import Agent
from scenarios.rota_at_hand import RotaAtHand
from scheduler.alone import Breaches, bare, none_new
from scheduler.audit import audit
from scheduler.bidding import Lines, Matching
from scheduler.rota import Rota
from scheduler.rules.rule import Violation

BID_RANK = "bid_rank"
"""The ledger's account of how many-th somebody chose last time, among people who are alike."""
Order = Literal["seniority", "performance", "rotation"]
Outcome = Literal["granted", "refused", "not_needed"]
STARTERS = STAGES[:2]
TAKEN = "taken by somebody earlier in the order"
OTHERS = "somebody else would be left without a line that they may work"
ALONE = "the line is not of people with the same contract, skills and country"
KEEPS = "starters, mentors and backup pools keep their lines"
HIGHER = "a line wanted more was granted"


@dataclass(frozen=True, slots=True)
class Bid:
    """One wish for a line, named as in ``bids.csv`` (``told``) and by whose it is (``line``)."""

    agent_id: str
    told: str
    line: str
    rank: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a bid, and why."""

    bid: Bid
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Bidding:
    """The outcome.

    Parameters
    ----------
    has : line by agent_id, of everybody who could take part
    answers : of every bid, by person and rank
    places : how many-th each person chose among those alike, from 1
    """

    rota: Rota
    has: dict[str, str]
    answers: tuple[Answer, ...]
    places: dict[str, int]

    @property
    def first_choices(self) -> int:
        """People who got the line that they wanted most."""
        first = {bid.agent_id: bid.rank for bid in (answer.bid for answer in reversed(self.answers))}
        return sum(a.outcome == "granted" and a.bid.rank == first[a.bid.agent_id] for a in self.answers)


def line_names(at_hand: RotaAtHand) -> dict[str, str]:
    """Whose line each name means: agent_ids, and L001... in the order of agent_ids; an agent_id goes first."""
    people = sorted(agent.agent_id for agent in at_hand.centre.agents)
    width = max(3, len(str(len(people))))
    return {f"L{k:0{width}}": who for k, who in enumerate(people, start=1)} | {who: who for who in people}


def bid(
    at_hand: RotaAtHand, bids: pd.DataFrame, order: Order, scores: Mapping[str, float] | None = None
) -> Bidding:
    """Give the lines of a rota anew.

    A bid is undone, the last one granted first, where the whole rota would break a rule about people together that it kept before.

    Parameters
    ----------
    bids : see `centre.bids_file.read_bids`
    scores : by agent_id, for the order of performance: the higher goes first, who has none comes last
    """
    names = line_names(at_hand)
    told: dict[str, list[Bid]] = {}
    for who, line, rank in zip(
        bids["agent_id"].astype(str), bids["line"].astype(str), bids["rank"].tolist(), strict=True
    ):
        told.setdefault(who, []).append(Bid(who, line, names[line], rank))
    lines = Lines(at_hand.rota, at_hand.facts, at_hand.rules)
    before = _breaches(at_hand, at_hand.rota)
    banned: dict[tuple[str, str], str] = {}
    key = _key(order, at_hand, scores or {})
    groups = [_in_order(group, order, key) for group in _alike(at_hand)]
    while True:
        has: dict[str, str] = {}
        answers: list[Answer] = []
        for group in groups:
            _share(group, told, lines, banned, has, answers)
        rota = lines.rota_with(has)
        new = _new(before, _breaches(at_hand, rota))
        if new is None:
            break
        last = next(
            answer.bid
            for answer in reversed(answers)
            if answer.outcome == "granted" and answer.bid.line != answer.bid.agent_id
        )
        banned[last.agent_id, last.line] = f"{_rule(new)}, for people together"
    grouped = {who for group in groups for who in group}
    answers += [Answer(one, "refused", KEEPS) for who in told if who not in grouped for one in told[who]]
    answers.sort(key=lambda answer: (answer.bid.agent_id, answer.bid.rank))
    places = {who: place for group in groups for place, who in enumerate(group, start=1)}
    return Bidding(rota, has, tuple(answers), places)


def rank_rows(made: Bidding, at_hand: RotaAtHand) -> pd.DataFrame:
    """Rows of the ledger that tell the next rotation who chose when."""
    as_of = day_of(at_hand.facts.first_day)
    rows = [(who, BID_RANK, "", place, "places", as_of) for who, place in sorted(made.places.items())]
    return pd.DataFrame(rows, columns=["agent_id", "account", "period", "amount", "unit", "as_of"])


def _share(
    group: Sequence[str],
    told: Mapping[str, Sequence[Bid]],
    lines: Lines,
    banned: Mapping[tuple[str, str], str],
    has: dict[str, str],
    answers: list[Answer],
) -> None:
    """Give the lines of one group; adds to ``has`` and ``answers``."""
    matching = Matching(group, lambda who, line, beside: not lines.breaches(who, line, beside))
    for who in group:
        done, wanted = False, [one.line for one in told.get(who, ()) if one.line in group]
        for one in told.get(who, ()):
            if done:
                answers.append(Answer(one, "not_needed", HIGHER))
                continue
            reason = _in_the_way(one, wanted, matching, lines) or banned.get((who, one.line), "")
            done = not reason and matching.grant(who, one.line)
            answers.append(Answer(one, "granted") if done else Answer(one, "refused", reason or OTHERS))
    for who in group:
        matching.grant(who, who)
    has |= matching.has


def _in_the_way(one: Bid, wanted: Sequence[str], matching: Matching, lines: Lines) -> str:
    """Why a bid cannot be granted, apart from what it does to others; empty where it can.

    ``wanted`` are the lines of people who are alike that this person bids for.
    """
    if one.line not in wanted:
        return ALONE
    if one.line in matching.fixed:
        return TAKEN
    broken = lines.breaches(one.agent_id, one.line, wanted)
    if not broken:
        return ""
    away = [v for v in broken if v.rule == "leave" and v.start is not None]
    person = (lines.facts.people or {}).get(one.agent_id)
    zone = (person.zone if person else None) or lines.facts.zone
    if away:
        days = sorted({f"{from_minutes(v.start or 0, zone):%Y-%m-%d}" for v in away})
        return f"on leave on {', '.join(days)}"
    return _rule(broken[0])


def _rule(violation: Violation) -> str:
    figures = ""
    if violation.found is not None and violation.limit is not None:
        figures = f": {violation.found:g} {violation.unit}, the limit is {violation.limit:g}"
    source = f" ({violation.source})" if violation.source else ""
    return f"rule {violation.rule}{source} would be broken{figures}"


def _taking_part(at_hand: RotaAtHand) -> list[Agent]:
    """Everybody but starters, their mentors, and backup pools from outside."""
    centre = at_hand.centre
    keep = {member.agent_id for member in centre.backup if not member.employed}
    keep |= {agent.mentor for agent in centre.agents if agent.stage in STARTERS}
    return [agent for agent in centre.agents if agent.agent_id not in keep and agent.stage not in STARTERS]


def _alike(at_hand: RotaAtHand) -> list[list[Agent]]:
    """People who are alike, by their first agent_id."""
    mixes = bool(at_hand.centre.settings.mix)
    found: dict[tuple[object, ...], list[Agent]] = {}
    for agent in sorted(_taking_part(at_hand), key=lambda a: a.agent_id):
        key = agent.contract, tuple(sorted(agent.skills)), agent.country, agent.timezone
        among = (agent.level, agent.role, agent.team, agent.site) if mixes else ()
        found.setdefault((*key, *among), []).append(agent)
    return list(found.values())


def _key(order: Order, at_hand: RotaAtHand, scores: Mapping[str, float]) -> Callable[[Agent], float]:
    """What people are sorted by, the lowest first."""
    if order == "performance":
        return lambda agent: -scores.get(agent.agent_id, -math.inf)
    if order == "seniority":
        return lambda agent: math.inf if agent.starts_on is None else agent.starts_on
    ledger = at_hand.centre.ledger
    rows = ledger[ledger["account"] == BID_RANK].sort_values("as_of", kind="stable")
    ranks = dict(zip(rows["agent_id"].astype(str), rows["amount"].astype(float), strict=True))
    return lambda agent: ranks.get(agent.agent_id, math.inf)


def _in_order(group: Sequence[Agent], order: Order, key: Callable[[Agent], float]) -> list[str]:
    """Who chooses first; in rotation whoever came last the last time, the others as they were, then those who are new."""
    people = [agent.agent_id for agent in sorted(group, key=lambda agent: (key(agent), agent.agent_id))]
    known = sum(not math.isinf(key(agent)) for agent in group)
    if order == "rotation" and known > 1:
        people.insert(0, people.pop(known - 1))
    return people


def _breaches(at_hand: RotaAtHand, rota: Rota) -> dict[str, Breaches]:
    """Breaches of a rota by person, "" for those of all together."""
    found: dict[str, Breaches] = {}
    for violation in audit(rota, at_hand.rules, at_hand.facts):
        if violation.verdict == "breach":
            found.setdefault(violation.agent_id, Counter())[bare(violation)] += 1
    return found


def _new(before: Mapping[str, Breaches], after: Mapping[str, Breaches]) -> Violation | None:
    """A breach that was not there before; None where there is none."""
    for who, found in after.items():
        known = before.get(who, Counter())
        if not none_new(known, found):
            return next(iter((found - known).elements()))
    return None
