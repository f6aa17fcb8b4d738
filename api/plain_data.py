"""Facts as JSON can hold them."""

import math
from dataclasses import asdict, is_dataclass
from typing import Any

import pandas as pd


def plain(value: Any) -> Any:
    """A value as JSON can hold it: tables and data classes as dictionaries, what is not finite as null.

    Examples
    --------
    >>> plain({"wape": float("nan"), "days": (1, 2)})
    {'wape': None, 'days': [1, 2]}
    """
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if not isinstance(value, float) or math.isfinite(value) else None
