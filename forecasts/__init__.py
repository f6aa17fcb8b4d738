"""History to demand: contacts offered and AHT per interval, with intervals of uncertainty."""

from forecasts.backtest import backtest
from forecasts.forecast import ForecastReport, forecast, forecast_with_report
from forecasts.history import HistoryReport

__all__ = ["ForecastReport", "HistoryReport", "backtest", "forecast", "forecast_with_report"]
