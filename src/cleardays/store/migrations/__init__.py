"""Every step that the tables took, oldest first; frozen as it was, so it names no table of today's code.

A new step goes into `versions`, and its number into `tables.REVISIONS`. `upgrading` runs them.
"""
