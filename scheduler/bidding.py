"""Lines of work given anew among people who are alike: one line each, only lawful ones, and nobody left without one.

A line is all that somebody works in the horizon. Whoever chooses gets a line only where the others can still have a lawful line each:
that is a perfect matching of people and lines, kept by exchanging lines along the shortest chain. As everybody has their own line at
first, there always is one.

**Source:** C. Berge, "Two theorems in graph theory", PNAS 43 (1957): a matching is changed along alternating paths.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scheduler.alone import Alone, Breaches, Separate, judged, none_new
from scheduler.intraday.rows import put_back
from scheduler.rota import Rota, joined
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation


class Lines:
    """The lines of a rota, and what anybody would break in them.

    A line bears the ``agent_id`` of whose it is. Leave and what lies beside the horizon stay with the person.

    Parameters
    ----------
    rota, facts, rules : the rota as it is, and what it is judged by
    """

    def __init__(self, rota: Rota, facts: Facts, rules: Sequence[Rule]) -> None:
        self.rota, self.facts, self.rules = rota, facts, rules
        self._separate = Separate(rota, facts)
        self._people: dict[str, Alone] = {}
        self._found: dict[tuple[str, str], Breaches] = {}

    def breaches(self, agent_id: str, line: str, beside: Sequence[str]) -> list[Violation]:
        """Breaches of somebody in a line that they do not have in their own, by time; those of the lines ``beside`` are found at once."""
        if (agent_id, line) not in self._found:
            wanted = [
                name
                for name in dict.fromkeys((agent_id, line, *beside))
                if (agent_id, name) not in self._found
            ]
            alone = self._person(agent_id)
            found = judged([(alone, self._in_line(alone, name)) for name in wanted], self.rules)
            self._found |= {(agent_id, name): told for name, told in zip(wanted, found, strict=True)}
        known, found_here = self._found[agent_id, agent_id], self._found[agent_id, line]
        if none_new(known, found_here):
            return []
        return sorted((found_here - known).elements(), key=lambda v: (v.start or 0, v.rule, v.source))

    def rota_with(self, has: dict[str, str]) -> Rota:
        """The rota in which people work the lines ``has`` (agent_id -> line)."""
        moved = {who: self._in_line(self._person(who), line) for who, line in has.items() if who != line}
        return put_back(self.rota, moved)

    def _person(self, agent_id: str) -> Alone:
        if agent_id not in self._people:
            found = self._separate.person(agent_id, idle=True)
            assert found is not None
            self._people[agent_id] = found
        return self._people[agent_id]

    def _in_line(self, alone: Alone, line: str) -> Rota:
        """Somebody's rota with another's work in place of their own."""
        if alone.agent_id == line:
            return alone.rota
        other = self._person(line).rota
        kept, taken = alone.rota.narrowed(~self._is_work(alone.rota)), other.narrowed(self._is_work(other))
        kept, taken = (replace(part, agent_ids=(alone.agent_id,)) for part in (kept, taken))
        return joined(kept, taken)

    def _is_work(self, rota: Rota) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Rows of a line, shape (rows,)."""
        inside = (rota.day >= self.facts.first_day) & (rota.day < self.facts.end_day)
        return np.asarray(inside & ~rota.on_leave, dtype=bool)


class Matching:
    """Who has which line among people who are alike; changed only so that all lines stay lawful.

    Parameters
    ----------
    people : agent_ids, each with the line of the same name at first
    lawful : whether somebody may have a line; the third are lines that are asked for next
    """

    def __init__(self, people: Sequence[str], lawful: Callable[[str, str, Sequence[str]], bool]) -> None:
        self.has = {who: who for who in people}
        self.fixed: set[str] = set()
        self._lawful = lawful

    def grant(self, who: str, line: str) -> bool:
        """Give somebody a line for good, where it is lawful and the others can have the rest; whether they have it now."""
        holder = {held: owner for owner, held in self.has.items()}
        if line in self.fixed or self.has[who] in self.fixed or not self._lawful(who, line, ()):
            return False
        chain = [] if holder[line] == who else self._chain(holder, who, line)
        if chain is None:
            return False
        self.has |= dict(chain) | {who: line}
        self.fixed.add(line)
        return True

    def _chain(self, holder: dict[str, str], who: str, line: str) -> list[tuple[str, str]] | None:
        """New lines of those who must change so that ``line`` is free and that of ``who`` is taken; None where there is no way."""
        goal, came = self.has[who], {}
        asked, seen = deque([holder[line]]), {line}
        free = [
            goal,
            *(held for held in sorted(holder) if held not in self.fixed and held not in (goal, line)),
        ]
        while asked:
            person = asked.popleft()
            for held in free:
                if held in seen or not self._lawful(person, held, () if held == goal else free):
                    continue
                seen.add(held)
                came[held] = person
                if held == goal:
                    return self._back(came, goal, line)
                asked.append(holder[held])
        return None

    def _back(self, came: dict[str, str], goal: str, line: str) -> list[tuple[str, str]]:
        """The chain that led to ``goal``, from its end."""
        found, held = [], goal
        while held != line:
            person = came[held]
            found.append((person, held))
            held = self.has[person]
        return found
