"""Reading ``centre.toml`` into `centre.model.Settings`: clock times and weekdays turned into numbers, every
fault told at once.

The file is read part by part (each queue, shift, contract on its own), so that a fault in one does not hide
those of another and the tables of the folder can be checked against the parts that are right. Cross checks
between settings are in `centre.settings_checks`.
"""

import json
import math
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

from centre import cells, queue_defaults, settings_checks
from centre.activities import with_policies
from centre.draft import Draft
from centre.errors import Faults
from centre.model import (
    Activity,
    Backup,
    CentreInfo,
    Contract,
    FollowUp,
    LeaveQuota,
    Mix,
    Objective,
    Onboarding,
    Online,
    Pattern,
    Peak,
    Queue,
    Routing,
    RuleSettings,
    Settings,
    ShiftTemplate,
    Shrinkage,
)
from centre.onboarding_checks import check_onboarding
from centre.toml_words import (
    ACTIVITY,
    BACKUP,
    CENTRE,
    HOURS,
    KINDS,
    LOSS_WORDS,
    MIX,
    OBJECTIVE,
    ONBOARDING,
    PEAK,
    QUEUE,
    SHIFT,
    Converters,
    words_of,
    zone_name,
)

T = TypeVar("T")
Table = dict[str, Any]
for _kind in KINDS:
    with_config(extra="forbid")(_kind)
_ADAPTERS: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in KINDS}


def read_settings(path: Path) -> Settings:
    """The settings in a ``centre.toml``.

    Raises
    ------
    BadInput
        with every fault found.
    """
    faults = Faults()
    draft = read_draft(path, faults)
    faults.raise_if_any()
    assert draft.settings is not None
    return draft.settings


def read_draft(path: Path, faults: Faults) -> Draft:
    """As much of a ``centre.toml`` as is right; faults and warnings are noted."""
    raw = _toml(path, faults)
    return Draft() if raw is None else draft_of(raw, path.name, faults)


def draft_of(raw: Table, file: str, faults: Faults) -> Draft:
    """As much as is right of what a ``centre.toml`` holds, as TOML tells it."""
    return _Reading(file, faults).draft(raw)


def _toml(path: Path, faults: Faults) -> Table | None:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        faults.add(path.name, "a settings file that can be read", found=error.strerror or "")
    except UnicodeDecodeError:
        faults.add(path.name, "text in UTF-8")
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        words = str(error).replace(place.group(0), "").strip() if place else str(error)
        faults.add(path.name, "TOML", found=words, row=int(place.group(1)) if place else None)
    return None


class _Reading:
    """One file being read: knows its name, collects its faults and the dotted paths they are at."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults
        self.blamed: set[str] = set()

    def draft(self, raw: Table) -> Draft:
        sections = [item.name for item in fields(Settings)]
        for name in raw.keys() - set(sections):
            self.blame(name, "a section of centre.toml" + cells.suggestion(name, sections), name)
        draft = Draft(raw=raw, info=self.section(raw, "centre", CentreInfo, CENTRE))
        draft.zone = draft.info.timezone if draft.info else self.zone(raw)
        draft.queues = self.named(raw, "queue", Queue, QUEUE)
        draft.shifts = self.named(raw, "shift", ShiftTemplate, SHIFT)
        draft.contracts = self.named(raw, "contract", Contract, {})
        follow_ups = self.named(raw, "follow_up", FollowUp, {})
        draft.backups = self.named(raw, "backup", Backup, BACKUP)
        peaks = self.named(raw, "peak", Peak, PEAK)
        quotas = self.named(raw, "leave_quota", LeaveQuota, {})
        mixes = self.named(raw, "mix", Mix, MIX)
        single: dict[str, Any] = {
            "shrinkage": self.shrinkage(raw),
            "rules": self.section(raw, "rules", RuleSettings, {}),
            "objective": self.section(raw, "objective", Objective, OBJECTIVE),
            "routing": self.section(raw, "routing", Routing, {}),
            "online": self.section(raw, "online", Online, {}),
            "onboarding": self.section(raw, "onboarding", Onboarding, ONBOARDING),
        }
        activities = self.named(with_policies(raw), "activity", Activity, ACTIVITY)
        patterns = self.named(raw, "pattern", Pattern, {})
        if draft.queues is not None and not draft.queues:
            self.blame("queue", "at least one [[queue]]")
        self.take_defaults(draft, _right(follow_ups), single["rules"])
        lists = (
            draft.queues, draft.shifts, draft.contracts, follow_ups, draft.backups, mixes, peaks, quotas,
            activities, patterns,
        )  # fmt: skip
        parts = settings_checks.Parts(*lists, single["shrinkage"])
        settings_checks.check(parts, self.blame, self.warn)
        if single["onboarding"] is not None:
            check_onboarding(single["onboarding"], self.blame)
        if not self.blamed and draft.info and all(single.values()):
            queues, shifts, contracts, flows, pools, mixed, special, leave, off_queue, cycles = (
                tuple(_right(named)) for named in lists
            )
            draft.settings = Settings(
                draft.info,
                queue=queues, shift=shifts, contract=contracts, follow_up=flows, backup=pools, mix=mixed,
                peak=special, leave_quota=leave, activity=off_queue, pattern=cycles, **single,
            )  # fmt: skip
        return draft

    def blame(self, path: str, expected: str, found: object = "") -> None:
        """Note a fault at a dotted path, unless one at the same place or inside it is already told."""
        if path not in self.blamed:
            self.blamed.add(path)
            self.faults.add(self.file, expected, found=found, column=path)

    def warn(self, sentence: str) -> None:
        self.faults.warn(f"{self.file}: {sentence}")

    def take_defaults(self, draft: Draft, follow_ups: list[FollowUp], rules: RuleSettings | None) -> None:
        """Queues get the targets of the presets in force where they tell none; each is told."""
        presets = (rules or RuleSettings()).presets
        for queue, note in queue_defaults.with_defaults(_right(draft.queues), follow_ups, presets):
            assert draft.queues is not None
            draft.queues[queue.name] = queue
            self.warn(note)

    def shrinkage(self, raw: Table) -> Shrinkage | None:
        """The section with the clock words in its lists of shares turned into numbers."""
        plain = raw.get("shrinkage", {})
        if isinstance(plain, dict):
            causes = {half: named for half, named in plain.items() if isinstance(named, dict)}
            plain = plain | {
                half: self.converted(named, f"shrinkage.{half}", dict.fromkeys(named, HOURS))
                for half, named in causes.items()
            }
        return self.part(plain, "shrinkage", Shrinkage, {})

    def section(self, raw: Table, name: str, kind: type[T], converters: Converters) -> T | None:
        return self.part(raw.get(name, {}), name, kind, converters)

    def named(
        self, raw: Table, name: str, kind: type[T], converters: Converters
    ) -> dict[str, T | None] | None:
        """The parts of a ``[[name]]`` section by their names; None where it is no list of tables."""
        items = self.items(raw, name)
        if items is None:
            return None
        found: dict[str, T | None] = {}
        for place, item in enumerate(items, start=1):
            name_given = item.get("name")
            label = name_given if isinstance(name_given, str) and name_given else str(place)
            if label in found:
                self.blame(f"{name}.{place}.name", f"a name that no other {name} has", label)
                label = str(place)
            found[label] = self.part(item, f"{name}.{label}", kind, converters)
        return found

    def part(self, raw: Any, path: str, kind: type[T], converters: Converters) -> T | None:
        if not isinstance(raw, dict):
            self.blame(path, f"a section headed [{path}]", raw)
            return None
        before = len(self.blamed)
        plain = self.converted(raw, path, converters)
        self.check_finite(plain, path)
        part = None
        try:
            part = _ADAPTERS[kind].validate_json(json.dumps(plain, default=str), strict=True)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self.blame_detail(path, detail)
        return part if len(self.blamed) == before else None

    def converted(self, raw: Table, path: str, converters: Converters) -> Table:
        """The section with the values of ``converters`` replaced; one that cannot be is blamed and left as it
        is.
        """
        plain = dict(raw)
        for key, convert in converters.items():
            if key not in plain:
                continue
            if isinstance(convert, dict):
                items = plain[key] if isinstance(plain[key], list) else []
                inner = [
                    self.converted(item, f"{path}.{key}.{place}", convert) if isinstance(item, dict) else item
                    for place, item in enumerate(items, start=1)
                ]
                plain[key] = inner if isinstance(plain[key], list) else plain[key]
                continue
            try:
                plain[key] = convert(plain[key])
            except ValueError as error:
                self.blame(f"{path}.{key}", str(error), raw[key])
        return plain

    def check_finite(self, value: Any, path: str) -> None:
        if isinstance(value, float) and not math.isfinite(value):
            self.blame(path, "a finite number", value)
        elif isinstance(value, dict | list):
            pairs = value.items() if isinstance(value, dict) else enumerate(value, start=1)
            for key, inner in pairs:
                self.check_finite(inner, f"{path}.{key}")

    def blame_detail(self, path: str, detail: ErrorDetails) -> None:
        """One finding of pydantic in our words."""
        loc = detail["loc"]
        if path == "shrinkage" and len(loc) > 2:  # (half, cause, branch of the union, place in the list)
            if len(loc) == 3 and isinstance(detail["input"], list) and detail["input"]:
                return  # of a list the other branch tells more
            loc = (*loc[:2], *loc[3:])
        place = [str(part + 1) if isinstance(part, int) else str(part) for part in loc]
        where = ".".join([path, *place])
        if any(where == told or where.startswith(f"{told}.") for told in self.blamed):
            return
        found = "" if detail["type"] == "missing" else detail["input"]
        self.blame(
            where,
            LOSS_WORDS if path == "shrinkage" and len(loc) == 2 else words_of(where, detail),
            place[-1] if detail["type"] == "unexpected_keyword_argument" else found,
        )

    def zone(self, raw: Table) -> ZoneInfo:
        """The centre's zone where the rest of its section is wrong, UTC where that is wrong too."""
        try:
            return ZoneInfo(zone_name(raw["centre"]["timezone"]))
        except (KeyError, TypeError, ValueError):
            return ZoneInfo("UTC")

    def items(self, raw: Table, name: str) -> list[Table] | None:
        """The ``[[name]]`` sections as they stand, or None where there is something else."""
        items = raw.get(name, [])
        if isinstance(items, list) and all(isinstance(item, dict) for item in items):
            return list(items)
        self.blame(name, f"sections headed [[{name}]], with double brackets")
        return None


def _right(parts: dict[str, T | None] | None) -> list[T]:
    return [part for part in (parts or {}).values() if part is not None]
