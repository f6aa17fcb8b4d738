"""Exceptions that somebody answers for: a breach stays told, with the reason recorded for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import pandas as pd

from centre.cells import suggestion
from centre.errors import Faults
from scheduler.rules.rule import Violation


@dataclass(frozen=True, slots=True)
class RecordedException:
    """A row of ``exceptions.csv``: which rule, for whom and when, and why.

    Parameters
    ----------
    rule : name of a rule; with a scope behind a colon only the rule of that scope
    agent_id : empty for everybody
    start, end : UTC minutes between which it holds
    reason : why, in words that may be read by whoever reads the audit
    approved_by : who answers for it; may be empty
    """

    rule: str
    agent_id: str
    start: int
    end: int
    reason: str
    approved_by: str = ""

    def covers(self, finding: Violation) -> bool:
        """Whether a breach is one that this was recorded for: its window touches the time of the exception."""
        if finding.verdict != "breach" or self.rule not in (finding.rule, finding.rule.partition(":")[0]):
            return False
        if self.agent_id and self.agent_id != finding.agent_id:
            return False
        if finding.start is None or finding.end is None:
            return False
        return finding.start < self.end and finding.end > self.start


def excepted(finding: Violation, exceptions: Iterable[RecordedException]) -> Violation:
    """The finding, told as ``excepted`` with its reason where an exception covers it."""
    for exception in exceptions:
        if exception.covers(finding):
            by = f", approved by {exception.approved_by}" if exception.approved_by else ""
            words = f"{finding.explanation} Recorded exception: {exception.reason}{by}."
            return replace(finding, verdict="excepted", explanation=words)
    return finding


def exceptions_of(frame: pd.DataFrame, names: Collection[str]) -> tuple[RecordedException, ...]:
    """The exceptions of a table as `centre.exception_file.exceptions_frame` reads it.

    ``names`` are the rules in force; an exception for a scope's rule is told with the label behind a colon.

    Raises
    ------
    BadInput
        naming every row whose rule is not in force
    """
    if not len(frame):
        return ()
    known, faults = {*names, *(name.partition(":")[0] for name in names)}, Faults()
    for rule, row in zip(frame["rule"], frame["row"], strict=True):
        if rule not in known:
            words = f"a rule in force: {', '.join(sorted(known))}{suggestion(rule, known)}"
            faults.add("exceptions.csv", words, found=rule, row=int(row), column="rule")
    faults.raise_if_any()
    columns = (frame[name] for name in ("rule", "agent_id", "start", "end", "reason", "approved_by"))
    return tuple(
        RecordedException(rule, agent_id, int(start), int(end), reason, by)
        for rule, agent_id, start, end, reason, by in zip(*columns, strict=True)
    )
