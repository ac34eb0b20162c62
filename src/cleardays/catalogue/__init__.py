"""The catalogue: what is known of each treatment, and by which names medicines go.

So far it holds the table of medicine names. Main nouns: `Entry` (one row of the
table), `Medicine` (what a name stands for, a ground noun). A name is known for
certain or not at all; nothing here guesses. Imports ground rooms only; rooms on
its floor get `find_medicine` as an argument.

>>> from cleardays.catalogue.names import find_medicine
>>> find_medicine("2x Imigran 50 mg")
Medicine(id='sumatriptan', uses=frozenset({'acute'}), acute_class='triptan')
>>> find_medicine("Imigram") is None
True
"""
