"""The catalogue: what is known of each treatment, and by which names medicines and illnesses go.

Main nouns: `Treatment` (the facts of one), `Resolved` (what a medicine's name, class
or code stands for), `Condition` (an illness), `EffectClass`, `Entry` (one row of the
table of names). Rules of the screen are facts too; they are applied in `plan`. A name
is known for certain or not at all; nothing here guesses. Imports ground rooms only;
rooms on its floor get `find_medicine` as an argument.

>>> from cleardays.catalogue.names import find_medicine
>>> find_medicine("2x Imigran 50 mg")
Medicine(id='sumatriptan', uses=frozenset({'acute'}), acute_class='triptan')
>>> find_medicine("Imigram") is None
True
"""
