"""The day as it runs, of a centre: its forecast updated from the day so far, ready to be written."""

from dataclasses import replace

import numpy as np
import pandas as pd

from centre.errors import BadInput, Fault
from centre.instants import from_timestamps
from centre.model import Settings
from forecasts.intraday import BANDS, Reforecast, reforecast
from forecasts.intraday_day import interval_length
from scenarios.forecasting import CONTACTS_DECIMALS


def reforecast_of(settings: Settings, forecast: pd.DataFrame, actuals: pd.DataFrame, now: int) -> Reforecast:
    """A centre's forecast updated, rounded as ``forecast.csv`` is; see `forecasts.intraday.reforecast`.

    Raises
    ------
    BadInput
        where the forecast has other intervals than the centre, in which actuals are told.
    """
    centre = settings.centre
    starts = np.unique(from_timestamps(forecast["interval_start"]))
    length = interval_length(starts)
    if len(starts) > 1 and length != centre.interval_minutes:
        words = f"intervals of {centre.interval_minutes} minutes, as the centre has"
        raise BadInput([Fault("--forecast", words, f"intervals of {length} minutes")])
    found = reforecast(forecast, actuals, now, centre.timezone, centre.interval_minutes)
    contacts = [name for name in ("offered", *BANDS) if name in found.table]
    return replace(found, table=found.table.round(dict.fromkeys(contacts, CONTACTS_DECIMALS)))
