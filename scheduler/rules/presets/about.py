"""What is known of a preset's texts: where each figure was read, and what of the law is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from scheduler.rules.rule import Rule

Reading = Literal["read", "second-hand", "recalled"]
READINGS: dict[Reading, str] = {
    "read": "the article's own wording was read, in a stored copy that is not the official publication",
    "second-hand": "read in a summary, a commentary or a news report, not in the article itself",
    "recalled": "from memory; not read for this preset",
}
DISCLAIMER = (
    "This is no legal advice. The presets hold the core of each law as one reading of it, not all of it: "
    "collective agreements, permits, sector rules and case law are not in them. No figure was taken from an "
    "official gazette; each says whether its wording was read, second-hand or recalled, and on what day. Have "
    "the rules that you rely on checked by someone who answers for it."
)


class PresetModule(Protocol):
    """What every module of a preset tells."""

    @property
    def NAME(self) -> str:
        """Name in ``rules.presets`` of centre.toml."""

    @property
    def TITLE(self) -> str:
        """The law or policy in its own name and in English."""

    @property
    def JURISDICTION(self) -> str:
        """Where it holds, and for whom where not for everyone."""

    @property
    def READ_ON(self) -> str:
        """ISO date on which the texts were read."""

    @property
    def ARTICLES(self) -> Mapping[str, Reading]:
        """Statute and article as the sources write it -> how it was read."""

    @property
    def BASIS(self) -> tuple[str, ...]:
        """Where the texts were read, and which figures rest on less."""

    @property
    def NOT_IN_HERE(self) -> tuple[str, ...]:
        """What the law asks and the preset does not judge."""

    def rules(self) -> tuple[Rule, ...]:
        """The rules of the preset."""


@dataclass(frozen=True, slots=True)
class PresetAbout:
    """A preset in words: `PresetModule` as plain data, without the rules."""

    name: str
    title: str
    jurisdiction: str
    read_on: str
    articles: Mapping[str, Reading]
    basis: tuple[str, ...]
    not_in_here: tuple[str, ...]

    def readings(self, source: str) -> dict[str, Reading]:
        """The articles that a rule's ``source`` names, and how each was read.

        Examples
        --------
        >>> about = PresetAbout("x", "", "", "2026-11-22", {"Act art. 1": "read", "Act art. 10": "recalled"}, (), ())
        >>> about.readings("Act art. 10: ten hours")
        {'Act art. 10': 'recalled'}
        """
        return {
            article: reading
            for article, reading in self.articles.items()
            if re.search(re.escape(article) + r"(?![\w-])", source)
        }


def about(module: PresetModule) -> PresetAbout:
    """What a preset's module says of itself."""
    return PresetAbout(
        module.NAME,
        module.TITLE,
        module.JURISDICTION,
        module.READ_ON,
        module.ARTICLES,
        module.BASIS,
        module.NOT_IN_HERE,
    )
