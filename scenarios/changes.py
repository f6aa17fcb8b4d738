"""What-if changes: named edits of the inputs, each a pure function, put together in any number.

A change is written ``NAME[:SELECTOR[,SELECTOR...]]=VALUE``: ``volume=+10%``, ``volume:calls,2026-03-02..2026-03-04,09:00-12:00=+20%``,
``hire:full-time=8``. Changes are applied in order; those of different things commute.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from centre.cells import suggestion
from centre.errors import BadInput, Fault
from scenarios.inputs import Inputs

Apply = Callable[[Inputs], Inputs]
Reader = Callable[[Sequence[str], str, Inputs], tuple[str, Apply]]
"""Selectors and value, and the inputs to be changed -> the change in words and what it does."""
OPTION = "--change"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: as it was written, in words, and what it does."""

    text: str
    words: str
    apply: Apply


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: ``read`` makes one of its selectors and value, for the inputs that it is to change.

    It raises ValueError in the words of what was expected.
    """

    name: str
    about: str
    example: str
    read: Reader


@dataclass(frozen=True, slots=True)
class Scenario:
    """A name and the changes that make it."""

    name: str
    changes: tuple[Change, ...] = ()

    def applied(self, inputs: Inputs) -> Inputs:
        """The inputs with all changes made, in order; raises `BadInput` of what comes to no centre."""
        for change in self.changes:
            inputs = change.apply(inputs)
        return inputs

    @property
    def words(self) -> str:
        """All changes in words."""
        return "; ".join(change.words for change in self.changes) or "nothing changed"


def read_changes(texts: Sequence[str], inputs: Inputs, kinds: Sequence[Kind]) -> tuple[Change, ...]:
    """Changes as they are written; raises `BadInput` with every one that is not known or does not apply."""
    by_name, found, faults = {kind.name: kind for kind in kinds}, list[Change](), list[Fault]()
    for text in texts:
        head, equals, value = text.partition("=")
        name, _, rest = head.partition(":")
        if not equals or name not in by_name:
            words = "NAME=VALUE, NAME one that --list tells" + suggestion(name, by_name)
            faults.append(Fault(OPTION, words, text))
            continue
        selectors = [part.strip() for part in rest.split(",") if part.strip()]
        try:
            words, apply = by_name[name].read(selectors, value.strip(), inputs)
        except ValueError as error:
            faults.append(Fault(OPTION, f"{error}; such as {by_name[name].example}", text))
            continue
        found.append(Change(text, words, apply))
    if faults:
        raise BadInput(faults)
    return tuple(found)
