"""OpenText's own client for Directory Services at work on the sandbox: signing in every way, reading, administering."""

import logging
from dataclasses import dataclass

import pyxecm.otds  # type: ignore[import-not-found]  # it lives in the judges' environment
from pyxecm import OTDS

from tests.judges.ledger import Ledger

PARTITION = "harbour"
NEWCOMER, GROUP = "judith.richter", "judges"


class Heard(logging.Handler):
    """What the client complained about: it answers nothing on failure and tells the reason to its log alone."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._lines.append(record.getMessage())

    def refused(self, answer: object, *words: str) -> None:
        """The client gave up, and said why."""
        said = "\n".join(self._lines).lower()
        self._lines.clear()
        assert not answer, f"expected a refusal, got {str(answer)[:80]}"
        assert all(word.lower() in said for word in words), said[-200:]


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where the service is, and an ear on the client's log."""

    host: str
    port: int
    heard: Heard
    logger: logging.Logger

    def client(self, **credentials: str) -> OTDS:
        """A client that has not signed in."""
        return OTDS("http", self.host, self.port, logger=self.logger, **credentials)


def open_door(ledger: Ledger) -> Door:
    """The address out of the ready file."""
    host, _, port = ledger.ready["otds"]["base_url"].removeprefix("http://").partition(":")
    heard, logger = Heard(), logging.getLogger("judge.otds")
    logger.addHandler(heard)
    logger.propagate = False
    # Twenty seconds of waiting after each renewal are for services that restart.
    pyxecm.otds.REQUEST_RETRY_DELAY = 0.1
    return Door(host=host, port=int(port), heard=heard, logger=logger)


def try_signing_in(door: Door, ledger: Ledger) -> None:
    """By password, by client, for somebody else; and refused."""
    secrets = ledger.ready["otds"]
    person = {"username": secrets["username"], "password": secrets["password"]}
    service = {"client_id": secrets["client_id"], "client_secret": secrets["client_secret"]}
    with ledger.call("sign in by password"):
        otds = door.client(**person)
        assert otds.authenticate()["OTDSTicket"].startswith("*OTDSSSO*")
    with ledger.call("who am I"):
        assert otds.get_current_user()["user"]["name"] == secrets["username"]
    with ledger.call("a ticket for somebody else"):
        ticket = otds.cookie()["OTDSTicket"]
        assert otds.impersonate_user("anna.berg", PARTITION, ticket)["userId"] == f"anna.berg@{PARTITION}"
    with ledger.call("a ticket for nobody"):
        door.heard.refused(otds.impersonate_user("nobody", PARTITION, ticket), "404")
    with ledger.call("sign in as a service client"):
        client = door.client(**service)
        assert client.authenticate(grant_type="client_credentials")
        assert client.get_resource("cs")["resourceID"]
    with ledger.call("what a token stands for"):
        assert client.get_access_token_info()["clientId"] == secrets["client_id"]
    with ledger.call("a token for a person"):
        both = door.client(**person, **service)
        assert both.authenticate_user_token(person["username"], person["password"])
        assert both.get_current_user()["user"]["name"] == secrets["username"]
    with ledger.call("a token for somebody else"):
        assert both.impersonate_user("anna.berg", PARTITION)["issued_token_type"]
    with ledger.call("a token for nobody"):
        door.heard.refused(both.impersonate_user("nobody", PARTITION), "400")
    with ledger.call("a wrong password"):
        stranger = door.client(username=secrets["username"], password="wrong")
        door.heard.refused(stranger.authenticate(), "invalid user name or password")
    with ledger.call("a wrong secret"):
        stranger = door.client(client_id=secrets["client_id"], client_secret="wrong")
        door.heard.refused(stranger.authenticate(grant_type="client_credentials"), "")
    with ledger.call("a person's token with a wrong password"):
        assert not door.client(**service).authenticate_user_token(person["username"], "wrong")
    with ledger.call("a dead ticket is replaced"):
        otds.set_cookie("*OTDSSSO*worn-out*")
        assert otds.get_user(PARTITION, "anna.berg")["name"] == "anna.berg"


def try_reading(otds: OTDS, door: Door, ledger: Ledger) -> None:
    """Everybody and everything, page by page."""
    with ledger.call("one user"):
        user = otds.get_user(PARTITION, "anna.berg")
        assert {each["name"]: each["values"] for each in user["values"]}["sn"] == ["Berg"]
    with ledger.call("nobody of that name"):
        door.heard.refused(otds.get_user(PARTITION, "nobody"), "404")
    with ledger.call("a page of users"):
        assert len(otds.get_users(partition=PARTITION, limit=3)["users"]) == 3
    with ledger.call("users to the end"):
        names = [each["name"] for each in otds.get_users_iterator(partition=PARTITION, page_size=5)]
        assert len(names) == len(set(names)) > 10
    with ledger.call("users by part of a name"):
        assert [each["name"] for each in otds.get_users(where_filter="anna")["users"]] == ["anna.berg"]
    with ledger.call("a page of groups"):
        assert len(otds.get_groups(partition=PARTITION, limit=2)["groups"]) == 2
    with ledger.call("groups to the end"):
        assert len(list(otds.get_groups_iterator(partition=PARTITION, page_size=3))) > 5
    with ledger.call("one group"):
        assert otds.get_group("records manager")["numMembers"] == 1
    with ledger.call("one partition"):
        assert otds.get_partition(PARTITION)["userCount"] > 10
    with ledger.call("no such partition"):
        door.heard.refused(otds.get_partition("nowhere"), "404")
    with ledger.call("one resource"):
        assert otds.get_resource("cs")["resourceState"] == 1
    with ledger.call("no such resource"):
        door.heard.refused(otds.get_resource("nothing", show_error=True), "404")
    with ledger.call("one service client"):
        assert otds.get_oauth_client(ledger.ready["otds"]["client_id"])["confidential"]
    with ledger.call("no such service client"):
        door.heard.refused(otds.get_oauth_client("nobody", show_error=True), "404")
    with ledger.call("access roles"):
        assert len(otds.get_access_roles()["accessRoles"]) == 3
    with ledger.call("one access role"):
        assert otds.get_access_role("Access to cs")["accessRoleMembers"]["userPartitions"]


def try_people(otds: OTDS, door: Door, ledger: Ledger) -> None:
    """Somebody comes, signs in, and goes."""
    with ledger.call("a new user"):
        made = otds.add_user(PARTITION, NEWCOMER, "of the bench", "Judith", "Richter", "judith@example.org")
        assert made["name"] == NEWCOMER
    with ledger.call("the same user again"):
        door.heard.refused(otds.add_user(PARTITION, NEWCOMER), "already exists")
    with ledger.call("a user in no partition"):
        door.heard.refused(otds.add_user("nowhere", "somebody"), "404")
    with ledger.call("change an attribute"):
        assert otds.update_user(PARTITION, NEWCOMER, "title", "Judge")
        user = otds.get_user(PARTITION, NEWCOMER)
        assert {each["name"]: each["values"] for each in user["values"]}["title"] == ["Judge"]
    with ledger.call("change the description"):
        assert otds.update_user(PARTITION, NEWCOMER, "description", "presiding")["description"] == "presiding"
    with ledger.call("set a password"):
        otds.reset_user_password(NEWCOMER, "Order-in-court-1")  # its answer is lost on the way (no return)
        door.heard.refused(None)
    with ledger.call("sign in with that password"):
        assert door.client(username=NEWCOMER, password="Order-in-court-1").authenticate()
    with ledger.call("a new group"):
        assert otds.add_group(PARTITION, GROUP, "all judges")["name"] == GROUP
    with ledger.call("the same group again"):
        door.heard.refused(otds.add_group(PARTITION, GROUP, ""), "already exists")
    with ledger.call("put a user into a group"):
        assert otds.add_user_to_group(NEWCOMER, GROUP)
        assert otds.get_group(GROUP)["numMembers"] == 1
    with ledger.call("put a group into a group"):
        assert otds.add_group_to_parent_group(GROUP, "records manager")
    with ledger.call("put a user into no group"):
        door.heard.refused(otds.add_user_to_group(NEWCOMER, "nobody's"), "404")
    with ledger.call("a new application role"):
        assert otds.add_application_role("bench", PARTITION, "may sit")["name"] == "bench"
    with ledger.call("one application role"):
        assert otds.get_application_role("bench", PARTITION)["location"]
    with ledger.call("give a user an application role"):
        assert otds.assign_user_to_application_role(NEWCOMER, PARTITION, "bench", PARTITION)
    with ledger.call("give a group an application role"):
        assert otds.assign_group_to_application_role(GROUP, PARTITION, "bench", PARTITION)
    ledger.hand("newcomer", NEWCOMER)
    ledger.hand("newcomers_password", "Order-in-court-1")
    with ledger.call("a user goes"):
        assert otds.add_user(PARTITION, "short.stay")
        otds.delete_user(PARTITION, "short.stay")  # its answer is lost on the way (no return)
        assert otds.get_user(PARTITION, "short.stay") is None


def try_administration(otds: OTDS, door: Door, ledger: Ledger) -> None:
    """Partitions, systems, clients."""
    with ledger.call("a new partition"):
        assert otds.add_partition("guests", "people from outside")["name"] == "guests"
    with ledger.call("a user in a new partition"):
        assert otds.add_user("guests", "guest.one")["userPartitionID"] == "guests"
        assert otds.get_partition("guests")["userCount"] == 1
    with ledger.call("a new resource"):
        resource = otds.add_resource("desk", "the desk", "Desk")
        assert resource["resourceID"]
    with ledger.call("change a resource"):
        resource["description"] = "another desk"
        assert otds.update_resource("desk", resource)["description"] == "another desk"
    with ledger.call("activate a resource"):
        assert otds.activate_resource(resource["resourceID"])
    with ledger.call("who may act for others on a resource"):
        assert otds.impersonate_resource("desk", allow_impersonation=True)
    with ledger.call("consolidate a resource"):
        assert otds.consolidate("desk")
    with ledger.call("a new service client"):
        assert otds.add_oauth_client("judge", "of the bench", secret="gavel")["id"] == "judge"
    with ledger.call("change a service client"):
        assert otds.update_oauth_client("judge", {"description": "presiding"})["description"] == "presiding"
    with ledger.call("who may act for others as a client"):
        assert otds.impersonate_oauth_client("judge", allow_impersonation=True)
    with ledger.call("sign in as the new service client"):
        there = door.client(client_id="judge", client_secret="gavel")
        assert there.authenticate(grant_type="client_credentials")


def try_settings(otds: OTDS, door: Door, ledger: Ledger) -> None:
    """Access roles, and what holds for the whole service."""
    with ledger.call("a partition may use a system"):
        assert otds.add_partition_to_access_role("Access to cs", "guests")
    with ledger.call("a user may use a system"):
        assert otds.add_user_to_access_role("Access to cs", NEWCOMER)
    with ledger.call("a group may use a system"):
        assert otds.add_group_to_access_role("Access to cs", GROUP)
        groups = otds.get_access_role("Access to cs")["accessRoleMembers"]["groups"]
        assert [each["name"] for each in groups] == [GROUP]
    with ledger.call("attributes of an access role"):
        wanted = [{"name": "pushAllGroups", "values": ["True"]}]
        assert otds.update_access_role_attributes("Access to cs", wanted)
    with ledger.call("trusted sites"):
        assert otds.get_trusted_sites()["stringList"] == []
    with ledger.call("a new trusted site"):
        assert otds.add_trusted_site("https://desk.example.org")
        assert otds.get_trusted_sites()["stringList"] == ["https://desk.example.org"]
    with ledger.call("password policy"):
        assert otds.get_password_policy()["minimumNumberOfCharacters"] == 8
    with ledger.call("change the password policy"):
        assert otds.update_password_policy({"minimumNumberOfCharacters": 12})
        assert otds.get_password_policy()["minimumNumberOfCharacters"] == 12
    with ledger.call("a system attribute"):
        assert otds.add_system_attribute("otds.as.SameSiteCookieVal", "None", "cookies")
    with ledger.call("audit"):
        assert otds.enable_audit(enable=True, days_to_keep=3)


def main() -> None:
    """Try everything, topic after topic."""
    ledger = Ledger.from_stdin()
    door = open_door(ledger)
    try_signing_in(door, ledger)
    secrets = ledger.ready["otds"]
    otds = door.client(username=secrets["username"], password=secrets["password"])
    with ledger.call("sign in to administer"):
        assert otds.authenticate()
    with ledger.call("use the ticket that the desk was given"):
        assert door.client(otds_ticket=ledger.given["ticket"]).get_current_user()["user"]["name"] == secrets["username"]
    for topic in (try_reading, try_people, try_administration, try_settings):
        topic(otds, door, ledger)
    ledger.end()


if __name__ == "__main__":
    main()
