"""Settings changed by their path, read and checked as if ``centre.toml`` had said so: what a what-if is made of."""

import tomllib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import fields, is_dataclass
from typing import Any

from centre.amounts import amount_of
from centre.cells import suggestion
from centre.errors import BadInput, Faults
from centre.model import Settings
from centre.toml_file import draft_of

Table = dict[str, Any]


def edited(raw: Table, settings: Settings, edits: Sequence[tuple[str, object]]) -> tuple[Table, Settings]:
    """The file and its settings with some of them changed, in order.

    Parameters
    ----------
    raw : ``centre.toml`` as TOML tells it
    settings : what it was read as, for what it leaves to defaults
    edits : dotted path (``queue.calls.target_share``, ``objective.change``) and what it becomes: an amount such as ``+10%`` of a number,
        else a value as TOML writes it, text without quotes too; what is no text is the value itself

    Raises
    ------
    BadInput
        of a path that is not there, and of every fault of the file as it would be.
    """
    raw, faults = deepcopy(raw), Faults()
    for path, told in edits:
        _edit(raw, settings, path, told, faults)
    faults.raise_if_any()
    draft = draft_of(raw, "centre.toml", faults)
    faults.raise_if_any()
    if draft.settings is None:
        raise BadInput(faults.found)
    return raw, draft.settings


def _edit(raw: Table, settings: Settings, path: str, told: object, faults: Faults) -> None:
    section, _, rest = path.partition(".")
    sections = [item.name for item in fields(Settings)]
    if section not in sections or not rest:
        words = "section.setting or section.name.setting of centre.toml" + suggestion(section, sections)
        faults.add("--change", words, found=path)
        return
    part = getattr(settings, section)
    if isinstance(part, tuple):
        names = [each.name for each in part]
        name = next((n for n in sorted(names, key=len, reverse=True) if rest.startswith(f"{n}.")), None)
        if name is None:
            words = f"{section}.NAME.setting, NAME one of {', '.join(names) or 'none'}" + suggestion(
                rest.partition(".")[0], names
            )
            faults.add("--change", words, found=path)
            return
        part, rest = part[names.index(name)], rest[len(name) + 1 :]
        table = next(item for item in raw[section] if item.get("name") == name)
    else:
        table = raw.setdefault(section, {})
    _set(table, part, rest.split("."), path, told, faults)


def _set(table: Table, part: Any, keys: Sequence[str], path: str, told: object, faults: Faults) -> None:
    """Put a value under keys of a table; ``part`` is what that was read as."""
    key, *inner = keys
    known = (
        [item.name for item in fields(part)]
        if is_dataclass(part)
        else list(part)
        if isinstance(part, dict)
        else []
    )
    if is_dataclass(part) and key not in known:
        faults.add("--change", "a setting that is known" + suggestion(key, known), found=path)
        return
    now = getattr(part, key) if is_dataclass(part) else part.get(key) if isinstance(part, dict) else None
    if inner:
        _set(table.setdefault(key, {}), now if now is not None else {}, inner, path, told, faults)
        return
    value = _value(told, now) if isinstance(told, str) else told
    if value is None:
        faults.add(
            "--change", "a number to change: this setting has none to start from", found=f"{path}={told}"
        )
        return
    table[key] = value


def _value(text: str, now: Any) -> Any:
    """What a text makes of a value; None where it changes a number that is not there."""
    try:
        amount = amount_of(text)
    except ValueError:
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    if amount.how == "set":
        number = amount.number
    elif isinstance(now, int | float) and not isinstance(now, bool):
        number = round(amount.of(float(now)), 9)
    else:
        return None
    whole = isinstance(now, int) or (now is None and number == int(number))
    return int(number) if whole and number == int(number) else number
