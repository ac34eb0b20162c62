"""Who may come in and what they may see, kept on both engines: nothing is given twice, nothing outlasts its end."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cleardays.problems import BadInput
from cleardays.store import Broken, Conflict, open_store
from cleardays.store.audit import Seen
from cleardays.store.copying import copy_file
from cleardays.store.exporting import export
from cleardays.store.faults import Refused, StoreFault
from cleardays.store.guards import AUDIT, guard, unguard
from cleardays.store.restoring import restore
from cleardays.store.tables_accounts import FAMILIES, ROLES
from reference.plan_files import START
from reference.stories import days

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAM, ADA = "Sam Sample", "ليلى"


@pytest.fixture
def house(store):
    """A store with two people, and an account of each role; of a person it is Sam's."""
    for person in (SAM, ADA):
        store.add_person(person)
    for role in ROLES:
        person = SAM if role == "person" else None
        store.accounts.create(role, f"{role} of the house", role, now=NOW, secret=f"$argon2id${role}", person=person)
    return store


def rows(store, asked):
    with store.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def seen(account=None, person=SAM, at=NOW, **changed):
    return Seen(at, account, "nurse", person, "read", "diary", "GET /people/{person}/diary")._replace(**changed)


# --- accounts


def test_an_account_is_found_by_its_login_however_it_is_typed_and_by_its_id(house):
    made = house.accounts.create("Dr.Ada@Clinic.example", "Dr Ada Field", "clinician", now=NOW)
    assert (made.login, made.name, made.person, made.active, made.created_at) == (
        "dr.ada@clinic.example", "Dr Ada Field", None, True, NOW,
    )  # fmt: skip
    assert house.accounts.find(" DR.ADA@clinic.EXAMPLE ") == house.accounts.get(made.id) == made
    assert house.accounts.find("somebody else") is None
    assert house.accounts.find("person").person == SAM
    assert [account.login for account in house.accounts.everybody()] == sorted([*ROLES, "dr.ada@clinic.example"])


def test_a_login_is_given_once_also_to_many_who_ask_at_once(house):
    def ask(turn):
        try:
            return house.accounts.create("Taken" if turn % 2 else "taken", f"name {turn}", "nurse", now=NOW)
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [account for account in pool.map(ask, range(16)) if account]
    assert len(made) == 1
    assert house.accounts.find("TAKEN") == made[0]


@pytest.mark.parametrize(
    ("login", "name", "role", "person"),
    [
        ("", "n", "nurse", None),
        ("a\x00b", "n", "nurse", None),
        ("x" * 121, "n", "nurse", None),
        ("clinic", "n", "nurse", None),
        ("new", "", "nurse", None),
        ("new", "n", "owner", None),
        ("new", "n", "person", None),
        ("new", "n", "nurse", SAM),
        ("new", "n", "person", "nobody"),
        ("new", "Clinician of the House", "nurse", None),  # in events the two would be one
    ],
)
def test_an_account_that_could_not_be_told_apart_or_belongs_to_nobody_is_not_made(house, login, name, role, person):
    with pytest.raises(BadInput):
        house.accounts.create(login, name, role, now=NOW, person=person)
    assert len(house.accounts.everybody()) == len(ROLES)


def test_what_proves_somebody_is_given_of_active_accounts_alone_and_never_printed(house):
    nurse = house.accounts.find("nurse")
    house.accounts.passkeys.add(nurse.id, "cred", b"\x01\x02", 0, "phone", now=NOW)
    material = house.accounts.material("Nurse")
    assert (material.account, material.secret) == (nurse, "$argon2id$nurse")
    assert [passkey.credential for passkey in material.passkeys] == ["cred"]
    assert "argon2" not in repr(material)
    assert "argon2" not in repr(nurse)
    house.accounts.set_active(nurse.id, False)
    assert house.accounts.material("nurse") is None
    assert house.accounts.material("nobody") is None


def test_another_secret_ends_every_other_session_and_a_closed_account_all_of_them(house):
    accounts, nurse = house.accounts, house.accounts.find("nurse")
    one, two = (accounts.sessions.open(nurse.id, "full", now=NOW, expires_at=NOW + DAY) for _ in range(2))
    accounts.rename(nurse.id, "Nora Nurse")
    assert accounts.get(nurse.id).name == "Nora Nurse"
    accounts.set_secret(nurse.id, "$argon2id$new", keep=one)
    assert accounts.material("nurse").secret == "$argon2id$new"
    assert accounts.sessions.find(one, now=NOW) is not None
    assert accounts.sessions.find(two, now=NOW) is None
    accounts.set_active(nurse.id, False)
    assert accounts.sessions.find(one, now=NOW) is None
    with pytest.raises(BadInput, match="active"):
        accounts.sessions.open(nurse.id, "full", now=NOW, expires_at=NOW + DAY)
    accounts.set_active(nurse.id, True)
    assert accounts.sessions.find(one, now=NOW) is None
    for change in (lambda: accounts.set_secret("a0", None), lambda: accounts.rename("a0", "x"),
                   lambda: accounts.remove("a0", now=NOW)):  # fmt: skip
        with pytest.raises(BadInput, match="no such account"):
            change()


def test_an_account_that_is_removed_sees_nothing_and_what_was_shown_to_it_stays_as_history(house):
    accounts, helper = house.accounts, house.accounts.find("helper")
    accounts.consents.give(SAM, helper.id, ["diary"], now=NOW)
    token = accounts.sessions.open(helper.id, "full", now=NOW, expires_at=NOW + DAY)
    accounts.remove(helper.id, now=NOW + HOUR)
    assert accounts.find("helper") is None
    assert accounts.sessions.find(token, now=NOW) is None
    assert [(each.shown_to, each.withdrawn_at) for each in accounts.consents.of(SAM)] == [(helper.id, NOW + HOUR)]


# --- passkeys


def test_a_passkey_whose_count_goes_back_is_told_and_one_that_counts_nothing_is_let_be(house):
    keys, nurse = house.accounts.passkeys, house.accounts.find("nurse")
    keys.add(nurse.id, "counts", b"one", 3, "phone", now=NOW)
    keys.add(nurse.id, "never", b"two", 0, "\x00", now=NOW)
    assert [keys.used("counts", count, now=NOW + HOUR) for count in (4, 4, 3, 9)] == [True, False, False, True]
    assert [keys.used("never", 0, now=NOW + HOUR) for _ in range(3)] == [True] * 3
    assert not keys.used("unknown", 1, now=NOW)
    assert (keys.find("counts").sign_count, keys.find("counts").used_at) == (9, NOW + HOUR)
    assert [(key.label, key.public_key) for key in keys.of(nurse.id)] == [("phone", b"one"), ("passkey", b"two")]
    with pytest.raises(Conflict):
        keys.add(house.accounts.find("keeper").id, "counts", b"x", 0, "x", now=NOW)
    with pytest.raises(BadInput, match="no such account"):
        keys.add("a0", "other", b"x", 0, "x", now=NOW)
    assert not keys.remove(house.accounts.find("keeper").id, "counts")
    assert keys.remove(nurse.id, "counts")
    assert keys.find("counts") is None


# --- sessions


def test_a_session_stands_until_its_end_or_until_it_is_closed_and_its_token_is_kept_nowhere(house):
    sessions, nurse = house.accounts.sessions, house.accounts.find("nurse")
    token = sessions.open(nurse.id, "add-only", now=NOW, expires_at=NOW + HOUR)
    found = sessions.find(token, now=NOW)
    assert (found.account, found.kind, found.created_at, found.expires_at) == (nurse.id, "add-only", NOW, NOW + HOUR)
    assert not [row for row in rows(house, "SELECT * FROM session") if token in row]
    assert sessions.find(token, now=NOW + HOUR) is None
    assert sessions.find(f"{token}x", now=NOW) is sessions.find("", now=NOW) is None
    sessions.touch(token, now=NOW + HOUR / 2, expires_at=NOW + 2 * HOUR)
    assert sessions.find(token, now=NOW + HOUR).seen_at == NOW + HOUR / 2
    sessions.touch(token, now=NOW + HOUR / 2 + timedelta(seconds=59))
    assert sessions.find(token, now=NOW + HOUR).seen_at == NOW + HOUR / 2
    sessions.touch(token, now=NOW + 3 * HOUR, expires_at=NOW + DAY)  # what is over is not woken
    assert sessions.find(token, now=NOW + 3 * HOUR) is None
    assert sessions.close(token)
    assert not sessions.close(token)
    with pytest.raises(BadInput, match="no kind of session"):
        sessions.open(nurse.id, "some", now=NOW, expires_at=NOW + DAY)


def test_all_sessions_of_an_account_end_together_but_the_one_that_asks_and_those_over_are_cleared(house):
    sessions, nurse, keeper = house.accounts.sessions, house.accounts.find("nurse"), house.accounts.find("keeper")
    tokens = [sessions.open(nurse.id, "full", now=NOW + n * HOUR, expires_at=NOW + DAY) for n in range(3)]
    others = sessions.open(keeper.id, "full", now=NOW, expires_at=NOW + HOUR)
    assert [each.seen_at for each in sessions.of(nurse.id, now=NOW)] == [NOW + n * HOUR for n in (2, 1, 0)]
    assert sessions.close_all(nurse.id, keep=tokens[1]) == 2
    (left,) = sessions.of(nurse.id, now=NOW)
    assert left == sessions.find(tokens[1], now=NOW)
    assert sessions.purge(now=NOW + HOUR) == 1
    assert sessions.find(others, now=NOW) is None
    assert sessions.close_one(left.id)
    assert sessions.close_all(nurse.id) == 0


# --- consents


def test_what_is_shown_is_what_stands_now_and_all_that_was_given_stays_as_history(house):
    consents, helper = house.accounts.consents, house.accounts.find("helper")
    clinician, nurse = house.accounts.find("clinician"), house.accounts.find("nurse")
    consents.give(SAM, "clinic", ["diary", "plan"], now=NOW, until=NOW + DAY)
    consents.give(SAM, helper.id, ["diary"], now=NOW)
    consents.give(ADA, nurse.id, ["answer"], now=NOW)
    assert consents.shown_to(clinician, now=NOW) == {SAM: {"diary", "plan"}}
    assert consents.shown_to(nurse, now=NOW) == {SAM: {"diary", "plan"}, ADA: {"answer"}}
    assert consents.shown_to(nurse, now=NOW, person=ADA) == {ADA: {"answer"}}
    assert consents.shown_to(helper, now=NOW) == {SAM: {"diary"}}
    assert consents.shown_to(nurse, now=NOW + DAY) == {ADA: {"answer"}}
    assert consents.shown_to(nurse, now=NOW - DAY) == {}
    for role in ("person", "researcher", "keeper"):
        assert consents.shown_to(house.accounts.find(role), now=NOW) == {}
    consents.give(SAM, "clinic", ["diary"], now=NOW + HOUR)
    assert consents.withdraw(SAM, "clinic", ["plan", "recovery"], now=NOW + 2 * HOUR) == 1
    assert consents.shown_to(clinician, now=NOW + 2 * DAY) == {SAM: {"diary"}}
    told = [(each.shown_to, each.family, each.stands(NOW + 3 * HOUR)) for each in consents.of(SAM)]
    stands = [("clinic", "diary", False), ("clinic", "plan", False), (helper.id, "diary", True), ("clinic", "diary", True)]
    assert sorted(told) == sorted(stands)
    assert consents.withdraw(SAM, helper.id, now=NOW + HOUR) == 1
    assert consents.shown_to(helper, now=NOW + HOUR) == {}
    house.accounts.set_active(nurse.id, False)
    assert consents.shown_to(house.accounts.get(nurse.id), now=NOW) == {}


def test_consent_to_nobody_of_nobody_to_nothing_or_after_its_end_is_refused(house):
    consents = house.accounts.consents
    for receiver in ("a0", house.accounts.find("researcher").id, house.accounts.find("keeper").id, ""):
        with pytest.raises(BadInput, match="no such account"):
            consents.give(SAM, receiver, ["diary"], now=NOW)
    for person, families, until in (("eve", ["diary"], None), (SAM, [], None), (SAM, ["all"], None), (SAM, ["plan"], NOW)):
        with pytest.raises(BadInput):
            consents.give(person, "clinic", families, now=NOW, until=until)
    assert consents.of(SAM) == ()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["give", "until", "withdraw"]), st.sets(st.sampled_from(FAMILIES), min_size=1)), max_size=8
    )
)
def test_however_consent_was_given_and_taken_back_it_shows_what_was_said_last(house, said):
    consents, nurse = house.accounts.consents, house.accounts.find("nurse")
    person = f"person {len(house.people())}"
    house.add_person(person)
    standing, at = set(), NOW
    for what, families in said:
        at += HOUR
        if what == "withdraw":
            consents.withdraw(person, "clinic", families, now=at)
        else:
            consents.give(person, "clinic", families, now=at, until=at + HOUR / 2 if what == "until" else None)
        standing = standing | families if what == "give" else standing - families
    assert consents.shown_to(nurse, now=at + HOUR).get(person, frozenset()) == standing
    assert {each.family for each in consents.of(person) if each.stands(at + HOUR)} == standing


def test_two_who_give_and_take_the_same_consent_at_once_leave_one_that_stands(house):
    consents = house.accounts.consents

    def turn(n):
        consents.give(SAM, "clinic", FAMILIES, now=NOW + timedelta(seconds=n))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(turn, range(18)))
    assert rows(house, "SELECT family, count(*) FROM consent WHERE withdrawn_at IS NULL GROUP BY family ORDER BY family") == [
        (family, 1) for family in sorted(FAMILIES)
    ]
    assert len(consents.of(SAM)) == 18 * len(FAMILIES)


# --- links


def test_a_link_does_its_one_thing_once_for_the_first_of_many_who_try(house):
    links, clinician = house.accounts.links, house.accounts.find("clinician")
    body = {"plan": "lamotrigine", "digest": "ab" * 32}
    token = links.make("confirm-plan", body, now=NOW, expires_at=NOW + HOUR, person=SAM, made_by=clinician.id)
    looked = links.look(token, now=NOW)
    assert (looked.purpose, looked.person, looked.body, looked.made_by) == ("confirm-plan", SAM, body, clinician.id)
    assert links.look(token, now=NOW, purpose="sign-in") is links.use(token, now=NOW, purpose="sign-in") is None
    with ThreadPoolExecutor(8) as pool:
        used = [
            link for link in pool.map(lambda _: links.use(token, now=NOW + HOUR / 2, purpose="confirm-plan"), range(12)) if link
        ]
    assert [(link.body, link.used_at) for link in used] == [(body, NOW + HOUR / 2)]
    assert links.look(token, now=NOW) is None
    (given_out,) = links.of(SAM)
    assert (given_out.purpose, given_out.used_at) == ("confirm-plan", NOW + HOUR / 2)


def test_a_link_that_is_over_taken_back_or_guessed_does_nothing_and_cannot_be_opened_by_who_has_the_database(house):
    links = house.accounts.links
    token = links.make("come-in", {"note": "a secret of health"}, now=NOW, expires_at=NOW + HOUR, person=SAM)
    assert links.use(token, now=NOW + HOUR) is None
    assert links.use(f"{token[:-1]}x", now=NOW) is None
    (row,) = rows(house, "SELECT * FROM link")
    assert "secret" not in str(row)
    assert token not in row
    assert links.take_back(links.of(SAM)[0].id)
    assert links.use(token, now=NOW) is None
    links.make("come-in", {}, now=NOW, expires_at=NOW + HOUR)
    assert links.purge(now=NOW + HOUR) == 1
    for purpose, ends, person in (
        ("", HOUR, None),
        ("Two words", HOUR, None),
        ("come-in", -HOUR, None),
        ("come-in", HOUR, "eve"),
    ):
        with pytest.raises(BadInput):
            links.make(purpose, {}, now=NOW, expires_at=NOW + ends, person=person)


# --- the audit


def test_the_audit_tells_who_looked_at_what_newest_first_by_person_and_by_account(house):
    audit, nurse, keeper = house.accounts.audit, house.accounts.find("nurse").id, house.accounts.find("keeper").id
    audit.add(seen(nurse))
    audit.add([seen(keeper, person=None, about="house"), seen(nurse, person=ADA, at=NOW + HOUR)])
    assert [(kept.seq, kept.seen.person) for kept in audit.latest()] == [(3, ADA), (2, None), (1, SAM)]
    assert [kept.seen for kept in audit.of_person(SAM)] == [seen(nurse)]
    assert [kept.seq for kept in audit.of_account(nurse)] == [3, 1]
    assert [kept.seq for kept in audit.of_account(nurse, before=3)] == [1]
    assert [kept.seq for kept in audit.latest(most=1)] == [3]
    assert audit.verify().seq == 3
    assert audit.add([]) == audit.verify()


def test_of_many_who_look_at_once_each_has_its_place_in_one_chain(house):
    nurse = house.accounts.find("nurse").id
    with ThreadPoolExecutor(8) as pool:
        heads = list(pool.map(lambda n: house.accounts.audit.add(seen(nurse, at=NOW + n * HOUR)), range(40)))
    assert sorted(head.seq for head in heads) == list(range(1, 41))
    assert house.accounts.audit.verify().seq == 40


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET act = 'change' WHERE seq = 2",
        "UPDATE audit SET person = NULL WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "UPDATE audit_head SET seq = 2",
        "DELETE FROM audit_head",
    ],
)
def test_what_was_looked_at_cannot_be_changed_and_where_it_was_by_force_it_shows(house, change):
    for _ in range(3):
        house.accounts.audit.add(seen())
    if "audit_head" not in change:
        with pytest.raises(StoreFault, match="never changed or deleted"), house.database.writing() as connection:
            connection.execute(text(change))
        assert house.accounts.audit.verify().seq == 3
    with house.database.writing() as connection:
        unguard(connection, AUDIT)
        connection.execute(text(change))
        guard(connection, AUDIT)
    with pytest.raises(Broken, match="the chain breaks"):
        house.accounts.audit.verify()


@pytest.mark.parametrize(
    "changed",
    [{"act": ""}, {"endpoint": "what Sam wrote in the note"}, {"about": "migräne"}, {"account": "nurse"}, {"person": "eve"}],
)
def test_words_of_people_do_not_get_into_the_audit(house, changed):
    with pytest.raises(BadInput):
        house.accounts.audit.add([seen(), seen(**changed)])
    assert house.accounts.audit.latest() == ()


# --- together with the rest of the store


def test_who_is_erased_is_in_no_account_consent_or_link_and_in_the_audit_by_the_id_alone(house):
    accounts, own, helper = house.accounts, house.accounts.find("person"), house.accounts.find("helper")
    accounts.passkeys.add(own.id, "cred", b"x", 0, "phone", now=NOW)
    token = accounts.sessions.open(own.id, "full", now=NOW, expires_at=NOW + DAY)
    for person in (SAM, ADA):
        accounts.consents.give(person, helper.id, FAMILIES, now=NOW)
        accounts.links.make("look", {"of": person}, now=NOW, expires_at=NOW + DAY, person=person)
    accounts.audit.add([seen(helper.id), seen(own.id), seen(helper.id, person=ADA)])
    house.append(SAM, days(START, "X0"))
    head, who = accounts.audit.verify(), house.known(SAM).id
    assert house.erase(SAM).swept
    assert accounts.find("person") is accounts.sessions.find(token, now=NOW) is accounts.passkeys.find("cred") is None
    assert accounts.consents.shown_to(helper, now=NOW) == {ADA: set(FAMILIES)}
    for table in ("account", "passkey", "session", "consent", "link"):
        assert not [row for row in rows(house, f"SELECT * FROM {table}") if who in row or own.id in row or SAM in row]
    assert accounts.audit.verify() == head
    assert [kept.seen.person for kept in accounts.audit.latest()] == [ADA, who, who]
    assert len(accounts.audit.of_person(who)) == 2


@pytest.mark.parametrize("kind", ["copy", "export"])
def test_a_backup_brings_accounts_consents_and_the_audit_into_a_store_that_has_none_and_never_over_others(
    house, tmp_path, kind
):
    accounts, nurse = house.accounts, house.accounts.find("nurse")
    accounts.passkeys.add(nurse.id, "cred", b"\x00\xff", 7, "phone", now=NOW)
    accounts.consents.give(SAM, "clinic", FAMILIES, now=NOW)
    accounts.consents.give(ADA, nurse.id, ["diary"], now=NOW)
    accounts.audit.add([seen(nurse.id), seen(nurse.id, person=ADA)])
    token = accounts.sessions.open(nurse.id, "full", now=NOW, expires_at=NOW + DAY)
    backup = tmp_path / "backup"
    (copy_file if kind == "copy" and house.database.place.file else export)(house.database, backup)
    with open_store(tmp_path / "other.sqlite3") as other:
        other.add_person("Eve")
        eve = other.known("Eve").id
        other.erase("Eve")
        restore(other.database, backup, replace=True)
        assert other.accounts.everybody() == accounts.everybody()
        assert other.accounts.material("nurse") == accounts.material("nurse")
        assert other.accounts.consents.of(SAM) == accounts.consents.of(SAM)
        assert other.accounts.consents.shown_to(nurse, now=NOW) == accounts.consents.shown_to(nurse, now=NOW)
        assert other.accounts.audit.latest() == accounts.audit.latest()
        assert other.accounts.audit.verify() == accounts.audit.verify()
        assert other.accounts.sessions.find(token, now=NOW) is None
        assert eve not in str(other.accounts.everybody())
        other.erase(SAM)
        other.accounts.set_secret(nurse.id, "$argon2id$mine")
        restore(other.database, backup, replace=True)
        assert other.accounts.material("nurse").secret == "$argon2id$mine"
        assert other.accounts.find("person") is None
        assert other.people() == (ADA,)


def test_a_backup_whose_accounts_were_changed_by_hand_is_not_taken(house, tmp_path):
    house.accounts.audit.add(seen())
    export(house.database, tmp_path / "backup")
    lines = (tmp_path / "backup").read_text().splitlines(keepends=True)
    of_accounts = [n for n, line in enumerate(lines) if '"row"' in line]
    assert len(of_accounts) == len(ROLES) + 2
    for n in of_accounts:
        another = re.sub(r'"(?:role|digest)":"(.)', lambda found: found[0][:-1] + ("1" if found[1] == "0" else "0"), lines[n])
        for changed in ([], [another], [lines[n], lines[n]]):
            (tmp_path / "bad").write_text("".join([*lines[:n], *changed, *lines[n + 1 :]]))
            with open_store(tmp_path / "other.sqlite3") as other:
                with pytest.raises(BadInput):
                    restore(other.database, tmp_path / "bad")
                assert other.people() == other.accounts.everybody() == ()


def test_accounts_are_there_when_the_store_is_opened_again(store_place):
    with open_store(store_place) as store:
        made = store.accounts.create("nora", "Nora", "nurse", now=NOW)
        token = store.accounts.sessions.open(made.id, "full", now=NOW, expires_at=NOW + DAY)
    with open_store(store_place, create=False) as store:
        assert store.accounts.find("nora") == made
        assert store.accounts.sessions.find(token, now=NOW).account == made.id


def test_the_database_itself_refuses_a_role_a_family_or_a_kind_that_there_is_not(house):
    nurse = house.accounts.find("nurse").id
    house.accounts.consents.give(SAM, "clinic", ["diary"], now=NOW)
    house.accounts.sessions.open(nurse, "full", now=NOW, expires_at=NOW + DAY)
    for change in ("UPDATE account SET role = 'god'", "UPDATE consent SET family = 'all'", "UPDATE session SET kind = 'root'"):
        with pytest.raises(Refused), house.database.writing() as connection:
            connection.execute(text(change))
