"""``paiban retention``: take away what the service keeps no longer, or tell what that would be."""

import argparse

from api.outcome import Outcome, Progress

ABOUT = "Take away what the service keeps no longer than its settings say; a worker does so every day."
EXAMPLE = "paiban retention --dry-run"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--dry-run", action="store_true", help="only tell how much it would be")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Take away, tell by counts."""
    from api import retention
    from api.access.scope import machine
    from api.jobs.queue import is_there, open_queue
    from api.settings import read_settings
    from api.store.opening import open_store
    from api.store.retention import RULES

    settings, _ = read_settings()
    progress("look for what is kept no longer")
    with open_store(settings) as store, open_queue(settings) as queue:
        at = queue if is_there(settings) else None
        counts = retention.run(store, settings, machine("command"), at, dry=args.dry_run)
    names = {rule.name: rule.setting for rule in RULES}
    names |= {retention.CONTENTS: "keep_unused_days", retention.QUEUE: "keep_job_events_days"}
    days = {
        name: f"{setting} = {getattr(settings, setting)}" if setting else "due"
        for name, setting in names.items()
    }
    verb = "would go" if args.dry_run else "gone"
    lines = [f"{name}: {count} {verb} ({days[name]})" for name, count in counts.items()]
    return Outcome(lines=lines, data={"command": "retention", "dry_run": args.dry_run, "counts": counts})
