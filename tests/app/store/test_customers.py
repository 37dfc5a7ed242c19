"""Customers and documents, found by what people say on the telephone."""

from datetime import timedelta

import pytest
from sqlite_utils import Database

from app.records import Channel, Customer, CustomerDocument, CustomerNumber, NodeId
from app.store import customers, documents
from app.store.schema import CUSTOMER_WORDS, DOCUMENT_WORDS
from tests.app.store.assets_made import NOW

INES = Customer(number=CustomerNumber("HM-204881"), name="Inès Caron", workspace=NodeId(1))
OTHERS = [
    Customer(number=CustomerNumber("HM-118020"), name="Ines Caron-Petit", workspace=NodeId(2)),
    Customer(number=CustomerNumber("HM-331407"), name="محمد الأحمد", workspace=NodeId(3)),
]


def document(
    node: int, name: str = "Renewal notice", *, communication: str = "4711-881", days: int = 0
) -> CustomerDocument:
    """One archived document of Inès Caron."""
    return CustomerDocument(
        node=NodeId(node),
        customer=INES.number,
        name=name,
        media_type="application/pdf",
        size_bytes=41_000,
        filed_at=NOW + timedelta(days=days),
        channel=Channel.EMAIL,
        communication=communication,
    )


@pytest.mark.parametrize("typed", ["ines", "INÈS car", "caron", "204881", "HM-2048", "hm 204"])
def test_a_customer_is_found_by_what_is_said(db: Database, typed: str) -> None:
    """The person on the telephone spells a name and reads out a number."""
    customers.upsert(db, [INES, *OTHERS], now=NOW)

    assert INES in customers.search(db, typed)


def test_a_customer_with_another_script_is_found(db: Database) -> None:
    """Names are not Latin everywhere."""
    customers.upsert(db, [INES, *OTHERS], now=NOW)

    assert customers.search(db, "محمد") == (OTHERS[1],)


def test_without_words_customers_come_by_name(db: Database) -> None:
    """An empty search box must not show an empty page."""
    customers.upsert(db, [*OTHERS, INES], now=NOW)

    assert len(customers.search(db, "  ")) == 3


def test_a_renamed_customer_is_found_by_the_new_name_alone(db: Database) -> None:
    """The old name would lead to somebody who is no longer called that."""
    customers.upsert(db, [INES], now=NOW)

    renamed = Customer(number=INES.number, name="Inès Moreau", workspace=INES.workspace)
    changed = customers.upsert(db, [renamed], now=NOW)

    assert changed == {INES.number}
    assert customers.search(db, "caron") == ()
    assert customers.upsert(db, customers.search(db, "moreau"), now=NOW) == frozenset()
    CUSTOMER_WORDS.check(db)


def test_documents_come_newest_first(db: Database) -> None:
    """The letter that the customer calls about is the last one."""
    documents.upsert(db, [document(1), document(2, days=2), document(3, days=1)])

    assert [each.node for each in documents.of_customer(db, INES.number)] == [2, 3, 1]
    assert documents.count_of(db, [INES.number, OTHERS[0].number]) == {INES.number: 3}


@pytest.mark.parametrize("typed", ["renew", "4711", "881", "HM-204881", "2207418"])
def test_a_document_is_found_by_name_and_every_number(db: Database, typed: str) -> None:
    """People read out whatever is printed on the letter."""
    documents.upsert(db, [document(2207418), document(9, "Tariff change", communication="")])

    assert 2207418 in {each.node for each in documents.search(db, typed)}


def test_what_the_archive_no_longer_lists_is_gone(db: Database) -> None:
    """Opening a ghost is an error that nobody understands."""
    customers.upsert(db, [INES], now=NOW)
    documents.upsert(db, [document(1), document(2, "Gone")])

    first = documents.replace_of_customer(db, INES.number, [document(1), document(3)])
    second = documents.replace_of_customer(db, INES.number, [document(1), document(3)])

    assert (first, second) == (True, False)
    assert documents.search(db, "gone") == ()
    assert documents.find(db, NodeId(2)) is None
    DOCUMENT_WORDS.check(db)
