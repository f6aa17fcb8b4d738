"""Lines bid for, by hand: who chooses first, what is refused and why, what stays with the person, and that cover stays."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scenarios
from centre.folder import read_centre
from centre.instants import day_number, parse_instant
from centre.model import Mix, RuleSettings
from centre.people import Agent
from scenarios.bidding import ALONE, HIGHER, KEEPS, OTHERS, TAKEN, bid, line_names, rank_rows
from scenarios.rota_at_hand import rota_at_hand
from scheduler.audit import audit
from scheduler.coverage import coverage

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = day_number(date(2026, 3, 2))
EARLY, LATE, NIGHT = ("08:00", "16:00"), ("14:00", "22:00"), ("22:00", "30:00")
RULES = ("leave", "rest-between-shifts", "employment", "skills", "overlap")


def agent(agent_id, starts=None, **more):
    told = {"team": "甲", "level": "junior", "skills": (("calls", 1.0),), "contract": "full-time"} | more
    return Agent(agent_id, "王芳", starts_on=None if starts is None else MONDAY - starts, **told)


FOUR = (agent("a1", 10), agent("a2", 40), agent("a3", 30), agent("a4", 20))


def rows(who, day, times):
    at = [
        parse_instant(f"2026-03-{day + int(t[:2]) // 24:02}T{int(t[:2]) % 24:02}{t[2:]}", SHANGHAI)
        for t in times
    ]
    stamps = [pd.Timestamp(60 * minute, unit="s", tz="UTC") for minute in at]
    return (who, date(2026, 3, day), *stamps, "work:*", "早班", True)


def table(*shifts):
    columns = ["agent_id", "day", "start", "end", "activity", "shift", "paid"]
    return pd.DataFrame([rows(*shift) for shift in shifts], columns=columns)


WEEK = (
    ("a1", 2, EARLY),
    ("a1", 3, EARLY),
    ("a2", 2, LATE),
    ("a2", 3, LATE),
    ("a3", 3, EARLY),
    ("a3", 4, EARLY),
    ("a4", 4, LATE),
    ("a4", 5, LATE),
)


@cache
def small():
    told = read_centre(Path(scenarios.__file__).parent / "examples" / "small")
    rules = RuleSettings(presets=("eu-wtd",))
    return replace(
        told, settings=replace(told.settings, rules=rules), leave=told.leave[:0], requests=told.requests[:0]
    )


def at_hand_of(shifts=WEEK, agents=FOUR, leave=(), before=(), mix=(), ledger=(), rules=RULES):
    centre = small()
    away = pd.DataFrame(leave, columns=["agent_id", "start", "end"])
    for name in ("start", "end"):
        away[name] = pd.to_datetime(away[name]).dt.tz_localize(SHANGHAI).dt.tz_convert("UTC")
    accounts = pd.DataFrame(ledger, columns=["agent_id", "account", "period", "amount", "unit", "as_of"])
    told = replace(
        centre, agents=agents, leave=away.assign(kind="病假", row=2), ledger=accounts,
        rota_before=table(*before) if before else None, settings=replace(centre.settings, mix=mix),
    )  # fmt: skip
    made = rota_at_hand(told, table(*shifts), (MONDAY, 7))
    return replace(made, rules=tuple(rule for rule in made.rules if rule.name in rules))


def bids(*told):
    """(agent, lines in the order in which they are wanted)."""
    found = [(who, line, k) for who, *lines in told for k, line in enumerate(lines, start=1)]
    return pd.DataFrame(found, columns=["agent_id", "line", "rank"])


def outcomes(made):
    return {(one.bid.agent_id, one.bid.told): (one.outcome, one.reason) for one in made.answers}


def test_p22_by_seniority_who_is_longest_there_chooses_first():
    made = bid(at_hand_of(), bids(("a1", "a4"), ("a2", "a4", "a1"), ("a3", "a2")), "seniority")
    assert made.has == {"a1": "a1", "a2": "a4", "a3": "a2", "a4": "a3"}
    assert outcomes(made) == {
        ("a1", "a4"): ("refused", TAKEN), ("a2", "a4"): ("granted", ""), ("a2", "a1"): ("not_needed", HIGHER),
        ("a3", "a2"): ("granted", ""),
    }  # fmt: skip
    assert made.first_choices == 2


def test_p22_by_performance_who_scores_more_chooses_first():
    wanted = bids(("a1", "a4"), ("a2", "a4"), ("a3", "a4"))
    assert bid(at_hand_of(), wanted, "performance", {"a1": 3, "a2": 2}).has["a1"] == "a4"
    assert bid(at_hand_of(), wanted, "performance", {"a1": 3, "a2": 3.5}).has["a2"] == "a4"
    assert bid(at_hand_of(), wanted, "performance", {"a1": -3, "a2": -4}).has["a1"] == "a4"


def test_in_rotation_who_came_last_chooses_first_the_next_time_and_new_ones_last():
    wanted, ledger, firsts = bids(*((who.agent_id, "L001") for who in FOUR)), (), []
    for _ in range(4):
        made = bid(at_hand_of(ledger=ledger), wanted, "rotation")
        firsts.append(next(who for who, line in made.has.items() if line == "a1"))
        ledger = tuple(rank_rows(made, at_hand_of()).itertuples(index=False))
    assert firsts == ["a1", "a4", "a3", "a2"]
    some = [row for row in ledger if row[0] != "a4"]
    assert bid(at_hand_of(ledger=some), wanted, "rotation").places["a4"] == 4


def test_without_a_bid_own_lines_are_kept_where_they_are_free():
    at_hand = at_hand_of()
    made = bid(at_hand, bids(), "seniority")
    assert made.has == {who: who for who in ("a1", "a2", "a3", "a4")}
    pd.testing.assert_frame_equal(made.rota.to_frame(), at_hand.rota.to_frame())
    assert bid(at_hand, bids(("a1", "a2")), "seniority").has == {
        "a1": "a2",
        "a2": "a1",
        "a3": "a3",
        "a4": "a4",
    }


def test_a_line_on_days_of_leave_is_refused_and_leave_stays_with_its_person():
    at_hand = at_hand_of(leave=[("a1", "2026-03-05", "2026-03-06")])
    made = bid(at_hand, bids(("a1", "a4", "a3")), "seniority")
    assert outcomes(made)["a1", "a4"] == ("refused", "on leave on 2026-03-05")
    assert made.has["a1"] == "a3"


def test_a_line_too_soon_after_the_shift_before_is_refused_with_the_rule_and_its_figures():
    """a1 worked until 6:00 of the first day: from then to 14:00 are 8 h of 11."""
    at_hand = at_hand_of(shifts=[("a1", 4, EARLY), *WEEK[2:]], before=[("a1", 1, NIGHT)])
    reason = outcomes(bid(at_hand, bids(("a1", "a2")), "seniority"))["a1", "a2"][1]
    assert reason.startswith("rule rest-between-shifts (")
    assert reason.endswith("480 minutes, the limit is 660")
    assert "a2" not in reason


def test_nobody_is_left_without_a_lawful_line():
    """a2 could not work a1's line, for leave, and there is no other way round."""
    people = (*FOUR[:2],)
    at_hand = at_hand_of(
        shifts=(*WEEK[2:4], ("a1", 5, EARLY)), agents=people, leave=[("a2", "2026-03-05", "2026-03-06")]
    )
    made = bid(at_hand, bids(("a1", "a2")), "seniority")
    assert (made.has, outcomes(made)["a1", "a2"]) == ({"a1": "a1", "a2": "a2"}, ("refused", OTHERS))


def test_lines_are_shared_among_people_who_are_alike_only():
    skilled = replace(FOUR[3], skills=(("calls", 1.0), ("chat", 1.0)))
    made = bid(at_hand_of(agents=(*FOUR[:3], skilled)), bids(("a1", "a4"), ("a4", "a1")), "seniority")
    assert set(outcomes(made).values()) == {("refused", ALONE)}
    senior = replace(FOUR[3], level="senior")
    assert bid(at_hand_of(agents=(*FOUR[:3], senior)), bids(("a1", "a4")), "seniority").has["a1"] == "a4"
    mix = Mix("资深", levels=("senior",), minimum=1)
    assert (
        bid(at_hand_of(agents=(*FOUR[:3], senior), mix=(mix,)), bids(("a1", "a4")), "seniority").has["a1"]
        == "a1"
    )


def test_starters_and_their_mentors_keep_their_lines():
    people = (replace(FOUR[0], stage="mentored", mentor="a2"), *FOUR[1:])
    made = bid(at_hand_of(agents=people), bids(("a1", "a3"), ("a2", "a3"), ("a3", "a2")), "seniority")
    assert outcomes(made) == {
        ("a1", "a3"): ("refused", KEEPS), ("a2", "a3"): ("refused", KEEPS), ("a3", "a2"): ("refused", ALONE),
    }  # fmt: skip


def test_numbers_of_lines_go_by_agent_id_and_a_person_named_so_goes_first():
    assert line_names(at_hand_of())["L002"] == "a2"
    people = (*FOUR, agent("L001"))
    names = line_names(at_hand_of(agents=people))
    assert (names["L001"], names["L002"]) == ("L001", "a1")


def requirement():
    starts = pd.date_range(
        "2026-03-02", "2026-03-09", freq="30min", tz=SHANGHAI, inclusive="left"
    ).tz_convert("UTC")
    return pd.DataFrame(
        {
            "interval_start": starts,
            "queue": "calls",
            "offered": 20.0,
            "aht_seconds": 200.0,
            "agents_required": 2.0,
            "agents_to_roster": 2.0,
        }
    )


def per_interval(rota, at_hand):
    """Agents in each interval: those on the queue, and what they cover by their skills and speeds."""
    told = coverage(rota, requirement(), at_hand.centre.settings, at_hand.centre.agents)
    return told[["interval_start", "agents_effective"]].reset_index(drop=True)


def breached(rota, at_hand):
    return {
        (v.rule, v.agent_id, v.start)
        for v in audit(rota, at_hand.rules, at_hand.facts)
        if v.verdict == "breach"
    }


SKILLED = (*FOUR, agent("a5", 5, skills=(("calls", 0.7),)), agent("a6", 60, skills=(("calls", 0.7),)))
DAY = st.sampled_from([None, None, EARLY, LATE, NIGHT])
LISTS = st.lists(st.sampled_from([a.agent_id for a in SKILLED]), unique=True, max_size=4)


@settings(max_examples=30, deadline=None)
@given(
    work=st.lists(DAY, min_size=42, max_size=42),
    wanted=st.lists(LISTS, min_size=6, max_size=6),
    away=st.integers(2, 8),
    order=st.sampled_from(["seniority", "rotation"]),
)
def test_whatever_is_bid_for_cover_is_the_same_and_no_rule_is_newly_broken(work, wanted, away, order):
    shifts = [(SKILLED[k // 7].agent_id, 2 + k % 7, times) for k, times in enumerate(work) if times] or list(
        WEEK
    )
    leave = [("a1", f"2026-03-{away:02}", f"2026-03-{away + 1:02}")]
    at_hand = at_hand_of(shifts=shifts, agents=SKILLED, leave=leave)
    told = bids(*((person.agent_id, *lines) for person, lines in zip(SKILLED, wanted, strict=True)))
    made = bid(at_hand, told, order)
    pd.testing.assert_frame_equal(per_interval(made.rota, at_hand), per_interval(at_hand.rota, at_hand))
    assert sorted(made.has) == sorted(made.has.values())
    moved = {who for who, line in made.has.items() if who != line}
    known = breached(at_hand.rota, at_hand)
    rules_before = {(rule, who) for rule, who, _ in known}
    assert {(rule, who) for rule, who, _ in breached(made.rota, at_hand)} <= rules_before
    assert {b for b in breached(made.rota, at_hand) if b[1] not in moved} == {
        b for b in known if b[1] not in moved
    }
    for one in made.answers:
        assert (one.outcome == "granted") == (
            made.has.get(one.bid.agent_id) == one.bid.line and one.reason == ""
        )
        others = {a.agent_id for a in SKILLED}
        assert not [name for name in others if name in one.reason]
    again = bid(at_hand, told, order)
    assert (again.has, again.answers) == (made.has, made.answers)


def test_a_bid_that_breaks_a_rule_about_people_together_is_undone():
    """Two of a mix's team: a rule about all of the rota stands in for any that no person alone can break."""
    at_hand = at_hand_of()

    class Together:
        name, source, words = "together", "here", ""

        def violations(self, rota, facts):
            from scheduler.rules.rule import Violation

            spans = {name: set(rota.start[rota.agent == k].tolist()) for k, name in enumerate(rota.agent_ids)}
            if len(spans) > 1 and spans.get("a1", set()) & spans.get("a3", set()):
                return []
            if len(spans) <= 1 or "a1" not in spans:
                return []
            return [Violation("together", "here", "", None, None, None, None, "", "breach", "apart")]

    strict = replace(at_hand, rules=(*at_hand.rules, Together()))
    made = bid(strict, bids(("a2", "a1")), "seniority")
    assert made.has["a2"] == "a2"
    assert outcomes(made)["a2", "a1"] == (
        "refused",
        "rule together (here) would be broken, for people together",
    )
    assert bid(at_hand, bids(("a2", "a1")), "seniority").has["a2"] == "a1"


@pytest.mark.parametrize("order", ["seniority", "performance", "rotation"])
def test_one_person_and_nobody(order):
    at_hand = at_hand_of(shifts=WEEK[:2], agents=FOUR[:1])
    assert bid(at_hand, bids(("a1", "a1")), order).has == {"a1": "a1"}
