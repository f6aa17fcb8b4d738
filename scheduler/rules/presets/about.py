"""What is known of a preset's texts: where each figure was read, and what of the law is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from scheduler.rules.rule import Rule

Reading = Literal["read", "second-hand", "recalled"]
Articles = Mapping[str, Mapping[str, Reading]]
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
DISCLAIMER_ZH = (
    "本结果不构成法律意见。各预设只包含相应法律的核心条款及一种理解，不含集体协议、行政许可、行业规定和判例。"
    "各项数值并非取自官方公报；每一项都注明条文是读过原文、转引还是凭记忆，以及查阅日期。请由负责人复核您所依据的规则。"
)


class PresetModule(Protocol):
    """What every module of a preset tells.

    ``NAME`` is written in ``rules.presets`` of centre.toml; ``TITLE`` names the law in its own words and in
    English, ``JURISDICTION`` where it holds, and for whom where not for everyone; ``READ_ON`` is the ISO date on
    which the texts were read; ``ARTICLES`` how each was read, statute -> article as the rules' sources write them;
    ``BASIS`` says where, and which figures rest on less; ``NOT_IN_HERE`` what the law asks and no rule judges.
    """

    NAME: str
    TITLE: str
    JURISDICTION: str
    READ_ON: str
    ARTICLES: Articles
    BASIS: tuple[str, ...]
    NOT_IN_HERE: tuple[str, ...]

    def rules(self) -> tuple[Rule, ...]:
        """The rules of the preset."""


@dataclass(frozen=True, slots=True)
class PresetAbout:
    """A preset in words: `PresetModule` as plain data, without the rules."""

    name: str
    title: str
    jurisdiction: str
    read_on: str
    articles: Articles
    basis: tuple[str, ...]
    not_in_here: tuple[str, ...]

    def readings(self, source: str) -> dict[str, Reading]:
        """The articles that a rule's ``source`` names, and how each was read; of a paragraph only the paragraph.

        Examples
        --------
        >>> act = {"Act": {"art. 1": "read", "art. 10": "recalled"}, "Order": {"art. 10": "second-hand"}}
        >>> PresetAbout("x", "", "", "2026-11-22", act, (), ()).readings("Act art. 10: ten hours")
        {'Act art. 10': 'recalled'}
        """
        named = {
            f"{statute} {article}": reading
            for statute, articles in self.articles.items()
            for article, reading in articles.items()
            if statute in source and re.search(re.escape(article) + r"(?![\w-])", source)
        }
        return {
            article: reading
            for article, reading in named.items()
            if not any(other.startswith(f"{article}(") for other in named)
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
