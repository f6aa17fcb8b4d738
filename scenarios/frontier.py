"""Which plans are not beaten in cost and service."""

import math
from collections.abc import Sequence


def not_beaten(points: Sequence[tuple[float, float]]) -> list[int]:
    """Places of the points (cost, service) that no other beats in both, the cheapest first.

    Examples
    --------
    >>> not_beaten([(3.0, 0.9), (1.0, 0.8), (2.0, 0.7), (1.0, 0.8)])
    [1, 3, 0]
    """
    kept, best, last = list[int](), -math.inf, math.nan
    for k in sorted(range(len(points)), key=lambda k: (points[k][0], -points[k][1])):
        cost, service = points[k]
        if service > best or (service == best and cost == last):
            kept.append(k)
            best, last = service, cost
    return kept
