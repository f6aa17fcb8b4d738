"""``[[rules.scoped]]`` of centre.toml: a rule or a whole preset for some people or some time.

[[rules.scoped]]
label = "berlin"            # rules are told as rest-between-shifts:berlin
preset = "de-arbzg"         # or rule = "rest-between-shifts" with its limits in the same table
sites = ["Berlin"]          # also countries, teams, contracts, protections: lists of names
under_age = 18              # also from_age
from = 2026-07-01           # also until; both days are counted
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from centre.errors import Faults
from centre.instants import day_number
from scheduler.rules.overrides import COMPANY_RULES, SETTINGS_FILE, overridden
from scheduler.rules.rule import Rule
from scheduler.rules.scoped import Scope, Scoped

NAMES = ("countries", "sites", "teams", "contracts", "protections")
AGES = ("under_age", "from_age")
DATES = {"from": "first_day", "until": "last_day"}
WHAT = ("preset", "rule")


def scoped_rules(
    tables: Sequence[Mapping[str, Any]],
    presets: Mapping[str, Callable[[], tuple[Rule, ...]]],
    faults: Faults,
) -> list[Rule]:
    """The rules that the tables put in force; what is wrong with them is collected in ``faults``."""
    rules: list[Rule] = []
    labels: set[str] = set()
    for number, table in enumerate(tables, start=1):
        column = f"rules.scoped {number}"
        wrong = list(_faults(table, presets, labels))
        for key, found, expected in wrong:
            faults.add(SETTINGS_FILE, expected, found=found, column=f"{column}.{key}" if key else column)
        if not wrong:
            labels.add(table["label"])
            scope = _scope(table)
            rules += [Scoped(rule, scope) for rule in _inside(table, presets, faults, column)]
    return rules


def _inside(
    table: Mapping[str, Any],
    presets: Mapping[str, Callable[[], tuple[Rule, ...]]],
    faults: Faults,
    column: str,
) -> Sequence[Rule]:
    """The rules that a table is about, before its scope."""
    if "preset" in table:
        return presets[table["preset"]]()
    return overridden([], table["rule"], _limits(table), faults, column)


def _limits(table: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a table that are limits of its rule."""
    return {key: value for key, value in table.items() if key not in ("label", *WHAT, *NAMES, *AGES, *DATES)}


def _scope(table: Mapping[str, Any]) -> Scope:
    told: dict[str, Any] = {name: frozenset(table[name]) for name in NAMES if name in table}
    told |= {name: table[name] for name in AGES if name in table}
    told |= {name: day_number(table[key]) for key, name in DATES.items() if key in table}
    return Scope(table["label"], **told)


def _faults(
    table: Mapping[str, Any], presets: Collection[str], labels: Collection[str]
) -> Iterator[tuple[str, object, str]]:
    """(key, found, expected) of everything that is wrong with one table, the limits left out."""
    label = table.get("label", "")
    if not isinstance(label, str) or not label or ":" in label or label in labels:
        yield "label", label, "a short name of its own, without a colon"
    if sum(key in table for key in WHAT) != 1:
        yield "", ", ".join(key for key in WHAT if key in table), "either a preset or a rule"
    elif "preset" in table:
        if table["preset"] not in presets:
            yield "preset", table["preset"], f"one of {', '.join(sorted(presets))}"
        for key in _limits(table):
            yield key, table[key], "no limit: those of a preset stay as they are"
    elif table["rule"] not in COMPANY_RULES:
        yield "rule", table["rule"], f"a rule: {', '.join(sorted(COMPANY_RULES))}"
    for name in NAMES:
        value = table.get(name, ["x"])
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            yield name, value, "a list of names"
    for name in AGES:
        value = table.get(name, 1)
        if type(value) is not int or not 0 < value < 120:
            yield name, value, "an age in whole years"
    for key in DATES:
        if key in table and (not isinstance(table[key], date) or isinstance(table[key], datetime)):
            yield key, table[key], "a date such as 2026-07-01"
    if not any(key in table for key in (*NAMES, *AGES, *DATES)):
        yield "", label, f"for whom or when: {', '.join((*NAMES, *AGES, *DATES))}"
