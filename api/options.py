"""Options that several commands share, and the types that check their values."""

import argparse
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOST_SECONDS = 86400.0


def day(text: str) -> date:
    """A date such as 2003-10-20."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a date such as 2003-10-20") from None


def count(text: str) -> int:
    """A whole number of at least 1."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) < 10**9):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number of at least 1")
    return int(text)


def number_from_zero(text: str) -> int:
    """A whole number of at least 0."""
    return 0 if text == "0" else count(text)


def seconds(text: str) -> float:
    """Seconds above 0 and up to a day."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            f"found {text!r}, expected seconds above 0 and up to {MOST_SECONDS:g}"
        )
    return value


def zone(text: str) -> ZoneInfo:
    """A time zone such as Asia/Shanghai."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f"found {text!r}, expected a time zone such as Asia/Shanghai"
        ) from None


def add_horizon(parser: argparse.ArgumentParser) -> None:
    """``--start`` and ``--days``."""
    parser.add_argument(
        "--start", type=day, required=True, metavar="DATE", help="first local day, such as 2003-10-20"
    )
    parser.add_argument("--days", type=count, default=7, metavar="N", help="local days to cover (default 7)")


def add_facts(parser: argparse.ArgumentParser) -> None:
    """What a rota that may be anybody's is judged or paid by: people, public holidays, time zone."""
    parser.add_argument(
        "--agents", type=Path, metavar="FILE", help="people: with --centre in place of the folder's"
    )
    parser.add_argument(
        "--calendar",
        type=Path,
        metavar="FILE",
        help="public holidays: a file like calendar.csv (date, name, ...), or a year of holiday-cn (.json)",
    )
    parser.add_argument(
        "--timezone", type=zone, metavar="TZ", help="time zone that days are counted in, without --centre"
    )


def add_limits(parser: argparse.ArgumentParser) -> None:
    """How long to search: a clock, or a repeatable amount of work."""
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument(
        "--seconds", type=seconds, metavar="S", help="stop searching after S seconds (default 60)"
    )
    limit.add_argument(
        "--effort",
        type=count,
        metavar="N",
        help="stop after N units of work instead: the same rota every time",
    )
    parser.add_argument(
        "--seed",
        type=number_from_zero,
        default=1,
        metavar="N",
        help="start of every random choice (default 1)",
    )
    parser.add_argument("--workers", type=count, default=2, metavar="N", help="threads (default 2)")
    parser.add_argument(
        "--warm-start", type=Path, metavar="ROTA", help="rota file that the search starts from, such as an earlier run's"
    )  # fmt: skip


def add_price_rules(parser: argparse.ArgumentParser) -> None:
    """``--price-rules``."""
    parser.add_argument(
        "--price-rules",
        action="store_true",
        help="also tell what each rule costs, by the proven bound with it and without it (takes as long again for every rule)",
    )


def add_rota(parser: argparse.ArgumentParser) -> None:
    """The centre and the rota of it that a command of the day works on."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument(
        "--rota",
        type=Path,
        required=True,
        metavar="ROTA",
        help="rota file, or a results folder that holds rota.csv",
    )


def add_out(parser: argparse.ArgumentParser) -> None:
    """Where results go, and the people to take."""
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for the results; an earlier result is replaced",
    )
    parser.add_argument(
        "--agents", type=Path, metavar="FILE", help="take the people of this file, not the folder's"
    )


def add_results(parser: argparse.ArgumentParser) -> None:
    """Where results go, the people to take, and the language of the report."""
    add_out(parser)
    parser.add_argument(
        "--lang", choices=("en", "zh"), default="en", help="language of the report (default en)"
    )


def add_keep(parser: argparse.ArgumentParser) -> None:
    """``--keep``."""
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="ROTA",
        help="an earlier rota of these days (results folder, rota.csv, or a sheet of people by days): each day of a person that "
        "differs costs `change` of [objective]; in place of the folder's rota_earlier",
    )
    parser.add_argument(
        "--team", action="append", default=[], metavar="TEAM",
        help="plan the people of this team alone: everybody else works as the earlier rota says, and counts as there; may be repeated",
    )  # fmt: skip


def add_history(parser: argparse.ArgumentParser) -> None:
    """A centre folder, or a history file with what the folder would have said."""
    parser.add_argument("centre", nargs="?", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help="history file in place of a centre folder"
    )
    parser.add_argument("--timezone", type=zone, metavar="TZ", help="time zone of the history file")
    parser.add_argument(
        "--country", metavar="CC", help="country for public holidays, such as CN, US or US-CA"
    )
    parser.add_argument(
        "--events", type=Path, metavar="FILE", help="campaigns and other events, past and to come"
    )
    parser.add_argument(
        "--companion",
        choices=("lightgbm",),
        help="try this model too, from a year of history on, and take it for queues where it did clearly better "
        "(needs paiban[ml])",
    )


def add_moment(parser: argparse.ArgumentParser) -> None:
    """CENTRE, ``--actuals`` and ``--now``."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument(
        "--actuals",
        type=Path,
        required=True,
        metavar="FILE",
        help="the day so far: columns of history.csv, and customers_online, waiting, longest_wait_seconds",
    )
    parser.add_argument(
        "--now",
        required=True,
        metavar="INSTANT",
        help="the moment it is, such as 2026-03-02T12:10 (local time, or with an offset): later rows are left out",
    )
