"""Public holidays of the centre's country."""

import holidays

from centre.instants import day_number, day_of


def public_holidays(country: str | None, first_day: int, last_day: int) -> dict[int, str]:
    """Public holidays from ``first_day`` to ``last_day``, both counted, as day number -> name; observed days
    count.

    Parameters
    ----------
    country : ISO 3166 code such as ``CN``, with a part after a hyphen where one is meant (``US-CA``); None:
        no holidays
    first_day, last_day : day numbers (`centre.instants.day_number`)

    Raises
    ------
    ValueError
        where the country is not known.

    **Source:** the ``holidays`` package.

    Examples
    --------
    >>> from datetime import date
    >>> list(public_holidays("US", day_number(date(2003, 7, 1)), day_number(date(2003, 7, 31))).values())
    ['Independence Day']
    """
    if country is None or last_day < first_day:
        return {}
    years = range(day_of(first_day).year, day_of(last_day).year + 1)
    code, _, part = country.partition("-")
    parts = holidays.list_supported_countries().get(code)
    if parts is None or (part and part not in parts):
        raise ValueError("a country code such as CN, US or DE")
    found = holidays.country_holidays(code, subdiv=part or None, years=years)
    numbered = {day_number(day): name for day, name in sorted(found.items())}
    return {day: name for day, name in numbered.items() if first_day <= day <= last_day}


def is_holiday_named(name: str, wanted: str) -> bool:
    """Whether the holiday ``name`` is the ``wanted`` one: the whole of it, one of several on a day, or the
    part before a bracket.

    Examples
    --------
    >>> is_holiday_named("Labor Day (observed)", "Labor Day")
    True
    """
    return any(wanted in (part, part.partition(" (")[0]) for part in name.split("; "))
