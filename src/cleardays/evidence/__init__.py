"""What studies found: their figures, pooled effects, and what a person may expect before the diary."""
