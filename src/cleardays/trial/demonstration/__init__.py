"""Complete trials of made-up people, simulated from a truth that is declared first and told at the end.

What such a person lives is drawn here; everything after it (screening, plan, diary, review, decision) goes through
the same rooms as anybody's.
"""
