"""How a what-if changes a number: by a share, by so many, or to a value."""

import re
from dataclasses import dataclass
from typing import Literal

_AMOUNT = re.compile(r"(?P<sign>[+-])?(?P<times>[x×])?(?P<number>\d+(?:\.\d+)?)(?P<percent>%)?")
WORDS = "an amount such as +10%, -5%, x1.2, +3, or a number to set"
MOST_PERCENT = 50
"""Changes beyond this are told as times, not as per cent."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A change of a number: multiplied by, added to, or set."""

    how: Literal["times", "plus", "set"]
    number: float

    def of(self, value: float) -> float:
        """The changed value."""
        return {"times": value * self.number, "plus": value + self.number, "set": self.number}[self.how]

    @property
    def words(self) -> str:
        """The change in words.

        Examples
        --------
        >>> [amount_of(text).words for text in ("+10%", "x1.5", "-3", "40")]
        ['+10 %', 'times 1.5', '-3', 'set to 40']
        """
        if self.how == "set":
            return f"set to {self.number:g}"
        if self.how == "plus":
            return f"{self.number:+g}"
        percent = (self.number - 1) * 100
        return f"{percent:+.3g} %" if abs(percent) < MOST_PERCENT else f"times {self.number:g}"


def amount_of(text: str) -> Amount:
    """An amount such as ``+10%``, ``x1.2``, ``-3``, ``40``, ``80%`` (set to 0.8).

    Raises
    ------
    ValueError
        in the words of what was expected.

    Examples
    --------
    >>> amount_of("-5%"), amount_of("80%"), amount_of("+2")
    (Amount(how='times', number=0.95), Amount(how='set', number=0.8), Amount(how='plus', number=2.0))
    """
    match = _AMOUNT.fullmatch(text.replace(" ", ""))
    if match is None or (match["times"] and (match["sign"] or match["percent"])):
        raise ValueError(WORDS)
    number = float(match["number"])
    if match["times"]:
        return Amount("times", number)
    sign = -1.0 if match["sign"] == "-" else 1.0
    if match["percent"] and match["sign"]:
        return Amount("times", round(1 + sign * number / 100, 12))
    if match["percent"]:
        return Amount("set", number / 100)
    return Amount("plus", sign * number) if match["sign"] else Amount("set", number)
