"""Rows of a history."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.common import Instant, Strict


class HistoryRow(Strict):
    """Contacts of a queue in an interval."""

    interval_start: Instant
    queue: Annotated[str, Field(examples=["calls"])]
    offered: Annotated[float, Field(examples=[12.0])]
    aht_seconds: Annotated[float | None, Field(examples=[240.0])]
    handled: Annotated[float | None, Field(examples=[11.0])] = None
    abandoned: Annotated[float | None, Field(examples=[1.0])] = None
    within_target: Annotated[float | None, Field(examples=[10.0])] = None

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Self:
        """Of a row of a table; what is missing there is null here."""
        told: dict[str, Any] = {name: row[name] for name in cls.model_fields if name in row}
        told["interval_start"] = told["interval_start"].to_pydatetime()
        for name, value in told.items():
            told[name] = None if isinstance(value, float) and math.isnan(value) else value
        return cls(**told)
