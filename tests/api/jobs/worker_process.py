"""``paiban worker`` with one more kind of job, ``nap``; see `nap`."""

import sys

from api.cli import main
from api.jobs import running
from api.jobs.kinds import KINDS, OUT, Kind
from tests.effort import search_little

NAP = Kind("tests.api.jobs.nap", (f"--out={OUT}/nap.txt",), ("seconds", "fail"), kept=("kept/nap.txt",))

if __name__ == "__main__":
    KINDS["nap"] = NAP
    search_little()
    running.KEEP_SECONDS = 0.3
    sys.exit(main(["worker"]))
