"""From the arms of trials to what one person may expect before the diary."""
