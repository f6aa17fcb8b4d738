"""Clashes and prices of rules in words, for the command line and the report alike."""

from collections.abc import Iterator, Sequence

from scenarios.report_data import Language
from scheduler.solution import Clash, RulePrice, WayOut

PRICED: dict[Language, str] = {
    "en": "{way} (about {price:,.0f} {currency} of pay)",
    "zh": "{way}（工资约 {price:,.0f} {currency}）",
}


def ways_out(clash: Clash, currency: str, language: Language = "en") -> Iterator[str]:
    """The ways out of a clash, the least change first, with what they cost where that is known."""
    for way in clash.ways_out or ([WayOut(clash.way_out)] if clash.way_out else []):
        if way.price:
            yield PRICED[language].format(way=way.sentence, price=way.price, currency=currency)
        else:
            yield way.sentence


def price_lines(prices: Sequence[RulePrice], objective: float, currency: str) -> Iterator[str]:
    """What rules cost, a line each; ``objective`` is what the rota that was found costs with all of them."""
    for price in prices:
        about = f"about {price.saved:,.0f} {currency}" if price.saved else "nothing that the bounds show"
        most = max(0.0, objective - price.bound_without)
        people = f"{len(price.agents)} {'person' if len(price.agents) == 1 else 'people'}"
        yield f"Price of {price.rule}: {about}, at most {most:,.0f} {currency} of this rota; it binds {people}"
