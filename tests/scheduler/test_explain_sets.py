"""The smallest clashing set against every set there is."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.solve.explain_sets import irreducible, smallest_clash

SETS = st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=4)


def test_the_fewest_even_where_leaving_out_one_by_one_ends_with_more():
    def clashes(kept):
        return {"a", "c", "e"} <= set(kept) or {"b", "d"} <= set(kept)

    assert irreducible("acebd", clashes) == ("a", "c", "e")
    assert smallest_clash("acebd", clashes) == ("b", "d")
    assert smallest_clash("acebd", clashes, calls=1) == ("a", "c", "e")


@settings(max_examples=40)
@given(SETS)
def test_nothing_smaller_clashes_and_nothing_can_be_left_out(sets):
    def clashes(kept):
        return any(one <= set(kept) for one in sets)

    every = chain.from_iterable(combinations(range(6), size) for size in range(7))
    fewest = min(len(some) for some in every if clashes(some))
    found = smallest_clash(range(6), clashes)
    assert clashes(found)
    assert len(found) == fewest
    kept = irreducible(range(6), clashes)
    assert clashes(kept)
    assert not any(clashes([k for k in kept if k != left_out]) for left_out in kept)
