"""The plan: is a treatment safe for this person, and how would it be taken?

So far it holds the screen. Main nouns: `Person` (what was told of somebody),
`Screening` (the alerts, what is not known, the verdict). Facts and rules are the
catalogue's; here is how they are applied.

>>> from cleardays.plan.person_reading import read_person
>>> from cleardays.plan.screening import screen
>>> found = screen("propranolol", read_person({"conditions": ["asthma"], "medicines": []}))
>>> found.verdict, found.alerts[0].code
('refuse', 'contraindication.asthma')
"""
