"""A person as `person.json` holds one: what was not told is left out."""

from __future__ import annotations

from cleardays.plan.person import Person


def person_document(person: Person) -> dict[str, object]:
    """The keys of `person.json`; reading it gives the same person.

    >>> person_document(Person(age=40, medicines=()))
    {'age': 40, 'medicines': []}
    """
    found = _plain(person)
    assert isinstance(found, dict)
    return found


def _plain(value: object) -> object:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: _plain(inner) for key, inner in value._asdict().items() if inner is not None}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return dict(value) if isinstance(value, dict) else value
