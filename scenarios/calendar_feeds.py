"""Calendar feeds of a rota: a file a person and a file a team, made anew beside what was told before.

entries of the rota and of leave -> events -> compared with the feed before -> files

An event that is as before keeps its stamps, so the same rota twice gives the same bytes. One that differs keeps its UID and its
SEQUENCE goes up. One that is gone from the days of the rota is told as cancelled for as long as a rota still covers its day.
Days before the rota stay as they were for `scenarios.calendar_versions.KEPT_DAYS`, so that next week's feed does not wipe this week
from people's calendars; later days stay until a rota covers them.

**Source:** RFC 5545, 3.8.7.4 (SEQUENCE), 3.8.1.11 (STATUS).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from centre.errors import Faults
from centre.folder import Centre
from centre.ical.rota import DAY, PART, PART_TIME
from centre.instants import Grid, day_of, from_minutes
from centre.people import Agent
from scenarios.calendar_entries import Entry, activities, description, in_words, leave_entries, shift_entries
from scenarios.calendar_versions import BEGIN, END, STAMP, Counts, Told, events_of, versions
from scheduler.rota import Rota

AGENTS, TEAMS, MARK = "agents", "teams", "feeds.json"
OWNER = "X-PAIBAN-AGENT"


@dataclass(frozen=True)
class Feeds:
    """The bytes of every feed by its path inside the folder, and what became of events."""

    files: dict[str, bytes]
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the language of labels, names in team feeds, people (empty: all), the moment it is in UTC minutes."""

    now: int
    language: str = "en"
    names: bool = False
    agents: tuple[str, ...] = ()


def calendar_feeds(
    centre: Centre, rota: Rota, horizon: tuple[int, int], wanted: Wanted, previous: Path | None = None
) -> Feeds:
    """The feeds of a rota.

    Where ``wanted`` names people, only their feeds are made; the others of ``previous`` stay as they are.

    Parameters
    ----------
    horizon : first day number and number of days that the rota covers
    previous : folder of the feeds before; None where there is none

    Raises
    ------
    BadInput
        where somebody asked for is not known, or a feed before cannot be read.
    """
    faults = Faults()
    info = centre.settings.centre
    grid = Grid(info.timezone, *horizon, info.interval_minutes)
    own, teams = _entries(centre, rota, grid)
    before = _files(previous)
    for agent_id in wanted.agents:
        if agent_id not in own and f"{AGENTS}/{_file(agent_id)}" not in before:
            faults.add("--agent", "an agent_id of agents.csv or of the rota", found=agent_id)
    faults.raise_if_any()
    counts, files = Counts(), {}
    people = {agent.agent_id: agent for agent in centre.agents}
    older = {name: _events(name, content, faults) for name, content in before.items()}
    stamp = from_minutes(wanted.now).strftime(STAMP)
    faults.raise_if_any()
    feeds = {f"{AGENTS}/{_file(who)}": (who, entries) for who, entries in own.items()}
    told_names = {f"{AGENTS}/{_file(who)}" for who in wanted.agents}
    feeds |= {f"{TEAMS}/{_file(team)}": (team, entries) for team, entries in teams.items()}
    for name in sorted({*feeds, *older}):
        if told_names and name not in told_names:
            if name in before:
                files[name] = before[name]
            continue
        maker = _Maker(info.name, people, grid, wanted, name.startswith(TEAMS))
        title, entries = feeds[name] if name in feeds else (_title(before[name]), [])
        events = [maker.event(title, entry) for entry in entries]
        kept = versions(events, older.get(name, {}), grid, stamp, counts)
        files[name] = _calendar(title, maker, kept)
    return Feeds(files, counts)


def _entries(centre: Centre, rota: Rota, grid: Grid) -> tuple[dict[str, list[Entry]], dict[str, list[Entry]]]:
    """Entries by person, everybody listed or with a row in the rota; shifts by team."""
    zones = {a.agent_id: ZoneInfo(a.timezone) for a in centre.agents if a.timezone}
    own: dict[str, list[Entry]] = {
        name: [] for name in (*(agent.agent_id for agent in centre.agents), *rota.agent_ids)
    }
    for entry in shift_entries(rota):
        own[entry.agent_id].append(entry)
    told = rota.to_frame()[rota.on_leave]
    for table in (centre.leave, told[~told["agent_id"].isin(centre.leave["agent_id"])]):
        for entry in leave_entries(table, zones, grid.zone, (grid.start, grid.end)):
            own.setdefault(entry.agent_id, []).append(entry)
    teams: dict[str, list[Entry]] = {agent.team: [] for agent in centre.agents if agent.team}
    for agent in centre.agents:
        if agent.team:
            teams[agent.team] += [entry for entry in own[agent.agent_id] if entry.kind == "shift"]
    return own, teams


@dataclass(frozen=True)
class _Maker:
    """Makes events of entries, for a person's own feed or (``team``) for a team's."""

    centre: str
    people: Mapping[str, Agent]
    grid: Grid
    wanted: Wanted
    team: bool

    def event(self, feed: str, entry: Entry) -> Told:
        """The event, its version not told yet."""
        language = self.wanted.language
        event: Any = Event()
        event.add("UID", entry.uid(f"{self.centre}\n{feed if self.team else ''}"))
        event.add(DAY, day_of(entry.day).isoformat())
        event.add(OWNER, entry.agent_id)
        if entry.whole_days is not None:
            event.add("DTSTART", day_of(entry.whole_days[0]))
            event.add("DTEND", day_of(entry.whole_days[1]))
        else:
            event.add("DTSTART", from_minutes(entry.start))
            event.add("DTEND", from_minutes(entry.end))
        label = entry.shift if entry.kind == "shift" and entry.shift else in_words(entry.kind, language)
        event.add("SUMMARY", f"{self._who(entry.agent_id)}: {label}" if self.team else label)
        event.add("STATUS", "CONFIRMED")
        if self.team or entry.kind != "shift":
            event.add("CATEGORIES", ["work" if entry.kind == "shift" else entry.kind])
            return _lines(event)
        event.add("CATEGORIES", activities(entry.parts))
        if told := description(entry, self.zone_of(entry.agent_id), language):
            event.add("DESCRIPTION", told)
        for part in entry.parts:
            start, end = (from_minutes(at).strftime(PART_TIME) for at in (part.start, part.end))
            event.add(PART, f"{start}/{end}/{'paid' if part.paid else 'unpaid'}/{part.activity}")
        return _lines(event)

    def zone_of(self, agent_id: str) -> ZoneInfo:
        """The clock of somebody."""
        known = self.people.get(agent_id)
        return ZoneInfo(known.timezone) if known and known.timezone else self.grid.zone

    def _who(self, agent_id: str) -> str:
        known = self.people.get(agent_id)
        return known.name if self.wanted.names and known and known.name else agent_id


def _calendar(title: str, maker: _Maker, events: Iterable[Told]) -> bytes:
    """One feed as it is written."""
    calendar: Any = Calendar()
    calendar.add("PRODID", "-//Paiban//Calendar feeds//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", f"{maker.centre} {title}")
    calendar.add("X-WR-TIMEZONE", (maker.grid.zone if maker.team else maker.zone_of(title)).key)
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    calendar.add("X-PAIBAN-FEED", title)
    head, end, _ = calendar.to_ical().decode().partition("END:VCALENDAR")
    return "".join([head, *(event.text for event in events), end, "\r\n"]).encode()


def _files(folder: Path | None) -> dict[str, bytes]:
    """The feeds of a folder by path inside it."""
    if folder is None:
        return {}
    return {
        f"{kind}/{file.name}": file.read_bytes()
        for kind in (AGENTS, TEAMS)
        for file in sorted((folder / kind).glob("*.ics"))
    }


def _events(name: str, content: bytes, faults: Faults) -> dict[str, Told]:
    """The events of a feed before, by UID; one that is not ours is a fault."""
    try:
        return events_of(content.decode("utf-8"))
    except ValueError:
        faults.add(name, "a feed as `paiban calendar` wrote it: make the feeds in a new folder")
        return {}


def _lines(event: Any) -> Told:
    """An event as its lines."""
    text: str = event.to_ical().decode()
    return Told(text.removeprefix(BEGIN).removesuffix(END))


def _title(content: bytes) -> str:
    """Whose a feed before is."""
    calendar: Any = Calendar.from_ical(content.decode("utf-8"))
    return str(calendar.get("X-PAIBAN-FEED", ""))


def _file(title: str) -> str:
    """The name of a feed's file: letters, digits and ``-_.@+`` as they are, all else quoted as in web addresses."""
    plain = re.sub(r"[^\w\-.@+]", lambda found: quote(found[0], safe=""), title)
    return f"{'%2E' + plain[1:] if plain.startswith('.') else plain}.ics"
