"""cleardays: did a preventive treatment work for this person?

The package runs the supervised, individual trial of a preventive treatment: it
reads a diary in which every day is *had*, *clear* or *unknown*, fits a model of
that one diary, and answers with probabilities and intervals. It informs; it
never prescribes.

>>> import cleardays
>>> cleardays.__version__
'0.1.0'
"""

from __future__ import annotations

# A constant, not importlib.metadata: `cleardays --version` must answer at once.
__version__ = "0.1.0"
