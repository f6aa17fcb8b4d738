"""What is remembered of a rota after edits is what reading it anew tells."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from api import stretches
from api.routes.rota_rows import edited
from api.schemas.rotas import PersonDay, RotaEdit, Stretch

HEADER = b"agent_id,day,start,end,activity,shift,paid\n"
FIRST = datetime(2026, 3, 28, 20, tzinfo=UTC)
PARTS = st.builds(
    lambda start, length, kind, paid: Stretch(
        start=FIRST + timedelta(minutes=15 * start), end=FIRST + timedelta(minutes=15 * (start + length)), activity=kind,
        shift="早班", paid=paid,
    ),
    st.integers(0, 60), st.integers(1, 20), st.sampled_from(["work:calls", "break", "meeting:a, b"]), st.booleans(),
)  # fmt: skip
DAYS = st.builds(
    lambda agent, day, parts: PersonDay(agent_id=agent, day=date(2026, 3, 28) + timedelta(day), stretches=parts),
    st.sampled_from(["A1", "A2", "张"]), st.integers(0, 2), st.lists(PARTS, max_size=4),
)  # fmt: skip
EDITS = st.lists(DAYS, min_size=1, max_size=4, unique_by=lambda each: (each.agent_id, each.day))


@given(st.lists(EDITS.map(lambda days: RotaEdit(days=days)), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_rows_that_follow_an_edit_are_known_as_if_they_were_read(edits):
    content = HEADER
    for edit in edits:
        after = edited(content, edit)
        stretches.follow(content, edit, after)
        told = stretches.days_of(after)
        read = stretches._read(after)
        assert told.keys() == read.keys()
        assert {key: sorted(parts) for key, parts in read.items()} == told
        content = after
