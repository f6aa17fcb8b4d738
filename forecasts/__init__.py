"""History to demand: contacts offered and AHT per interval, with intervals of uncertainty."""

from forecasts.backtest import backtest, backtest_by
from forecasts.forecast import Forecast, ForecastReport, forecast, make_forecast
from forecasts.history_report import HistoryReport

__all__ = [
    "Forecast",
    "ForecastReport",
    "HistoryReport",
    "backtest",
    "backtest_by",
    "forecast",
    "make_forecast",
]
