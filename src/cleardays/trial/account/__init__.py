"""What any page may say about one trial, composed once: who, the answer, the five numbers with their days, the ledger, safety.

Nothing here knows paper or screen. `account` takes a review (or none, where no day is known) and, where there are any,
the plan and the story; what nobody told is None or empty, never made up.
"""
