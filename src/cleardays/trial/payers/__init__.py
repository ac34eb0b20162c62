"""What payers and societies ask for, held against one person's diary: met, not met, not yet, or nobody can tell.

The rules are data, one file a payer with its source and date (`data/*.toml`); here is how each kind of rule is judged.
Nothing is sent to anybody: a page is made, with every day it rests on, for a clinician to read and to sign.

>>> from cleardays.trial.payers.packs import find_pack
>>> find_pack("nice-ta260").name
'NICE TA260'
"""
