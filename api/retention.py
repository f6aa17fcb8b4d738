"""Retention: what the service keeps no longer than the settings say, taken away once a day and noted in the audit log by counts."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from api.access.scope import Scope, machine
from api.command_line import failure_of
from api.jobs.queue import Queue
from api.settings import ServiceSettings
from api.store import leases, retention
from api.store.engine import Store, Transaction
from api.store.errors import StoreUnavailable
from api.store.ids import new_id
from api.store.retention import RULES, Rule

FIRST_SECONDS, LOOK_SECONDS = 60.0, 600.0
LEASE, TRY, DAY = "retention", timedelta(hours=1), timedelta(days=1)
CONTENTS, QUEUE = "unused_files", "queue_entries"
log = logging.getLogger("paiban.retention")


class _Tried(Exception):
    """Ends a transaction that was for counting."""


def watch(store: Store, settings: ServiceSettings, queue: Queue, stop: threading.Event) -> None:
    """Take away once a day what is kept no longer, of all processes one; one that fails is followed by another within hours."""
    scope, wait = machine("retention"), FIRST_SECONDS
    while not stop.wait(wait):
        wait = LOOK_SECONDS
        try:
            once_a_day(store, settings, queue, scope)
        except StoreUnavailable as error:
            log.warning("nothing can be taken away now: %s", error)
        except Exception as error:  # whatever it is, the next look may go well
            log.error("retention failed: %s", failure_of(error)[1])


def once_a_day(store: Store, settings: ServiceSettings, queue: Queue, scope: Scope) -> dict[str, int] | None:
    """What was taken away; None where it was done within a day, or somebody is at it."""
    owner = new_id()
    with store.write(scope) as transaction:
        if not leases.take(transaction, LEASE, owner, TRY):
            return None
    gone = run(store, settings, scope, queue)
    log.info("retention", extra={"told": gone})
    return gone


def run(
    store: Store, settings: ServiceSettings, scope: Scope, queue: Queue | None = None, *, dry: bool = False
) -> dict[str, int]:
    """Take away, or with ``dry`` only count, what is kept no longer; how much, by rule.

    Parameters
    ----------
    queue : None: its entries are left alone
    """
    counts = {}
    for rule in [*RULES, Rule(CONTENTS, "keep_unused_days", _contents(settings))]:
        before = _before(settings, rule.setting)
        counts[rule.name] = _counted(store, scope, rule, before) if dry else _gone(store, scope, rule, before)
    if queue is not None:
        before = _before(settings, "keep_job_events_days")
        counts[QUEUE] = queue.forget(before, dry=dry)
    if not dry:
        with store.write(scope) as transaction:
            leases.take(transaction, LEASE, new_id(), DAY, from_others=True)
    return counts


def _contents(settings: ServiceSettings) -> retention.Remove:
    results = _before(settings, "keep_job_results_days")
    return lambda transaction, before: retention.unused_blobs(transaction, before, results)


def _before(settings: ServiceSettings, setting: str) -> datetime:
    days = getattr(settings, setting) if setting else 0
    return datetime.now(UTC) - timedelta(days=days)


def _gone(store: Store, scope: Scope, rule: Rule, before: datetime) -> int:
    """Some in each transaction, so that others wait for none of them long; each notes in the audit log how much it was."""
    total = 0
    while True:
        with store.write(scope) as transaction:
            count = rule.remove(transaction, before)
            if count:
                told = {"count": count, "before": before.isoformat(timespec="seconds")}
                transaction.log("retention.remove", f"retention/{rule.name}", **told)
        total += count
        if not count:
            return total


def _counted(store: Store, scope: Scope, rule: Rule, before: datetime) -> int:
    if rule.count is not None:
        with store.read(scope) as transaction:
            return rule.count(transaction, before)
    total = 0
    try:
        with store.write(scope) as transaction:
            total = _all(transaction, rule.remove, before)
            raise _Tried
    except _Tried:
        return total


def _all(transaction: Transaction, remove: Callable[[Transaction, datetime], int], before: datetime) -> int:
    total = 0
    while count := remove(transaction, before):
        total += count
    return total
