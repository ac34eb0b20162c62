"""The chain of a story: any change, gap, other order or cut shows, and digests can be worked out by hand."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.store.chain import Broken, Head, beginning, digest_of_all, follow, link_after

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=8)


def chain(person, texts):
    head, links = beginning(person), []
    for text in texts:
        links.append(link_after(head, text))
        head = Head(links[-1].seq, links[-1].digest)
    return links, head


@given(TEXTS)
def test_a_chain_as_it_was_made_holds(texts):
    links, head = chain("ada", texts)
    assert list(follow("ada", links, head)) == links
    assert head.seq == len(texts)


@given(TEXTS, st.data())
def test_any_link_that_was_changed_left_out_doubled_or_moved_breaks_it(texts, data):
    links, head = chain("ada", texts)
    at = data.draw(st.integers(0, len(links) - 1))
    each = links[at]
    changed = data.draw(
        st.sampled_from(
            [
                [*links[:at], each._replace(text=f"{each.text}."), *links[at + 1 :]],
                [*links[:at], each._replace(seq=each.seq + 1), *links[at + 1 :]],
                [*links[:at], each._replace(digest="0" * 64), *links[at + 1 :]],
                [*links[:at], each._replace(previous="0" * 64), *links[at + 1 :]],
                [*links[:at], *links[at + 1 :]],
                [*links[:at], each, each, *links[at + 1 :]],
                links[:at],
            ]
        )
    )
    with pytest.raises(Broken):
        list(follow("ada", changed, head))


@given(TEXTS)
def test_one_persons_chain_is_no_chain_of_another(texts):
    links, head = chain("ada", texts)
    with pytest.raises(Broken, match="event 1 is not what it was"):
        list(follow("eve", links, head))


def test_digests_are_as_the_reference_page_says():
    links, _ = chain("ada", ["one", "two"])
    first = sha256(f"{sha256(b'cleardays chain 1' + chr(10).encode() + b'ada').hexdigest()}\n1\none".encode()).hexdigest()
    assert [each.digest for each in links] == [first, sha256(f"{first}\n2\ntwo".encode()).hexdigest()]


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 99), max_size=5))
def test_the_digest_of_all_chains_knows_no_order_and_every_head(heads):
    told = {person: Head(seq, "a" * 64) for person, seq in heads.items()}
    whole = digest_of_all(told.items())
    assert whole == digest_of_all(reversed(told.items()))
    for person in told:
        changed = {**told, person: Head(told[person].seq + 1, "a" * 64)}
        assert digest_of_all(changed.items()) != whole
        assert digest_of_all((name, head) for name, head in told.items() if name != person) != whole
