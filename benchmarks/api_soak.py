"""Every operation of the API with many requests that are wrong in every way: no 5xx, no answer that the document does not tell.

    .venv/bin/python benchmarks/api_soak.py --examples 100

It runs `tests/api/http/test_fuzzed.py` with as many examples an operation, schemathesis's coverage of every field among them.
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
    examples = str(parser.parse_args().examples)
    words = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/api/http/test_fuzzed.py"]
    root = Path(__file__).parents[1]
    return subprocess.run(
        words, cwd=root, env=os.environ | {"PAIBAN_TEST_EXAMPLES": examples}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
