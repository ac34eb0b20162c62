"""Parts of benchmarks/forecasting.py: the diaries, the forecasters and their scores."""
