"""Lines among people who are alike: a grant is refused just when no complete sharing is left, by enumeration of all of them."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.bidding import Matching

PEOPLE = ("a", "b", "c", "d")


def sharings(lawful, fixed):
    """Every way to give each person one lawful line, with what is fixed (agent -> line)."""
    for order in permutations(PEOPLE):
        has = dict(zip(PEOPLE, order, strict=True))
        if all((who, line) in lawful for who, line in has.items()) and fixed.items() <= has.items():
            yield has


PAIRS = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))


@given(extra=st.sets(PAIRS), asked=st.lists(PAIRS, max_size=8))
def test_a_line_is_granted_just_where_all_others_can_still_have_one(extra, asked):
    lawful = extra | {(who, who) for who in PEOPLE}
    matching, fixed = Matching(PEOPLE, lambda who, line, beside: (who, line) in lawful), {}
    for who, line in asked:
        free = who not in fixed and line not in fixed.values()
        possible = free and any(sharings(lawful, {**fixed, who: line}))
        assert matching.grant(who, line) == possible
        if possible:
            fixed[who] = line
        assert matching.has in list(sharings(lawful, fixed))


def test_who_is_in_the_way_moves_on_along_the_shortest_chain():
    """b has what a wants, may not have a's line, but c's, and c may have a's."""
    lawful = {("a", "b"), ("b", "c"), ("c", "a"), *((who, who) for who in PEOPLE)}
    matching = Matching(PEOPLE, lambda who, line, beside: (who, line) in lawful)
    assert matching.grant("a", "b")
    assert matching.has == {"a": "b", "b": "c", "c": "a", "d": "d"}
    assert not matching.grant("c", "c")
