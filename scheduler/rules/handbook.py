"""The page ``docs/rules.md``, written from the rules themselves: ``python -m scheduler.rules.handbook > docs/rules.md``.

every kind of rule -> words, meaning, limits, law, example, what it tells solvers, presets that have it -> Markdown
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass
from types import CodeType
from typing import Any, get_args, get_type_hints

from annotated_types import Ge, Gt, Le

from scheduler.rules.overrides import COMPANY_RULES, limits_of
from scheduler.rules.presets import ABOUT, PRESETS, centre
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Rule
from scheduler.rules.scoped import Scoped

SOURCE = "**Source:**"
PRIMITIVES = frozenset(get_args(Primitive))
Kind = type[Any]
"""A class of rules."""
HEAD = """# Rules

Written by `python -m scheduler.rules.handbook > docs/rules.md` from the rules themselves; a test fails where this
page is stale, or where a rule lacks words, an example or its source. What each preset puts in force, and how its
articles were read, stands in [laws.md](laws.md); how an audit is run in [audit.md](audit.md).

Any rule with limits can be put in force, or have its limits changed, in centre.toml; `enabled = false` takes it out:

```toml
[rules]
presets = ["cn-labour", "customer-service"]

[rules.overrides]
rest-between-shifts = { minimum_minutes = 660 }
```

"Stricter" says in which direction a limit asks for more: of several rules of a kind the strictest binds. "For
planning" names the restrictions that solvers honour (`scheduler/rules/primitives.py`): *exact* where they allow every
lawful line of work and nothing else, *conservative* where they leave out some lawful ones.
"""


@dataclass(frozen=True, slots=True)
class Use:
    """A preset that has a rule, with the limits and article it has there."""

    preset: str
    rule: Rule
    label: str = ""


def page() -> str:
    """The whole page as Markdown."""
    kinds, uses = all_kinds(), _uses()
    parts = [HEAD, "\n".join(_contents(kinds)), ""]
    for name, kind in kinds.items():
        parts.append("\n".join(_section(name, kind, uses.get(name, []))))
    return "\n".join(parts)


def all_kinds() -> dict[str, Kind]:
    """Every kind of rule by name: those with limits, then those that hold wherever a centre is known."""
    own = {name: kind for name, kind in sorted(COMPANY_RULES.items()) if isinstance(kind, type)}
    return own | {rule.name: type(rule) for rule in centre.rules()}


def gaps() -> list[str]:
    """What a rule lacks that this page needs; empty where nothing does."""
    found = []
    for name, kind in all_kinds().items():
        missing = [each for each in ("words", "example") if not str(getattr(kind, each, "")).strip()]
        missing += [] if source_of(kind) else ["source"]
        missing += [] if meaning_of(kind) else ["meaning"]
        found += [f"{name} lacks {each}" for each in missing]
    return found


def meaning_of(kind: Kind) -> str:
    """What a rule means: its docstring up to the source."""
    return (inspect.getdoc(kind) or "").partition(SOURCE)[0].strip()


def source_of(kind: Kind) -> str:
    """The law that a rule's docstring names, without the sections that follow it."""
    told = (inspect.getdoc(kind) or "").partition(SOURCE)[2].strip()
    return told.split("\n\n")[0].replace("\n", " ")


def primitives_of(kind: Kind) -> tuple[str, ...]:
    """Names of the primitives that a rule's lines, and what they call among the rules, make."""
    found: set[str] = set()
    lines: Callable[..., Any] = kind.lines
    _trace(lines, kind, found, set())
    return tuple(sorted(found))


def _trace(function: Callable[..., Any], kind: type, found: set[str], seen: set[object]) -> None:
    code = getattr(function, "__code__", None)
    if code is None or function in seen:
        return
    seen.add(function)
    for name in _names(code):
        target = function.__globals__.get(name, inspect.getattr_static(kind, name, None))
        target = getattr(target, "__func__", getattr(target, "fget", target))
        if isinstance(target, type) and target in PRIMITIVES:
            found.add(target.__name__)
        elif inspect.isfunction(target) and target.__module__.startswith("scheduler.rules"):
            _trace(target, kind, found, seen)
        elif isinstance(target, type) and inspect.isfunction(getattr(target, "lines", None)):
            _trace(target.lines, target, found, seen)  # type: ignore[attr-defined]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _uses() -> dict[str, list[Use]]:
    """Which presets have each kind of rule."""
    found: dict[str, list[Use]] = {}
    built = {name: build() for name, build in PRESETS.items()} | {centre.NAME: centre.rules()}
    for preset, rules in built.items():
        for rule in rules:
            kind, _, label = rule.name.partition(":")
            inner = rule
            while isinstance(inner, Scoped):
                inner = inner.rule
            found.setdefault(kind, []).append(Use(preset, inner, label))
    return found


def _contents(kinds: dict[str, Kind]) -> Iterator[str]:
    yield "| Rule | What it asks |"
    yield "|---|---|"
    for name, kind in kinds.items():
        yield f"| [`{name}`](#{name}) | {_cell(str(kind.words))} |"


def _section(name: str, kind: Kind, uses: list[Use]) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"*{kind.words}*\n"
    yield f"{meaning_of(kind)}\n"
    limits = list(limits_of(kind).values())
    if limits:
        yield "| Limit | Unit | Default | Allowed | Stricter |"
        yield "|---|---|---|---|---|"
        yield from (_limit(kind, field) for field in limits)
        yield ""
    yield f"**Law:** {source_of(kind)}\n"
    yield f"**Example:** {kind.example}\n"
    yield f"**For planning:** {_planning(kind)}\n"
    yield from _in_force(uses)


def _planning(kind: Kind) -> str:
    """What a rule tells solvers, in the words of its `lines`, and the primitives that these are."""
    said = (inspect.getdoc(kind.lines) or "").split("\n\n")[0].replace("\n", " ")
    made = ", ".join(f"`{each}`" for each in primitives_of(kind))
    return f"{said} ({made}; {'exact' if kind.exact else 'conservative'})" if made else said


def _limit(kind: Kind, field: Field[Any]) -> str:
    hint = get_type_hints(kind, include_extras=True)[field.name]
    default = "none: it must be set" if field.default is MISSING else f"`{_value(field.default)}`"
    way = {1: "more", -1: "less"}.get(getattr(kind, "tighter", {}).get(field.name, 0), "–")
    return f"| `{field.name}` | {_unit(field.name, hint)} | {default} | {_allowed(hint)} | {way} |"


def _unit(name: str, hint: object) -> str:
    """The unit of a limit, from the end of its name."""
    if hint is bool or not getattr(hint, "__metadata__", ()):
        return "–"
    unit = name.rpartition("_")[2]
    if unit in ("minutes", "days", "weeks", "months", "hours", "nights", "shifts", "years"):
        return unit
    if unit in ("from", "to"):
        return "minute of the day"
    return "days" if name.startswith("days_") else "number"


def _allowed(hint: Any) -> str:
    bounds = getattr(hint, "__metadata__", ())
    if hint is bool:
        return "true or false"
    if not bounds:
        return " or ".join(f"`{each}`" for each in get_args(hint) if isinstance(each, str)) or "–"
    least = [str(b.ge) for b in bounds if isinstance(b, Ge)] + [
        str(int(str(b.gt)) + 1) for b in bounds if isinstance(b, Gt)
    ]
    most = [str(b.le) for b in bounds if isinstance(b, Le)]
    return f"from {least[0] if least else '0'}" + (f" to {most[0]}" if most else "")


def _in_force(uses: list[Use]) -> Iterator[str]:
    if not uses:
        yield "In no preset: a company rule for centre.toml.\n"
        return
    yield "| Preset | For | Limits | Law and article | How read |"
    yield "|---|---|---|---|---|"
    for use in uses:
        rule = use.rule
        limits = [f"{f.name} {_value(getattr(rule, f.name))}" for f in limits_of(type(rule)).values()]
        about = ABOUT.get(use.preset)
        read = ", ".join(dict.fromkeys(about.readings(rule.source).values())) if about else ""
        cells = (use.preset, use.label or "everybody", "; ".join(limits), rule.source, read or "–")
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "not set" if value is None else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|") or "–"


if __name__ == "__main__":
    if lacking := gaps():
        sys.exit("\n".join(lacking))
    sys.stdout.write(page())
