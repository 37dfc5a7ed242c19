"""OpenText's own client for Content Server at work on the sandbox: one customer, from a first look to a workflow."""

import logging

import pyxecm.otcs  # type: ignore[import-not-found]  # it lives in the judges' environment
from pyxecm import OTCS

from tests.judges.ledger import Ledger
from tests.judges.otcs.documents import try_categories, try_filing, try_versions
from tests.judges.otcs.place import Heard, Place
from tests.judges.otcs.records import try_notices, try_pages, try_records, try_workflows
from tests.judges.otcs.session import try_dead_session, try_directory, try_session
from tests.judges.otcs.tree import try_changing, try_reading, try_rights, try_search
from tests.judges.otcs.workspaces import try_finding, try_making, try_teams, try_types


def enter(ledger: Ledger) -> Place:
    """The client, as its documentation sets it up, with an ear on its log."""
    secrets = ledger.ready["extended_ecm"]
    host, _, port = secrets["base_url"].removeprefix("http://").partition(":")
    logger, heard = logging.getLogger("judge.otcs"), Heard()
    logger.addHandler(heard)
    logger.propagate = False
    # Half a minute of waiting after each failure is for servers that restart.
    pyxecm.otcs.REQUEST_RETRY_DELAY = 0.1
    otcs = OTCS(
        protocol="http",
        hostname=host,
        port=int(port),
        public_url=secrets["base_url"],
        username=secrets["username"],
        password=secrets["password"],
        base_path=secrets["cs_path"],
        logger=logger,
    )
    return Place(otcs=otcs, heard=heard)


def try_given(place: Place, ledger: Ledger) -> None:
    """What the desk's client wrote before."""
    otcs, given = place.otcs, ledger.given
    with ledger.call("read what the desk filed"):
        assert otcs.get_document_content(given["document"]) == given["content"].encode()
        assert place.value(otcs.get_node(given["document"]), "name") == given["name"]
    with ledger.call("read the values that the desk gave"):
        for name, value in given["values"].items():
            assert otcs.get_category_value_by_name(given["document"], "Customer document", name) == value
    with ledger.call("read the workspace that the desk made"):
        found = otcs.get_workspace_by_business_object("CRM", "account", given["customer"])
        assert place.value(found, "id") == given["workspace"]
    with ledger.call("read the hold that the desk put on"):
        place.refused(otcs.delete_node(given["document"]), "on hold")


def main() -> None:
    """Try everything, topic after topic."""
    ledger = Ledger.from_stdin()
    place = enter(ledger)
    for topic in (
        try_session,
        try_reading,
        try_types,
        try_finding,
        try_filing,
        try_versions,
        try_categories,
        try_teams,
        try_making,
        try_changing,
        try_rights,
        try_search,
        try_records,
        try_workflows,
        try_notices,
        try_pages,
        try_directory,
        try_given,
        try_dead_session,
    ):
        topic(place, ledger)
    ledger.end()


if __name__ == "__main__":
    main()
