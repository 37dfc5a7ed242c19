"""Signing in, what the server says of itself, people and groups, losing and regaining a session."""

from pyxecm import OTCS, OTDS  # type: ignore[import-not-found]  # it lives in the judges' environment

from tests.judges.ledger import Ledger
from tests.judges.otcs.place import Place


def try_session(place: Place, ledger: Ledger) -> None:
    """From the first handshake to the list of everybody."""
    otcs = place.otcs
    with ledger.call("is it configured"):
        assert otcs.is_configured()
    with ledger.call("is it ready"):
        assert otcs.is_ready()
    with ledger.call("sign in"):
        assert otcs.authenticate()
    with ledger.call("server information"):
        assert otcs.get_server_info()["sessions"]["enabled"]
    with ledger.call("server version"):
        assert otcs.get_server_version() == "25.4"
    with ledger.call("default language of metadata"):
        assert otcs.get_system_default_metadata_language()
    with ledger.call("who am I"):
        assert otcs.get_current_user()["data"]["name"] == ledger.ready["extended_ecm"]["username"]
    with ledger.call("all users"):
        assert place.value(otcs.get_users(limit=5), "id", 4)
    with ledger.call("users page by page"):
        logins = {place.value({"results": each}, "name") for each in otcs.get_users_iterator(limit=4)}
        assert len(logins) > 10, logins
    with ledger.call("one user by name"):
        place.ids["anna"] = place.value(otcs.get_user(name="anna.berg"), "id")
        assert place.ids["anna"]
    with ledger.call("one member by number"):
        assert place.value(otcs.get_member(place.ids["anna"]), "last_name") == "Berg"
    with ledger.call("users by a word"):
        assert place.value(otcs.search_user(value="anna", field="where_name"), "id") == place.ids["anna"]
    with ledger.call("all groups"):
        assert otcs.get_groups()["results"]
    with ledger.call("groups page by page"):
        assert len(list(otcs.get_groups_iterator(limit=3))) > 3
    with ledger.call("one group by name"):
        place.ids["group"] = place.value(otcs.get_group(name="DefaultGroup"), "id")
    with ledger.call("members of a group"):
        assert otcs.get_group_members(place.ids["group"], 0)["results"]
    with ledger.call("members of a group page by page"):
        assert len(list(otcs.get_group_members_iterator(place.ids["group"], 0, page_size=4))) > 10
    with ledger.call("groups of a user"):
        assert otcs.get_user_memberof(place.ids["anna"])["results"]
    with ledger.call("groups of a group"):
        assert otcs.get_group_memberof(place.ids["group"]) is not None
    with ledger.call("nobody of that name"):
        assert not otcs.exist_result_item(
            otcs.get_user(name="nobody.at.all", show_error=False), "name", "nobody.at.all"
        )


def try_dead_session(place: Place, ledger: Ledger) -> None:
    """A ticket that the server does not know: the client signs in again and repeats the call."""
    otcs = place.otcs
    with ledger.call("a dead ticket is replaced"):
        otcs.set_otcs_ticket("worn-out")
        assert place.value(otcs.get_node(2000), "id") == 2000
    with ledger.call("a wrong password is refused"):
        secrets = ledger.ready["extended_ecm"]
        stranger = OTCS(
            protocol="http",
            hostname=otcs.hostname(),
            port=otcs.config()["port"],
            username=secrets["username"],
            password="wrong",
            base_path=secrets["cs_path"],
            logger=otcs.logger,
        )
        place.refused(stranger.authenticate(), "Invalid username/password")


def try_directory(place: Place, ledger: Ledger) -> None:
    """The same server, entered by a ticket of the directory."""
    otcs, secrets = place.otcs, ledger.ready["otds"]
    host, _, port = secrets["base_url"].removeprefix("http://").partition(":")
    with ledger.call("sign in by a ticket of the directory"):
        otds = OTDS("http", host, int(port), username=secrets["username"], password=secrets["password"])
        assert otds.authenticate()
        there = OTCS(
            protocol="http",
            hostname=otcs.hostname(),
            port=otcs.config()["port"],
            otds_ticket=otds.cookie()["OTDSTicket"],
            base_path=ledger.ready["extended_ecm"]["cs_path"],
        )
        assert there.authenticate()
        assert there.get_current_user()["data"]["name"] == secrets["username"]
