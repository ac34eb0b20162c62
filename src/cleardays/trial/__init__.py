"""One person's trial: the rooms composed. Receives records, opens nothing, reads no clock.

`review` is the whole path of the data in one place:
entries -> day records -> response -> decision.
"""
