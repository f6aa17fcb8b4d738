"""The pay laws by name, and which of them a centre's settings put in force."""

from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

from annotated_types import Ge, Le

from centre.errors import Faults
from centre.model import RuleSettings
from scheduler.pay.cn_comprehensive import ChinaComprehensivePay
from scheduler.pay.cn_labour import ChinaPay
from scheduler.pay.contract import ContractPay
from scheduler.pay.de_arbzg import GermanyPay
from scheduler.pay.fr import FrancePay
from scheduler.pay.in_osh import IndiaPay
from scheduler.pay.jp import JapanPay
from scheduler.pay.law import PayLaw
from scheduler.pay.ph import PhilippinesPay
from scheduler.pay.us_ca import CaliforniaPay

LAWS: dict[str, PayLaw] = {
    law.name: law
    for law in (
        ContractPay(), ChinaPay(), ChinaComprehensivePay(), JapanPay(), PhilippinesPay(), CaliforniaPay(), IndiaPay(),
        FrancePay(), GermanyPay(),
    )
}  # fmt: skip
BY_PRESET = {name: name for name in LAWS} | {"eu-wtd": "contract", "uk-wtr": "contract"}
"""Preset of rest rules -> its pay law; others (company policies) set no pay."""
BY_THE_PRESETS = "presets"
SETTINGS_FILE = "centre.toml"
MOST_RATE, MOST_MINUTES = 10.0, 200_000


def law_in_force(settings: RuleSettings) -> PayLaw | None:
    """The pay law that a centre's settings name, with its own figures; None where they name none.

    Raises
    ------
    BadInput
        naming an unknown law or figure, a wrong value, or presets that have no pay law or more than one

    Examples
    --------
    >>> law_in_force(RuleSettings(pay="presets", presets=("customer-service", "cn-labour"))).name
    'cn-labour'
    """
    faults = Faults()
    law = _named(settings, faults)
    if law is None and settings.pay_figures:
        faults.add(SETTINGS_FILE, "rules.pay, where figures of a pay law are set", column="rules.pay_figures")
    elif law is not None:
        law = with_figures(law, settings.pay_figures, faults)
    faults.raise_if_any()
    return law


def law_of_settings(settings: RuleSettings) -> tuple[PayLaw, list[str]]:
    """The law that the centre names, else that of its presets, else the contract; told where none was named."""
    if (law := law_in_force(settings)) is not None:
        return law, []
    unnamed = f"{SETTINGS_FILE} names no pay law (rules.pay)"
    found = sorted({BY_PRESET[name] for name in settings.presets if name in BY_PRESET})
    if len(found) == 1:
        return LAWS[found[0]], [f"{unnamed}: paid by {found[0]}, as its presets say."]
    why = f"its presets have several ({', '.join(found)})" if found else "its presets have none"
    return LAWS["contract"], [f"{unnamed} and {why}: paid by the contract alone."]


def law_of(name: str) -> PayLaw | None:
    """The pay law of this name, or of a preset of this name; None where there is none."""
    return LAWS.get(BY_PRESET.get(name, ""))


def with_figures(law: PayLaw, figures: dict[str, Any], faults: Faults) -> PayLaw:
    """The law with some figures set differently; what is wrong with them is collected in ``faults``."""
    known = {field.name: getattr(law, field.name) for field in fields(law)}  # type: ignore[arg-type]
    hints = get_type_hints(type(law), include_extras=True)
    wrong = False
    for name, value in figures.items():
        column = f"rules.pay_figures.{name}"
        expected = _expected(known.get(name), hints.get(name), value)
        if name not in known:
            expected = f"a figure of {law.name}: {', '.join(known) or 'it has none'}"
        if expected:
            faults.add(SETTINGS_FILE, expected, found=value if name in known else name, column=column)
            wrong = True
    changed: PayLaw = law if wrong or not figures else replace(law, **figures)  # type: ignore[type-var]
    return changed


def _named(settings: RuleSettings, faults: Faults) -> PayLaw | None:
    if not settings.pay:
        return None
    if settings.pay != BY_THE_PRESETS:
        if settings.pay not in LAWS:
            words = f"{BY_THE_PRESETS}, or one of {', '.join(sorted(LAWS))}"
            faults.add(SETTINGS_FILE, words, found=settings.pay, column="rules.pay")
        return LAWS.get(settings.pay)
    found = {BY_PRESET[name] for name in settings.presets if name in BY_PRESET}
    if len(found) != 1:
        words = f"presets of one pay law ({', '.join(sorted(BY_PRESET))}), or rules.pay with its name"
        faults.add(SETTINGS_FILE, words, found=", ".join(settings.presets), column="rules.presets")
        return None
    return LAWS[found.pop()]


def _expected(default: object, hint: Any, value: object) -> str:
    """What a figure's value should have been; empty where it is right."""
    if isinstance(default, str):
        choices = get_args(hint)
        return "" if value in choices else f"one of {', '.join(choices)}"
    if isinstance(default, int):
        bounds = getattr(hint, "__metadata__", ())
        least = next((int(str(bound.ge)) for bound in bounds if isinstance(bound, Ge)), 1)
        most = next((int(str(bound.le)) for bound in bounds if isinstance(bound, Le)), MOST_MINUTES)
        right = type(value) is int and least <= value <= most
        return "" if right else f"a whole number from {least} to {most}"
    least_rate = 1.0 if isinstance(default, float) and default > 1 else 0.0
    right = (
        isinstance(value, (int, float)) and not isinstance(value, bool) and least_rate <= value <= MOST_RATE
    )
    return "" if right else f"a number from {least_rate:g} to {MOST_RATE:g}"
