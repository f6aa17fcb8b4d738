"""A worker: a process that works jobs of the queue, several side by side, looks after those of dead workers, and sends notices."""

import logging
import os
import secrets
import signal
import socket
import threading

from dbos import DBOS, DBOSConfig

from api import retention
from api.access.scope import machine
from api.jobs import queue, work
from api.jobs.leases import Leases
from api.jobs.watchdog import Watchdog
from api.notices import sender
from api.settings import ServiceSettings
from api.store.engine import Store
from api.store.errors import StoreUnavailable

log = logging.getLogger("paiban.worker")


def new_name() -> str:
    """A name unlike that of any other process: of two with one name, each would take the other's jobs for its own."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def run(settings: ServiceSettings, store: Store) -> None:
    """Work jobs until told to stop (SIGTERM, SIGINT); then those at hand are given back, and the process ends."""
    name, scope = new_name(), machine("worker")
    leases = Leases(store, scope, name, settings.lease_seconds)
    work.work_for(leases)
    stop = _told_to_stop()
    queue.prepare(settings)
    with queue.open_queue(settings) as entries:
        _listen(settings, name)
        leases.start()
        watchdog = Watchdog(store, entries, scope, name, settings.lease_seconds)
        threading.Thread(target=watchdog.watch, args=(stop,), name="watchdog", daemon=True).start()
        threading.Thread(target=sender.run, args=(store, settings, stop), name="notices", daemon=True).start()
        tidy = threading.Thread(
            target=retention.watch, args=(store, settings, entries, stop), name="retention", daemon=True
        )
        tidy.start()
        log.info("worker %s takes jobs", name)
        stop.wait()
        _give_back(leases, entries)


def _told_to_stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _give_back(leases: Leases, entries: queue.Queue) -> None:
    """End what is worked and have others take it; then leave without waiting for threads that hold nothing any more."""
    held = leases.held()
    leases.stopping.set()
    for each in held:
        leases.give_back(each)
    for each in held:
        try:
            entries.put_back(each.job.id)
        except StoreUnavailable:  # its lease runs out, and another's watchdog puts it back
            break


def _listen(settings: ServiceSettings, name: str) -> None:
    """Take jobs from now on, to the end of the process."""
    config = DBOSConfig(
        name=queue.APPLICATION,
        system_database_url=settings.jobs_database_url,
        dbos_system_schema=queue.SCHEMA,
        executor_id=name,
        application_version=queue.VERSION,
        serializer=queue.SERIALIZER,
        sys_db_pool_size=5,
        run_migrations=False,
        log_level="ERROR",
    )
    DBOS(config=config)
    DBOS.listen_queues([queue.QUEUE])
    DBOS.launch()
