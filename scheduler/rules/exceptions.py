"""Exceptions that somebody answers for: a breach stays told, with the reason recorded for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
