"""The calibration study: how right the answers are on people whose truth is known.

Main nouns: `World` (how people come about), `Person` (a diary with its truth), `Answer` (what a method says of
it) and `Figure` (a score with its Monte-Carlo error). Worlds are what the model assumes and what it does not;
the methods that it is compared with are small and stand here. Everything is computed from a seed; no file is
opened. The engine is called in `engine` alone.

>>> import numpy as np
>>> from cleardays.response.study.worlds import WORLDS
>>> person = WORLDS["base"].person(np.random.default_rng(1))
>>> len(person.days.states), 0 <= person.truth.current <= 28
(112, True)
"""
