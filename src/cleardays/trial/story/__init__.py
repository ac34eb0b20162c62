"""A person's story: everything that was ever told, in its order, and what follows from it.

Events are appended and never changed. `fold` makes a `Story` of them: the diary as it stands now, the
trials with their phases, and what was told beside them. What a store keeps is the events; all else can be
derived again.
"""
