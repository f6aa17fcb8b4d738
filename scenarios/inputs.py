"""What a scenario starts from: a centre, the days asked about, and the forecast of them; a what-if is an edit of these."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.edits import edited
from centre.folder import Centre
from centre.instants import Grid
from scenarios.demand import holidays_of, horizon, requirement_of
from scenarios.forecasting import forecast_of
from scenarios.peak_settings import settings_in_force


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that an answer depends on.

    Parameters
    ----------
    forecast : columns of ``forecast.csv``
    """

    centre: Centre
    grid: Grid
    forecast: pd.DataFrame

    def with_settings(self, *edits: tuple[str, object]) -> "Inputs":
        """The same with settings changed by their paths; raises `BadInput` as `centre.edits.edited`."""
        raw, settings = edited(self.centre.raw, self.centre.settings, edits)
        return replace(self, centre=replace(self.centre, raw=raw, settings=settings))

    def with_offered(self, offered: NDArray[np.float64]) -> "Inputs":
        """The same with other contacts expected, shape (rows of the forecast,)."""
        return replace(self, forecast=self.forecast.assign(offered=offered))

    def requirement(self) -> pd.DataFrame:
        """Agents required, columns of ``requirement.csv``; raises `BadInput` as the requirement does."""
        centre, grid = self.centre, self.grid
        return requirement_of(
            self.forecast, centre.settings, holidays_of(centre, grid), centre.backlog, calendar=centre.calendar,
            in_force=settings_in_force(centre, grid),
        )  # fmt: skip


def inputs_of(centre: Centre, start: date, days: int) -> Inputs:
    """The inputs of a centre's ``days`` local days from ``start``, forecast from its history; raises `BadInput` as the forecaster does."""
    grid = horizon(centre.settings, start, days)
    return Inputs(centre, grid, forecast_of(centre, grid, holidays_of(centre, grid)).table)
