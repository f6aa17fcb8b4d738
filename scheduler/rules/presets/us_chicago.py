"""Preset ``us-chicago``: Fair Workweek Ordinance of Chicago; off by default, for seven industries alone.

It holds for building services, healthcare, hotels, manufacturing, restaurants, retail and warehouses, for
employers and earnings within its thresholds: a call centre as such is none of them. No default holds this
preset; name it only where the centre belongs to one of these industries. A rest under 10 hours is not
forbidden: it needs the worker's consent and 1.25 times the pay. Consent is on record as the opt-out ``rest-between-shifts``.
"""

from scheduler.rules.notice_of_change import NoticeOfChange
from scheduler.rules.presets.about import Articles
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule

NAME = "us-chicago"
TITLE = "Chicago Fair Workweek Ordinance (Municipal Code of Chicago, chapter 6-110)"
JURISDICTION = (
    "City of Chicago, off by default: only building services, healthcare, hotels, manufacturing, restaurants, retail "
    "and warehouse services, above a size of employer and below a wage"
)
READ_ON = "2026-11-22"
ORDINANCE = "Municipal Code of Chicago"
ARTICLES: Articles = {
    ORDINANCE: {"6-110-020": "second-hand", "6-110-040": "second-hand", "6-110-050": "second-hand",
                "6-110-070": "second-hand"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "The chapter's headings were read in the code; 14 days, the right to decline and 1.25 times in the city's own "
    "page and in legal aid's guide, not in the sections.",
    "The thresholds move each July: 100 employees (restaurants 250 and 30 locations), 32.60 dollars an hour or "
    "62,561.90 a year in what was read last.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "Whether an employer, an industry or a person is covered at all: the centre must know.",
    "Predictability pay (one hour, half the pay under 24 hours) and 1.25 times for short rests: see the pay rules.",
    "The first 90 days' estimate (6-110-040), offers of hours to part-timers (6-110-060), exceptions by consent.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        NoticeOfChange(
            14, f"{ORDINANCE} 6-110-040, 6-110-050: told 14 days before, later changes are paid", preset=NAME
        ),
        RestBetweenShifts(
            600,
            f"{ORDINANCE} 6-110-070: a shift within 10 hours may be declined, and is paid 1.25 times",
            NAME,
            consent=True,
        ),
    )
