"""What happened on a day, as it was told: checked against the rota, faults by option."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from centre.cells import suggestion
from centre.errors import BadInput, Fault, Faults
from centre.instants import day_start, format_instant, parse_instant
from scenarios.rota_at_hand import RotaAtHand, first_and_last, ids_like
from scheduler.intraday.absence import Absence
from scheduler.intraday.window import Window

ALL_OF_IT = "rota"
ABSENT, LATE, NOW, OUTAGE = "--absent", "--late", "--now", "--outage"


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened, as it was told: texts ``AGENT``, ``AGENT:UNTIL`` or ``QUEUE:UNTIL``, an instant each."""

    now: str
    absent: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    outage: tuple[str, ...] = ()


def moment(text: str, at_hand: RotaAtHand) -> int:
    """The instant that is now, UTC minutes; raises `BadInput` where it is none of the rota."""
    faults = Faults()
    first, last = first_and_last(at_hand.rota)
    first = min(first, day_start(at_hand.facts.zone, at_hand.facts.first_day))
    try:
        now = parse_instant(text, at_hand.facts.zone)
    except ValueError as error:
        raise BadInput([Fault(NOW, str(error), text)]) from None
    if not first <= now < last:
        faults.add(
            NOW, f"an instant of the rota, from {format_instant(first)} to {format_instant(last)}", found=text
        )
    faults.raise_if_any()
    return now


def read_happened(
    happened: Happened, at_hand: RotaAtHand, window: Window
) -> tuple[tuple[Absence, ...], list[tuple[str, int]]]:
    """Absences, and queues at which there is nothing to do with until when; raises `BadInput` with all that is wrong."""
    faults = Faults()
    absences = _absences(happened.absent, at_hand, window, faults, ABSENT)
    absences += _absences(happened.late, at_hand, window, faults, LATE)
    _each_once(absences, faults)
    outages = _outages(happened.outage, at_hand, window, faults)
    faults.raise_if_any()
    return tuple(absences), outages


def _split(text: str, known: Sequence[str]) -> tuple[str, str]:
    """A name and what follows its colon: the longest name that is known, else up to the first colon."""
    names = [text[:place] for place in range(len(text), 0, -1) if place == len(text) or text[place] == ":"]
    name = next((name for name in names if name in known), names[-1])
    return name, text[len(name) + 1 :]


def _absences(
    texts: Sequence[str], at_hand: RotaAtHand, window: Window, faults: Faults, option: str
) -> list[Absence]:
    """Absences as they were told, each of somebody who has a shift by the end of the window."""
    rota, found = at_hand.rota, list[Absence]()
    duties = rota.duties
    for text in texts:
        name, rest = _split(text, rota.agent_ids)
        if name not in rota.agent_ids:
            faults.add(option, ids_like(name, rota.agent_ids), found=name)
            continue
        mine = (duties.agent == rota.agent_ids.index(name)) & (duties.end > window.now)
        mine &= duties.day <= window.day
        if not mine.any():
            words = f"somebody with a shift that runs or begins from {format_instant(window.now)} to {format_instant(window.end)}"
            faults.add(option, words, found=name)
            continue
        ends, begins = int(duties.end[mine].max()), int(duties.start[mine].min())
        until = _until(text, rest, at_hand, window, faults, option, ends)
        if until is not None and until <= begins:
            words = f"an instant after the shift begins, {format_instant(begins)}"
            faults.add(option, words, found=text)
        elif until is not None:
            found.append(Absence(name, window.now, until, option == LATE))
    return found


def _until(
    text: str, rest: str, at_hand: RotaAtHand, window: Window, faults: Faults, option: str, ends: int
) -> int | None:
    """Until when somebody is away; None where that is wrong."""
    if not rest and option == ABSENT:
        return ends
    if rest == ALL_OF_IT and option == ABSENT:
        return max(ends, first_and_last(at_hand.rota)[1])
    try:
        until = parse_instant(rest, window.zone)
    except ValueError as error:
        words = f"AGENT or AGENT:UNTIL, UNTIL being {error}, or {ALL_OF_IT} for all of the rota"
        faults.add(option, words if option == ABSENT else f"AGENT:UNTIL, UNTIL being {error}", found=text)
        return None
    if until <= window.now:
        faults.add(option, f"an instant after {NOW}, {format_instant(window.now)}", found=text)
        return None
    if option == LATE and until >= ends:
        words = f"an instant before the shift ends, {format_instant(ends)}; else {ABSENT}"
        faults.add(option, words, found=text)
        return None
    return until


def _each_once(absences: Sequence[Absence], faults: Faults) -> None:
    for name, times in Counter(absence.agent_id for absence in absences).items():
        if times > 1:
            faults.add(ABSENT, "each person once", found=name)


def _outages(
    texts: Sequence[str], at_hand: RotaAtHand, window: Window, faults: Faults
) -> list[tuple[str, int]]:
    """Queues at which there is nothing to do, each with until when."""
    names = [queue.name for queue in at_hand.centre.settings.queue]
    found = []
    for text in texts:
        name, rest = _split(text, names)
        if name not in names:
            faults.add(OUTAGE, "a queue of centre.toml" + suggestion(name, names), found=name)
            continue
        try:
            until = parse_instant(rest, window.zone) if rest else window.end
        except ValueError as error:
            faults.add(OUTAGE, f"QUEUE or QUEUE:UNTIL, UNTIL being {error}", found=text)
            continue
        if until <= window.now:
            faults.add(OUTAGE, f"an instant after {NOW}, {format_instant(window.now)}", found=text)
        found.append((name, until))
    return found
