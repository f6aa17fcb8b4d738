"""History to demand: contacts offered and AHT per interval, with intervals of uncertainty."""

from forecasts.backtest import backtest
from forecasts.forecast import Forecast, ForecastReport, forecast, make_forecast
from forecasts.history_report import HistoryReport

__all__ = ["Forecast", "ForecastReport", "HistoryReport", "backtest", "forecast", "make_forecast"]
