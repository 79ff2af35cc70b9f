"""The revenue forecast: what a quarter will bring, from deals as they were known, with its own past errors beside it.

Pure numpy and pandas; `forecast` and `backtest` take the frame `states` and give frames, amounts in whole paisa.
"""

from onefunnel.forecast.history import History
from onefunnel.forecast.publish import backtest, forecast
from onefunnel.forecast.quarters import Quarters, instant
from onefunnel.forecast.scores import accuracy

__all__ = ["History", "Quarters", "accuracy", "backtest", "forecast", "instant"]
