"""``paiban serve --workers 0`` that takes one more kind of job at ``POST .../naps``; see `nap`."""

import sys

from api.cli import main
from api.jobs.kinds import KINDS
from api.routes import work
from api.schemas.jobs import Asked
from tests.api.jobs.worker_process import NAP


class NapAsked(Asked):
    """A nap."""

    seconds: float


if __name__ == "__main__":
    KINDS["nap"] = NAP
    work.add("naps", "nap", NapAsked, "plan.run", "scenario.read")
    sys.exit(main(["serve", "--workers", "0"]))
