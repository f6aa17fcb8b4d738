"""What a mend changes, as data and as a sentence for whoever plans the shifts."""

from dataclasses import dataclass
from datetime import datetime

from centre.instants import from_minutes
from scheduler.mend_edits import NEW_PAUSE, Edit, Kind
from scheduler.rota import Rota, activity_kind
from scheduler.rules.facts import Facts
from scheduler.rules.shared.findings import date_of


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one shift.

    Parameters
    ----------
    kind : what is changed
    day, shift : the shift's day number and name before
    before, after : (start, end) in UTC minutes; ``after`` is None where the shift is taken off
    minutes : by how much; below 0 for a move to an earlier time
    pause : (start, end) of the break that is longer or new afterwards; None where breaks stay as they are
    """

    kind: Kind
    day: int
    shift: str
    before: tuple[int, int]
    after: tuple[int, int] | None
    minutes: int
    pause: tuple[int, int] | None


def change_of(edit: Edit, rota: Rota) -> Change:
    """What an edit makes of its shift of ``rota``, one person's before any change."""
    return Change(
        edit.kind,
        int(rota.duties.day[edit.shift]),
        rota.shift_names[rota.duties.shift[edit.shift]],
        (int(rota.duties.start[edit.shift]), int(rota.duties.end[edit.shift])),
        edit.bounds(rota),
        edit.minutes,
        edit.pause(rota),
    )


def sentence(edit: Edit, rota: Rota, facts: Facts) -> str:
    """An edit as a sentence, in clock times of the person."""
    change = change_of(edit, rota)
    said = _pause_words(edit, rota, facts) if change.pause else _words(change, facts)
    return f"Shift of {date_of(change.day)}: {said}"


def _words(change: Change, facts: Facts) -> str:
    """A shift before and after, in clock times of the person."""
    minutes = abs(change.minutes)
    if change.after is None:
        return f"{_clocks(change.before, facts)} is taken off, or given to somebody else ({minutes} min)."
    verb, _, way = change.kind.partition("_")
    way = way or ("later" if change.minutes > 0 else "earlier")
    told = f"{_clocks(change.before, facts)} becomes {_clocks(change.after, facts)}"
    return f"{told} ({verb}s {minutes} min {way})."


def _pause_words(edit: Edit, rota: Rota, facts: Facts) -> str:
    """A pause that is longer or new."""
    start, end = edit.pause(rota) or (0, 0)
    clock = f"{from_minutes(start, facts.zone):%H:%M}"
    if edit.row == NEW_PAUSE:
        return f"a break of {end - start} min is put in at {clock}, {'paid' if edit.paid else 'unpaid'}."
    kind = activity_kind(rota.activities[rota.activity[edit.row]])
    return f"the {kind} at {clock} becomes {end - start} min long ({edit.minutes} min more)."


def _clocks(span: tuple[int, int], facts: Facts) -> str:
    """From when to when; days after the first are counted, and clocks that show a time twice told apart."""
    start, end = (from_minutes(instant, facts.zone) for instant in span)
    over = (end.date() - start.date()).days
    return f"{_clock(start)}–{_clock(end)}" + (f" (+{over})" if over else "")


def _clock(moment: datetime) -> str:
    """A clock time; with its offset where the clock shows that time twice."""
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{moment:%H:%M}{moment:%z}" if twice else f"{moment:%H:%M}"
