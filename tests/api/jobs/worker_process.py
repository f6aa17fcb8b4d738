"""``paiban worker`` with one more kind of job, ``nap``; see `nap`."""

import sys
import time

from api.cli import main
from api.jobs import queue, running
from api.jobs.kinds import KINDS, OUT, Kind
from tests.effort import search_little

NAP = Kind("tests.api.jobs.nap", (f"--out={OUT}/nap.txt",), ("seconds", "fail"), kept=("kept/nap.txt",))


class UnhurriedQueue(queue.Queue):
    """A queue that takes jobs back late, so that whatever a worker wrongly says of them before is there first."""

    def put_back(self, job_id: str) -> None:
        time.sleep(0.3)
        super().put_back(job_id)


if __name__ == "__main__":
    KINDS["nap"] = NAP
    search_little()
    running.KEEP_SECONDS = 0.3
    queue.Queue = UnhurriedQueue
    sys.exit(main(["worker"]))
