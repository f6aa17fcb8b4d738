"""``paiban serve``: the HTTP API."""

import argparse
import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.options import number_from_zero
from api.outcome import Outcome, Progress

if TYPE_CHECKING:
    from api.settings import ServiceSettings
    from api.store.engine import Store

ABOUT = "Serve the HTTP API on this machine; the first start prints an administrator's key, once."
EXAMPLE = "paiban serve --port 8000"
STOP_SECONDS = 20
IDLE_SECONDS = 15


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command; everything else is a setting, see `paiban doctor`."""
    parser.add_argument("--host", help="address to listen on (default: the setting host, 127.0.0.1)")
    parser.add_argument("--port", type=number_from_zero, help="port (default: the setting port, 8000)")
    parser.add_argument(
        "--workers", type=number_from_zero, default=1, metavar="N",
        help="processes that work jobs, started and stopped with it (default 1; 0: `paiban worker` runs elsewhere)",
    )  # fmt: skip
    parser.add_argument(
        "--openapi", type=Path, metavar="FILE", help="write the API's OpenAPI document, and serve nothing"
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Serve until a signal says stop, or write the document."""
    if args.openapi:
        return _write_document(args.openapi)
    from api.settings import read_settings
    from api.store.opening import open_store

    settings, _ = read_settings()
    told = {name: value for name in ("host", "port") if (value := getattr(args, name)) is not None}
    settings = settings.model_copy(update=told)
    with open_store(settings, upgrade=True) as store:
        _tell_first_key(store, settings.host)
        _serve(store, settings, args.workers)
    return Outcome(lines=["stopped"], data={"command": "serve"})


def document() -> str:
    """The OpenAPI document as it is committed."""
    from api.app import create_app
    from api.jobs.client import open_jobs
    from api.settings import ServiceSettings
    from api.store.engine import Store, open_engine
    from api.store.vault import Vault

    nowhere = Store(open_engine("sqlite:///nowhere"), Vault(bytes(32)), Path())
    with open_jobs(ServiceSettings(), nowhere) as jobs:
        app = create_app(nowhere, ServiceSettings(), jobs)
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1) + "\n"


def _write_document(path: Path) -> Outcome:
    from centre.writing import write_text

    write_text(path, document())
    return Outcome(lines=[f"{path}: written"], data={"command": "serve", "openapi": str(path)})


def _tell_first_key(store: "Store", host: str) -> None:
    """Print the key of the first administrator; the only time that anybody sees it."""
    from api.access.keys import first_key

    key = first_key(store, host)
    if key is not None:
        print(f"The administrator's key, shown this once: {key}", flush=True)


def _serve(store: "Store", settings: "ServiceSettings", number: int) -> None:
    import uvicorn

    from api.app import create_app
    from api.jobs.client import open_jobs
    from api.json_logs import log_to_stderr
    from api.workers import workers

    log_to_stderr(settings.log_level)
    with open_jobs(settings, store) as jobs, workers(number):
        config = uvicorn.Config(
            create_app(store, settings, jobs), host=settings.host, port=settings.port, log_config=None,
            access_log=False, server_header=False, timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )  # fmt: skip
        gc.freeze()  # what is there by now stays: looking through it again and again would be half of an edit's time
        try:
            uvicorn.Server(config).run()
        except KeyboardInterrupt:  # uvicorn has stopped by then: it hands the signal on
            sys.stderr.flush()
