"""``paiban worker``: a process that works the jobs of the service."""

import argparse
import os
import sys

from api.outcome import Outcome, Progress

ABOUT = "Work the jobs of the service: forecasts, plans, sweeps; run as many as there are machines or cores for them."
EXAMPLE = "paiban worker"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command: none; see `paiban doctor` for the settings."""


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Work until told to stop."""
    from api.jobs.worker import run as work
    from api.settings import read_settings
    from api.store.opening import open_store

    settings, _ = read_settings()
    with open_store(settings, upgrade=True) as store:
        progress("worker takes jobs")
        work(settings, store)
    progress("worker has given its jobs back")
    sys.stderr.flush()
    os._exit(0)  # threads that wait for a database would keep the process
