"""Which rules are in force: presets, one law or company policy a file, and what a centre sets differently."""

from collections.abc import Callable

from centre.errors import Faults
from centre.model import RuleSettings
from scheduler.rules.overrides import overridden
from scheduler.rules.presets import (
    centre,
    cn_comprehensive,
    cn_labour,
    customer_service,
    de_arbzg,
    eu_wtd,
    fr,
    in_osh,
    jp,
    jp_special,
    ph,
    uk_wtr,
    us_ca,
    us_chicago,
)
from scheduler.rules.presets.about import DISCLAIMER, PresetAbout, PresetModule, about
from scheduler.rules.rule import Rule
from scheduler.rules.scoped_settings import scoped_rules

__all__ = ["ABOUT", "DISCLAIMER", "PRESETS", "PresetAbout", "rules_in_force"]

MODULES: tuple[PresetModule, ...] = (
    customer_service, cn_labour, cn_comprehensive, eu_wtd, uk_wtr, de_arbzg, fr, jp, jp_special, in_osh, ph, us_ca, us_chicago,
)  # fmt: skip
PRESETS: dict[str, Callable[[], tuple[Rule, ...]]] = {module.NAME: module.rules for module in MODULES}
ABOUT: dict[str, PresetAbout] = {module.NAME: about(module) for module in MODULES}


def rules_in_force(settings: RuleSettings, with_centre: bool) -> tuple[Rule, ...]:
    """The rules of the presets with the centre's limits; ``with_centre`` adds those of its own files.

    Several presets each keep their rules, so that the strictest binds and the audit says which. An override
    sets limits of every instance of a rule, ``enabled = false`` takes the rule out of force, and a rule that
    no preset has becomes a company rule. ``[[rules.scoped]]`` adds rules for some people or some time.

    Raises
    ------
    BadInput
        naming every unknown preset, rule or limit, and every limit with a wrong value

    Examples
    --------
    >>> [rule.name for rule in rules_in_force(RuleSettings(), with_centre=False)]
    ['weekly-day-off']
    """
    faults = Faults()
    for name in settings.presets:
        if name not in PRESETS:
            faults.add(
                "centre.toml", f"one of {', '.join(sorted(PRESETS))}", found=name, column="rules.presets"
            )
    rules = [rule for name in dict.fromkeys(settings.presets) if name in PRESETS for rule in PRESETS[name]()]
    for name, limits in settings.overrides.items():
        rules = overridden(rules, name, limits, faults)
    rules += scoped_rules(settings.scoped, PRESETS, faults)
    faults.raise_if_any()
    return (*rules, *(centre.rules() if with_centre else ()))
