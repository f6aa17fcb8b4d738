"""``paiban calendar``: calendar feeds of a rota, a file a person and a file a team."""

import argparse
from pathlib import Path

from api.any_rota import rota_file
from api.options import add_rota
from api.outcome import Outcome, Progress

ABOUT = "Write calendar feeds (iCalendar) of a rota: one file a person, one a team; changes keep their UID."
EXAMPLE = "paiban calendar my-centre --rota week --out calendars"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_rota(parser)
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for the feeds, agents/ and teams/; earlier feeds are brought up to date",
    )
    parser.add_argument(
        "--previous", type=Path, metavar="DIR", help="folder of the feeds before (default: what is in --out)"
    )
    parser.add_argument(
        "--agent",
        action="append",
        default=[],
        metavar="AGENT",
        help="make only this person's feed, others stay as they are; may be repeated",
    )
    parser.add_argument("--names", action="store_true", help="tell names in team feeds, not agent_ids")
    parser.add_argument(
        "--now",
        metavar="INSTANT",
        help="the moment by which changes are stamped, such as 2026-03-02T10:00 (default: now)",
    )
    parser.add_argument(
        "--agents", type=Path, metavar="FILE", help="take the people of this file, not the folder's"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of labels (default en)")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, compare with the feeds before, write, tell."""
    progress("read the centre folder and the rota")
    from dataclasses import asdict
    from datetime import UTC, datetime

    from centre.errors import BadInput, Fault
    from centre.folder import read_centre, read_rota
    from centre.instants import parse_instant, to_minutes
    from centre.writing import check_replaceable, result_folder, write_text
    from scenarios.calendar_feeds import AGENTS, MARK, TEAMS, Wanted, calendar_feeds
    from scenarios.rota_at_hand import horizon_beside, rota_at_hand
    from scenarios.text import json_text

    check_replaceable(args.out, MARK)
    if args.previous is not None and not (args.previous / MARK).is_file():
        raise BadInput(
            [Fault("--previous", "a folder of feeds that `paiban calendar` wrote", str(args.previous))]
        )
    centre = read_centre(args.centre, agents=args.agents)
    zone, file = centre.settings.centre.timezone, rota_file(args.rota)
    try:
        now = parse_instant(args.now, zone) if args.now else to_minutes(datetime.now(UTC))
    except ValueError as error:
        raise BadInput([Fault("--now", str(error), args.now)]) from None
    table = read_rota(file, zone)
    at_hand = rota_at_hand(centre, table, *horizon_beside(file.parent, table, zone))
    progress("make the feeds")
    wanted = Wanted(now, args.lang, args.names, tuple(args.agent))
    before = args.previous or (args.out if args.out.is_dir() else None)
    horizon = at_hand.facts.first_day, at_hand.facts.days
    feeds = calendar_feeds(centre, at_hand.rota, horizon, wanted, before)
    with result_folder(args.out, MARK) as folder:
        for kind in (AGENTS, TEAMS):
            (folder / kind).mkdir()
        for name, content in feeds.files.items():
            (folder / name).write_bytes(content)
        of_kind = {kind: sum(name.startswith(kind) for name in feeds.files) for kind in (AGENTS, TEAMS)}
        write_text(folder / MARK, json_text(of_kind))
    told = asdict(feeds.counts)
    line = f"{of_kind[AGENTS]} feeds of people and {of_kind[TEAMS]} of teams in {args.out}: "
    line += ", ".join(f"{count:,} events {word}" for word, count in told.items())
    data = {"command": "calendar", "out": str(args.out), "feeds": of_kind, "events": told}
    return Outcome(lines=[line], data=data, warnings=(*centre.warnings, *at_hand.warnings))
