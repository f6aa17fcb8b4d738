"""Every operation of the API with many requests that are wrong in every way: no 5xx, no answer that the document does not tell.

    .venv/bin/python benchmarks/api_soak.py --examples 100 --chains 200

It runs `tests/api/http/test_fuzzed.py` with as many examples an operation, schemathesis's coverage of every field among them, and
`test_fuzzed_chains.py` with as many chains along the document's links, told with how often each operation did what it was asked.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run it; the exit code of pytest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--chains", type=int, default=200)
    asked = parser.parse_args()
    tests = ("tests/api/http/test_fuzzed.py", "tests/api/http/test_fuzzed_chains.py")
    words = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-rP", *tests]
    much = {"PAIBAN_TEST_EXAMPLES": str(asked.examples), "PAIBAN_TEST_CHAINS": str(asked.chains)}
    root = Path(__file__).parents[1]
    return subprocess.run(words, cwd=root, env=os.environ | much, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
