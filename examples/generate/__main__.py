"""Writes the tables of the example folders anew, byte for byte: ``python examples/generate [--series DIR]``.

People, their leave and their wishes are invented with fixed seeds, as is everything in ``small``, ``customer-service`` and ``peak-week``.
Real histories come from the series in DIR (see NOTICE.md in each folder); without it they are left as they are.
"""

import argparse
from pathlib import Path

import anonbank
import customer_service
import peak_week
import small
import us_bank

EXAMPLES = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write every example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--series", type=Path, help="folder with the real series; without it histories are not written"
    )
    series = parser.parse_args().series
    us_bank.write(EXAMPLES, series)
    anonbank.write(EXAMPLES, series)
    peak_week.write(EXAMPLES / "peak-week")
    installed = EXAMPLES.parent / "scenarios" / "examples"
    small.write(installed / "small")
    customer_service.write(installed / "customer-service")


if __name__ == "__main__":
    main()
