"""The diary: what is known of each local calendar day, and nothing more.

A day is *had*, *clear* or *unknown*; a day without a record is unknown, never
clear. Main nouns: `DayRecord` (one reported day), `Diary` (the reported days of
one person), `DaySeries` (one outcome, day by day), `Window` (a stretch of days,
counted). Readers take open lines of text and collect every `Problem` they find.
Imports ground rooms only.

>>> from cleardays.diary.own_csv import read_days
>>> from cleardays.diary.outcomes import day_series
>>> diary = read_days(["date,headache", "2026-03-01,severe", "2026-03-03,clear"], "days.csv")
>>> day_series(diary, "headache_day").states
(True, None, False)
"""
