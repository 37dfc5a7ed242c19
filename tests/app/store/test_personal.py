"""Personal content in the file: sealed, found by what is typed, and gone when it is forgotten."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from app.errors import UserError
from app.records import (
    Changes,
    Customer,
    CustomerDocument,
    CustomerNumber,
    DeliveryState,
    InboxEvent,
    InboxState,
    NodeId,
    System,
    Trust,
)
from app.store import Store, customers, deliveries, documents, forgetting, inbox_events, memory, threads
from app.store.fulltext import FullText
from app.store.personal import PersonalKey
from app.store.schema import CUSTOMER_WORDS, DOCUMENT_WORDS
from tests.app.store.assets_made import NOW
from tests.app.use_cases.people import INES, RENEWAL, claim

KEY = PersonalKey(b"0123456789abcdef0123456789abcdef")
OTHER = PersonalKey(b"fedcba9876543210fedcba9876543210")
PLANTED = ("Caronplanted", "Letterplanted", "Bodyplanted")
"""Words that stand in a customer's name, a document's name and an event's bytes."""
WHO = replace(INES, name="Ines Caronplanted")
WHAT = replace(RENEWAL, name="Letterplanted for Ines.pdf")


def arrived(raw: bytes = b'{"to": "Bodyplanted"}') -> InboxEvent:
    """An event that came in."""
    return InboxEvent(
        id="gateway/1",
        source="gateway",
        type="delivery",
        about="S-1",
        received_at=NOW,
        occurred_at=None,
        trust=Trust.VERIFIED,
        state=InboxState.DONE,
        sentence="",
        raw=raw,
        media_type="application/json",
    )


def fill(db: Database) -> Changes:
    """A customer with a document, what became of it, and the event that told so."""
    customers.upsert(db, [WHO], now=NOW)
    documents.replace_of_customer(db, WHO.number, [WHAT])
    deliveries.fold(db, [claim(DeliveryState.DELIVERED)])
    inbox_events.record(db, [arrived()])
    return Changes()


def found_in(folder: Path) -> list[str]:
    """The planted words that stand anywhere below ``folder``."""
    everything = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    return [word for word in PLANTED if word.encode() in everything or word.lower().encode() in everything]


def test_nothing_personal_can_be_read_in_the_file(tmp_path: Path) -> None:
    """A stolen laptop would be a leak of every customer."""
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
        open_, customer = found_in(tmp_path), asyncio.run(store.read(customers.find, WHO.number))

    assert customer == WHO
    assert open_ == []
    assert found_in(tmp_path) == []


def test_it_is_all_there_after_a_restart_with_the_same_key(tmp_path: Path) -> None:
    """Working offline would end each evening."""
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))

    with Store.open(tmp_path, personal=KEY) as again:
        customer = asyncio.run(again.read(customers.find, WHO.number))
        document = asyncio.run(again.read(documents.find, WHAT.node))
        event = asyncio.run(again.read(inbox_events.find, "gateway/1"))

    assert (customer, document, event) == (WHO, WHAT, arrived())


def test_a_session_without_the_lasting_key_takes_nothing_away(tmp_path: Path) -> None:
    """A keyring that is locked one morning would cost every customer, and working offline with them."""
    passing = PersonalKey.generate()
    told_meanwhile = replace(INES, number=CustomerNumber("HM-9"))
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
    with Store.open(tmp_path, personal=passing) as locked:
        meanwhile = asyncio.run(locked.read(customers.search, WHO.number))
        held = asyncio.run(locked.read(documents.of_customer, WHO.number))
        asyncio.run(locked.write(customers.upsert, [told_meanwhile], now=NOW))
        seen = asyncio.run(locked.read(customers.search, ""))

    with Store.open(tmp_path, personal=KEY) as again:
        customers_after = asyncio.run(again.read(customers.search, ""))
        documents_after = asyncio.run(again.read(documents.of_customer, WHO.number))
        asyncio.run(again.write(CUSTOMER_WORDS.check))

    assert (meanwhile, held, seen) == ((), (), (told_meanwhile,))
    assert (customers_after, documents_after) == ((WHO,), (WHAT,))


def test_a_change_of_keys_that_breaks_off_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the tables would be empty, and the old key be known as the one that sealed the rest."""
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))

    def breaks(words: FullText, _db: Database) -> None:
        if words is DOCUMENT_WORDS:
            raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(FullText, "clear", breaks)
        with pytest.raises(RuntimeError, match="the power went"):
            Store.open(tmp_path, personal=OTHER)

    with Store.open(tmp_path, personal=KEY) as again:
        customer = asyncio.run(again.read(customers.find, WHO.number))
        held = asyncio.run(again.read(documents.of_customer, WHO.number))
    assert (customer, held) == (WHO, (WHAT,))


def test_with_another_key_customers_are_told_again_and_events_wait_for_their_own(tmp_path: Path) -> None:
    """A keyring that is locked for a day would break the desk, or cost the events for ever."""
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
    with Store.open(tmp_path, personal=OTHER) as other:
        meanwhile = asyncio.run(other.read(customers.search, ""))
        unreadable = asyncio.run(other.read(inbox_events.find, "gateway/1"))
        asyncio.run(other.write(customers.upsert, [WHO], now=NOW))

    with Store.open(tmp_path, personal=KEY) as again:
        event = asyncio.run(again.read(inbox_events.find, "gateway/1"))
        asyncio.run(again.write(CUSTOMER_WORDS.check))
        asyncio.run(again.write(DOCUMENT_WORDS.check))

    assert meanwhile == ()
    assert unreadable == arrived(b"")
    assert event == arrived()


def test_without_a_key_nothing_personal_outlives_the_desk(tmp_path: Path) -> None:
    """Where no keyring keeps the key, a forgotten file would keep the customers."""
    with Store.open(tmp_path) as store:
        asyncio.run(store.write(fill))
        there = asyncio.run(store.read(customers.find, WHO.number))

    with Store.open(tmp_path) as again:
        left = asyncio.run(again.read(customers.find, WHO.number))

    assert there == WHO
    assert left is None


@pytest.mark.parametrize(
    ("listed_after", "kept_until", "is_kept"),
    [(0, 40, True), (31, 29, False), (31, -1, True)],
    ids=["told just now", "gone for long", "gone since yesterday"],
)
def test_only_who_is_gone_from_the_archive_is_forgotten_in_time(
    tmp_path: Path, listed_after: int, kept_until: int, is_kept: bool
) -> None:
    """People who left years ago would still be in the cache, or a month's holiday would cost every customer."""
    listed_at, before = NOW + timedelta(days=listed_after), NOW + timedelta(days=kept_until)
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))

        gone = asyncio.run(store.read(forgetting.untold_customers, listed_at=listed_at, before=before))
        asyncio.run(store.purge(forgetting.forget_customers, gone))

        customer = asyncio.run(store.read(customers.find, WHO.number))
        held = asyncio.run(store.read(documents.of_customer, WHO.number))
        timeline = asyncio.run(store.read(deliveries.timeline, WHO.number))
    assert (customer is not None, bool(held), bool(timeline)) == (is_kept, is_kept, is_kept)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_bytes_of_old_events_are_forgotten_and_their_meaning_stays(tmp_path: Path, days: int) -> None:
    """Letters that bounced years ago would lie there whole."""
    before = NOW + timedelta(days=days)
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
        had = asyncio.run(store.read(forgetting.has_bytes, before=before))

        asyncio.run(store.purge(forgetting.empty_events, before=before))

        event = asyncio.run(store.read(inbox_events.find, "gateway/1"))
        has = asyncio.run(store.read(forgetting.has_bytes, before=before))
    assert event == arrived(b"" if days > 0 else arrived().raw)
    assert (had, has) == (days > 0, False)


@pytest.mark.parametrize("name", ["Bo Li", "山田 太郎", "陳 怡君", "Ines Caron"])
def test_what_was_typed_to_find_somebody_is_forgotten_with_them(tmp_path: Path, name: str) -> None:
    """A name of two letters would go on standing in a filter for as long as the profile is used."""
    who = replace(WHO, name=name)
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(customers.upsert, [who], now=NOW))
        asyncio.run(store.write(memory.remember, "filter", f"{name}?"))
        asyncio.run(store.write(memory.remember, "window", "Bologna"))

        asyncio.run(store.purge(forgetting.forget_customers, [who.number]))

        kept = asyncio.run(store.read(memory.everything))
    assert kept == {"window": "Bologna"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zoë Müller", "muller"),
        ("Zoë Müller", unicodedata.normalize("NFD", "müller")),
        (unicodedata.normalize("NFD", "Zoë Müller"), "MÜLLER bounced"),
        ("Jürgen Strauß", "STRAUSS"),
        ("Florentina Zwölfboten", "zwoelf zwölfbo"),
        ('Ada "Nessa" O’Brien', '"nessa"'),
        ("山田太郎", "山田"),
    ],
)
def test_a_name_is_forgotten_however_it_was_typed(tmp_path: Path, name: str, typed: str) -> None:
    """Whoever looks for Müller types muller, or no more than the half of it."""
    who = replace(WHO, name=name)
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(customers.upsert, [who], now=NOW))
        asyncio.run(store.write(memory.remember, "inbox/filter", [typed, "all"]))
        asyncio.run(store.write(memory.remember, "page", "support"))

        asyncio.run(store.purge(forgetting.forget_customers, [who.number]))

        kept = asyncio.run(store.read(memory.everything))
    assert kept == {"page": "support"}


@pytest.mark.parametrize("state", [InboxState.REFUSED, InboxState.FAILED])
@pytest.mark.parametrize("names", [WHO.number, "S-1"], ids=["the customer", "a communication"])
def test_events_that_were_not_believed_or_not_understood_forget_too(
    tmp_path: Path, state: InboxState, names: str
) -> None:
    """An address in a forged bounce would outlive the customer, for nobody knows that it is about them."""
    unread = replace(arrived(b'{"about": "%s", "to": "Bodyplanted"}' % names.encode()), about="", state=state)
    others = replace(arrived(b'{"about": "HM-999999"}'), id="gateway/2", about="", state=state)
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(deliveries.fold, [claim(DeliveryState.ACCEPTED)]))
        asyncio.run(store.write(inbox_events.record, [unread, others]))

        asyncio.run(store.purge(forgetting.forget_customers, [WHO.number]))

        left = {event.id: event.raw for event in asyncio.run(store.read(inbox_events.newest))}
        whole = asyncio.run(store.read(inbox_events.find, "gateway/2"))
        emptied = asyncio.run(store.read(inbox_events.find, "gateway/1"))
    assert set(left) == {"gateway/1", "gateway/2"}
    assert whole is not None
    assert whole.raw == others.raw
    assert emptied is not None
    assert emptied.raw == b""


def test_what_others_pushed_outlives_a_removed_composer(tmp_path: Path) -> None:
    """The gateway's word on a letter comes once: nobody could tell it again."""
    accepted = claim(DeliveryState.ACCEPTED)
    bounced = replace(claim(DeliveryState.BOUNCED, at=NOW + timedelta(hours=1)), source="gateway")
    elsewhere = replace(claim(DeliveryState.ACCEPTED, communication="S-2"), id="e")
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
        asyncio.run(store.write(inbox_events.record, [replace(arrived(), id="Exstream/1", source="Exstream")]))
        asyncio.run(store.write(deliveries.fold, [accepted, bounced, elsewhere]))

        asyncio.run(store.purge(forgetting.forget_system, System.EXSTREAM))

        events = asyncio.run(store.read(deliveries.events_of, "S-1"))
        stands = asyncio.run(store.read(deliveries.standings, WHO.number))
        inbox = asyncio.run(store.read(inbox_events.newest))
    assert [event.source for event in events] == ["gateway"]
    assert [(each.communication, each.state) for each in stands] == [("S-1", DeliveryState.BOUNCED)]
    assert [event.source for event in inbox] == ["gateway"]


def test_a_removed_system_leaves_nothing_of_what_it_told(tmp_path: Path) -> None:
    """Signing out would leave everybody's data behind."""
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))

        asyncio.run(store.purge(forgetting.forget_system, System.EXTENDED_ECM))
        asyncio.run(store.purge(forgetting.forget_system, System.EXSTREAM))

        assert asyncio.run(store.read(customers.search, "")) == ()
        assert asyncio.run(store.read(deliveries.timeline, WHO.number)) == ()
        asyncio.run(store.write(CUSTOMER_WORDS.check))
        asyncio.run(store.write(DOCUMENT_WORDS.check))


def test_a_purge_leaves_no_sealed_byte_either(tmp_path: Path) -> None:
    """Whoever gets the key later would read what was forgotten, out of the journal, the index or an old copy."""
    (tmp_path / "backups").mkdir()
    copies = ("backups/store-20260101T000000Z-before-m0003.sqlite", "store.damaged-20260101T000000Z.sqlite-wal")
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
        with closing(sqlite3.connect(tmp_path / "store.sqlite")) as file:
            sealed, tokens = file.execute("SELECT record, name_tokens FROM customers").fetchone()
        for copy in copies:
            (tmp_path / copy).write_bytes(sealed)

        asyncio.run(store.purge(forgetting.forget_customers, [WHO.number]))

        left = b"".join(file.read_bytes() for file in tmp_path.rglob("store*") if file.is_file())
    shortest = min(tokens.split(), key=len).removeprefix("\ue000").encode()
    assert sealed not in left
    assert b"204881" not in left
    assert shortest[3:] not in left


_KILLED_IN_A_PURGE = """
import asyncio, os, signal, sys
from pathlib import Path
from app.store import Store, forgetting, opening
from tests.app.store.test_personal import KEY, WHO, fill

folder = Path(sys.argv[1])
with Store.open(folder, personal=KEY) as store:
    asyncio.run(store.write(fill))
(folder / "backups").mkdir()
copy = folder / "backups" / "store-20260101T000000Z-before-m0003_personal_content_sealed.sqlite"
copy.write_bytes(WHO.name.encode())
opening.drop_copies = lambda path: os.kill(os.getpid(), signal.SIGKILL)
with Store.open(folder, personal=KEY) as store:
    asyncio.run(store.purge(forgetting.forget_customers, [WHO.number]))
"""


def test_a_purge_that_is_killed_is_finished_at_the_next_start(tmp_path: Path) -> None:
    """The customer is not found any more, so nobody forgets them a second time, and every copy still names them."""
    killed = subprocess.run([sys.executable, "-c", _KILLED_IN_A_PURGE, str(tmp_path)], check=False, timeout=60)

    with Store.open(tmp_path, personal=KEY):
        pass

    assert killed.returncode == -signal.SIGKILL
    assert list((tmp_path / "backups").iterdir()) == []
    assert not list(tmp_path.glob("*.purging"))


def test_a_purge_beside_a_reader_says_what_it_could_not_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup program would keep what was forgotten in the journal, and nobody would know."""
    monkeypatch.setattr(threads, "BUSY_S", 0.01)
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))
        with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            (sealed,) = reader.execute("SELECT record FROM customers").fetchone()
            with pytest.raises(UserError, match="another program is reading it"):
                asyncio.run(store.purge(forgetting.forget_customers, [WHO.number]))

        asyncio.run(store.purge(forgetting.forget_customers, [WHO.number]))
        left = b"".join(file.read_bytes() for file in tmp_path.rglob("store*") if file.is_file())
    assert sealed not in left


def test_a_purge_beside_a_reader_is_finished_at_the_start_that_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that is closed while a backup runs would forget that it has something to forget."""
    monkeypatch.setattr(threads, "BUSY_S", 0.01)
    marks, lengths = list[bool](), list[int]()
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as reader:
        with Store.open(tmp_path, personal=KEY) as store:
            asyncio.run(store.write(fill))
            reader.execute("BEGIN")
            (sealed,) = reader.execute("SELECT record FROM customers").fetchone()
            with pytest.raises(UserError, match="another program is reading it"):
                asyncio.run(store.purge(forgetting.forget_customers, [WHO.number]))
        for ends in (lambda: None, lambda: reader.execute("ROLLBACK")):
            ends()
            with Store.open(tmp_path, personal=KEY):
                marks.append(bool(list(tmp_path.glob("*.purging"))))
                left = b"".join(file.read_bytes() for file in tmp_path.rglob("store*") if file.is_file())
                lengths.append(left.count(sealed))

    assert lengths[0] > 0
    assert lengths[1] == 0
    assert marks == [True, False]


def test_a_copy_that_becomes_whole_during_a_purge_goes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy of the day would name for three days who was forgotten, and whoever restores it brings them back."""
    begun = tmp_path / "backups" / "ledger-20260512T090000Z-daily.part"
    unlink = Path.unlink

    def whole_first(path: Path, *, missing_ok: bool = False) -> None:
        if path == begun and begun.exists():
            begun.rename(begun.with_suffix(".sqlite"))
        unlink(path, missing_ok=missing_ok)

    with Store.open(tmp_path, personal=KEY) as store:
        begun.parent.mkdir()
        begun.write_bytes(b"HM-204881")
        monkeypatch.setattr(Path, "unlink", whole_first)

        asyncio.run(store.purge_ledger(lambda _db: None))

    assert list(begun.parent.iterdir()) == []


def test_a_copy_that_cannot_be_deleted_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting would end for the whole session, without a word."""

    def refuses(_path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, f"Permission denied ({missing_ok})")

    with Store.open(tmp_path, personal=KEY) as store:
        (tmp_path / "store.damaged-20260101T000000Z.sqlite").touch()
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuses)
            with pytest.raises(UserError, match="cannot be written: Permission denied"):
                asyncio.run(store.purge(forgetting.forget_customers, []))


def test_a_sealed_record_cannot_be_read_or_changed_without_the_key() -> None:
    """A changed consent would be believed."""
    sealed = KEY.seal(b"consent: withdrawn")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])

    assert KEY.unseal(sealed) == b"consent: withdrawn"
    assert [OTHER.unseal(sealed), KEY.unseal(changed), KEY.unseal(b""), KEY.unseal(sealed[:5])] == [None] * 4
    assert KEY.seal(b"consent: withdrawn") != sealed


def test_a_key_never_shows_itself() -> None:
    """It would stand in a traceback."""
    assert "0123456789abcdef" not in repr(KEY)
    assert KEY.as_text() not in repr(KEY)
    assert PersonalKey.from_text(KEY.as_text()).fingerprint == KEY.fingerprint != OTHER.fingerprint


@pytest.mark.parametrize("text", ["", "short", "ä" * 44, "!" * 44])
def test_what_is_no_key_is_refused(text: str) -> None:
    """A cut secret would seal with something that nobody has."""
    with pytest.raises(ValueError, match="personal key"):
        PersonalKey.from_text(text)


NAMES = st.lists(
    st.sampled_from(["Inès", "ines", "Caron", "O'Brien", "de la Cruz", "محمد", "Müller-Lüd", "Ng", "İnci", "ß"]),
    min_size=1,
    max_size=3,
).map(" ".join)


def folded(text: str) -> list[str]:
    """The words of ``text`` as a person compares them."""
    plain = "".join(each for each in normalize("NFKD", text.casefold()) if not combining(each))
    return "".join(each if each.isalnum() else " " for each in plain).split()


@given(names=st.lists(NAMES, min_size=1, max_size=4, unique=True), typed=st.data())
def test_names_are_found_by_the_beginnings_of_their_words_and_by_nothing_else(
    names: list[str], typed: st.DataObject
) -> None:
    """Support would not find the caller, or find somebody else."""
    word = typed.draw(st.sampled_from([word for name in names for word in name.split()]))
    words = word[: typed.draw(st.integers(1, len(word)))]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        KEY.register(connection)
        connection.execute("CREATE VIRTUAL TABLE held USING fts5(t, tokenize='unicode61 remove_diacritics 2')")
        for name in names:
            connection.execute("INSERT INTO held (t) VALUES (tokens(?))", [name])
        found = connection.execute("SELECT rowid FROM held WHERE held MATCH sought(?)", [words]).fetchall()

    wanted = [
        number
        for number, name in enumerate(names, start=1)
        if all(any(each.startswith(part) for each in folded(name)) for part in folded(words))
    ]
    if folded(words):
        assert sorted(row for (row,) in found) == wanted


@pytest.mark.parametrize("typed", ['"', "' OR 1", "a* NEAR b", "\0", "-", "AND", "(", "name_tokens:x"])
def test_nothing_that_is_typed_is_a_command(typed: str) -> None:
    """A bracket would break the search box."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        KEY.register(connection)
        connection.execute("CREATE VIRTUAL TABLE held USING fts5(name_tokens)")
        query = KEY.sought(typed)
        found = connection.execute("SELECT * FROM held WHERE held MATCH ?", [query]).fetchall() if query else []

    assert found == []


@pytest.mark.parametrize("typed", ["\u037a", "\ufe70", "-"])
def test_what_has_nothing_to_search_for_is_no_error(tmp_path: Path, typed: str) -> None:
    """A stray mark in the search box would be a bug report."""
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(fill))

        assert asyncio.run(store.read(customers.search, typed)) == (WHO,)
        assert asyncio.run(store.read(documents.search, typed)) == ()


def test_a_customer_of_another_script_is_found_after_sealing(tmp_path: Path) -> None:
    """Names are not Latin everywhere."""
    other = Customer(number=CustomerNumber("HM-9"), name="محمد علي", workspace=NodeId(9))
    held = CustomerDocument(
        node=NodeId(5),
        customer=other.number,
        name="رسالة.pdf",
        media_type="application/pdf",
        size_bytes=1,
        filed_at=NOW,
    )
    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(customers.upsert, [other], now=NOW))
        asyncio.run(store.write(documents.replace_of_customer, other.number, [held]))

        assert asyncio.run(store.read(customers.search, "محم")) == (other,)
        assert asyncio.run(store.read(documents.search, "رس")) == (held,)
