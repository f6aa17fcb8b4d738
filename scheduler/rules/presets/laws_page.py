"""The page ``docs/laws.md``, written from the presets: ``python -m scheduler.rules.presets.laws_page``."""

from collections.abc import Iterator

from scheduler.rules.overrides import limits_of
from scheduler.rules.presets import ABOUT, DISCLAIMER, PRESETS
from scheduler.rules.presets.about import DISCLAIMER_ZH, READINGS, PresetAbout
from scheduler.rules.rule import Rule
from scheduler.rules.scoped import Scope, Scoped

HEAD = """# Laws and policies in the presets

Written by `python -m scheduler.rules.presets.laws_page`; a test fails where this page and the presets differ.
`rules.presets` in centre.toml names the presets in force. Where several are, each keeps its rules: the strictest
binds, and the audit says which. `rules.overrides` sets any limit by the name it has here.
"""


def page() -> str:
    """All presets as Markdown, one section and one table each."""
    readings = "\n".join(f"- **{reading}**: {words}." for reading, words in READINGS.items())
    parts = [HEAD, f"{DISCLAIMER}\n\n{DISCLAIMER_ZH}\n", f"How a figure was read:\n\n{readings}\n"]
    return "\n".join(
        [*parts, *("\n".join(_section(ABOUT[name], build())) for name, build in PRESETS.items())]
    )


def _section(about: PresetAbout, rules: tuple[Rule, ...]) -> Iterator[str]:
    yield f"## {about.name}\n"
    yield f"{about.title}. {about.jurisdiction}. Read on {about.read_on}.\n"
    yield "| Rule | Law and article | Limits | How read |"
    yield "|---|---|---|---|"
    for rule in rules:
        yield f"| `{rule.name}` | {rule.source} | {'; '.join(_limits(rule))} | {_reading(about, rule)} |"
    yield "\nBasis:\n"
    yield from (f"- {words}" for words in about.basis)
    yield "\nNot in here:\n"
    yield from (f"- {words}" for words in about.not_in_here)
    yield ""


def _reading(about: PresetAbout, rule: Rule) -> str:
    """How the articles of a rule were read; which ones, where they differ."""
    readings = about.readings(rule.source)
    if len(set(readings.values())) == 1:
        return next(iter(readings.values()))
    statutes = sorted(about.articles, key=len, reverse=True)
    return ", ".join(
        f"{next(article.removeprefix(f'{s} ') for s in statutes if article.startswith(s))} {reading}"
        for article, reading in readings.items()
    )


def _limits(rule: Rule) -> Iterator[str]:
    """The limits of a rule as centre.toml names them, minutes also in hours; whom it is for, where not all."""
    if isinstance(rule, Scoped):
        yield _for_whom(rule.scope)
        yield from _limits(rule.rule)
        return
    for name in limits_of(type(rule)):
        value = getattr(rule, name)
        yield f"{name} {str(value).lower() if isinstance(value, bool) else value}{_told(name, value)}"


def _told(name: str, value: object) -> str:
    """Minutes as hours, or as a time of day; empty where neither says more."""
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    hours, minutes = divmod(value, 60)
    if name.endswith(("_from", "_to")):
        return f" ({hours:02d}:{minutes:02d})"
    if "minutes" in name and hours:
        return f" ({hours} h{f' {minutes} min' if minutes else ''})"
    return ""


def _for_whom(scope: Scope) -> str:
    """Whom a rule is for, in words that do not say why a period is protected."""
    told = ["in a protected period"] if scope.protections else []
    if scope.under_age is not None:
        told.append(f"under {scope.under_age} years")
    return f"only {' and '.join(told)}"


if __name__ == "__main__":
    print(page(), end="")
