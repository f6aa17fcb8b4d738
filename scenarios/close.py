"""Closing days of a centre folder: ledger and rota before rolled forward, the rota kept, all of it undone by one step.

Each close keeps a folder ``closed/<first day>`` with the rota as it was worked, the files before (``before/``) and after (``after/``), and
``close.json``. The folder is written whole first; the files of the centre folder follow from it, so that a close that was cut short is
finished by the next command.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from centre.errors import BadInput, Fault
from centre.instants import day_number, day_of
from centre.writing import result_folder, write_bytes, write_csv, write_text
from scenarios.rota_at_hand import RotaAtHand
from scenarios.text import json_text
from scheduler.close import rolled
from scheduler.ledger import Ledger
from scheduler.rota import COLUMNS, Rota, joined
from scheduler.rules.facts import LOOK_BACK_DAYS

CLOSED, MARK, ROTA = "closed", "close.json", "rota.csv"
ROLLED = ("ledger.csv", "rota_before.csv")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Close:
    """One close that was made: its folder, first and last day."""

    folder: Path
    first_day: int
    last_day: int


@dataclass(frozen=True, eq=False)
class Closing:
    """What closing comes to, before it is written.

    Parameters
    ----------
    rota : what was worked on the days closed
    ledger, rota_before : the tables after the close
    """

    first_day: int
    last_day: int
    rota: Rota
    ledger: pd.DataFrame
    rota_before: pd.DataFrame


def closing(at_hand: RotaAtHand) -> Closing:
    """The tables after the days of a rota were worked as it says."""
    facts, centre = at_hand.facts, at_hand.centre
    people = facts.people or {}
    agents = [agent for agent in centre.agents if not people[agent.agent_id].outside]
    inside = at_hand.rota.narrowed((at_hand.rota.day >= facts.first_day) & (at_hand.rota.day < facts.end_day))
    ledger = rolled(Ledger.from_frame(centre.ledger), inside, facts, centre.settings, agents, centre.requests)
    before = inside
    if facts.before is not None:
        old = facts.before
        kept = (old.day < facts.first_day) & (old.day >= facts.end_day - LOOK_BACK_DAYS)
        before = joined(old.narrowed(kept), inside)
    return Closing(
        facts.first_day, facts.end_day - 1, inside, ledger.frame(), before.to_frame()[list(COLUMNS)]
    )


def closes(folder: Path) -> list[Close]:
    """The closes of a centre folder, in the order of their days."""
    found = []
    for mark in sorted((folder / CLOSED).glob(f"*/{MARK}")):
        told = json.loads(mark.read_text(encoding="utf-8"))
        days = (day_number(date.fromisoformat(told[name])) for name in ("first_day", "last_day"))
        found.append(Close(mark.parent, *days))
    return sorted(found, key=lambda close: close.first_day)


def check_follows(folder: Path, first_day: int, allow_gap: bool) -> None:
    """Raise `BadInput` where days were closed already, or days before them were left out."""
    made = closes(folder)
    if not made:
        return
    last = made[-1].last_day
    if first_day <= last:
        words = f"days after {day_of(last)}, up to which all is closed; --undo takes the last close back"
        raise BadInput([Fault("--rota", words, f"a rota from {day_of(first_day)}")])
    if first_day > last + 1 and not allow_gap:
        words = f"a rota from {day_of(last + 1)}, the day after the last one closed, or --gap where nobody worked between"
        raise BadInput([Fault("--rota", words, f"one from {day_of(first_day)}")])


def write_close(folder: Path, made: Closing, told: dict[str, Any]) -> Path:
    """Keep what was closed and roll the files of the centre folder forward; returns the folder of the close."""
    for name in ROLLED:
        other = (folder / name).with_suffix(".xlsx")
        if other.exists():
            raise BadInput(
                [
                    Fault(
                        other.name,
                        f"{name}, which a close can write: save the spreadsheet as CSV",
                        "a spreadsheet",
                    )
                ]
            )
    place = folder / CLOSED / day_of(made.first_day).isoformat()
    with result_folder(place, MARK, "CENTRE") as partial:
        write_csv(partial / ROTA, made.rota.to_frame())
        for part in ("before", "after"):
            (partial / part).mkdir()
        for name in ROLLED:
            if (folder / name).exists():
                shutil.copyfile(folder / name, partial / "before" / name)
        write_csv(partial / "after" / "ledger.csv", made.ledger)
        write_csv(partial / "after" / "rota_before.csv", made.rota_before)
        days = {
            "first_day": day_of(made.first_day).isoformat(),
            "last_day": day_of(made.last_day).isoformat(),
        }
        write_text(partial / MARK, json_text({"format": FORMAT, **days, **told}))
    finish(folder)
    return place


def finish(folder: Path) -> None:
    """Bring the files of the centre folder to what the last close made of them, where it was cut short before."""
    made = closes(folder)
    if not made:
        return
    for name in ROLLED:
        now, before, after = (
            folder / name,
            made[-1].folder / "before" / name,
            made[-1].folder / "after" / name,
        )
        if _digest(now) == _digest(before) != _digest(after):
            write_bytes(now, after.read_bytes())


def undo(folder: Path) -> Close:
    """Take the last close back: the files of the centre folder as they were before it.

    Raises
    ------
    BadInput
        where nothing is closed, or a file was changed by hand since: it would be lost.
    """
    made = closes(folder)
    if not made:
        raise BadInput([Fault("--undo", "a centre folder with something closed", "nothing closed")])
    last = made[-1]
    changed = [
        Fault(
            name,
            "the file as the last close wrote it; copy what was changed by hand elsewhere first",
            "changed since",
        )
        for name in ROLLED
        if _digest(folder / name) not in (_digest(last.folder / part / name) for part in ("before", "after"))
    ]
    if changed:
        raise BadInput(changed)
    for name in ROLLED:
        before = last.folder / "before" / name
        if before.exists():
            write_bytes(folder / name, before.read_bytes())
        else:
            (folder / name).unlink(missing_ok=True)
    gone = last.folder.with_name(f".{last.folder.name}.undone")
    last.folder.rename(gone)
    shutil.rmtree(gone)
    return last


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
