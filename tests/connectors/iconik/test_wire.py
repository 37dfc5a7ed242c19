"""Requests as they are built, replies as they are read; no loop, no server."""

import json
from collections.abc import Mapping

import pytest

from connectors.calls import Call, JSONBody, Reply
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    VendorFaultError,
)
from connectors.iconik import Filter, Is, IsOneOf, Mode, Operator, Order, Reviewed, SearchCriteria, Sort
from connectors.iconik.models import ApprovalRequested, ApprovalStatus, AssetId, ViewId
from connectors.iconik.wire import accounts, assets, media, metadata, review, search
from connectors.iconik.wire.operations import Operation
from connectors.iconik.wire.reading import has_next, read_failure, read_objects
from connectors.judging import error_for_status

ASSET = AssetId("7d0c5a3e-1f42-11ef-9a10-0a580a3c0001")
VIEW = ViewId("b2c0f1de-1f42-11ef-9a10-0a580a3c0002")
ASKING = review.request_approval(Reviewed.ASSETS, ASSET, users=(), groups=(), externals=(), min_number=1)


def reply(body: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    """An answer with ``body`` as JSON, or as it is when it is bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(system="iconik", call="x", status=status, headers={"content-type": media_type}, body=raw)


def sent(call: Call) -> object:
    """The JSON value that a call carries."""
    assert isinstance(call.body, JSONBody)
    return call.body.value


@pytest.mark.contract("iconik 3.2", "iconik 3.3", "iconik 3.4", "iconik 3.5", "iconik 3.7", "iconik 3.9")
@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (401, {"errors": ["Token is invalid"]}, SignInError, "Token is invalid"),
        (403, {"errors": "No access"}, ForbiddenError, "No access"),
        (404, {"errors": ["Gone", "Really"]}, NotFoundError, "Gone; Really"),
        (400, {"errors": {"title": "Missing"}}, InvalidError, "title: Missing"),
        (400, {"errors": {"title": ["Missing", "Short"]}}, InvalidError, "title: Missing; Short"),
        (
            422,
            {"detail": [{"loc": ["body", "sort"], "msg": "bad", "type": "value_error"}]},
            InvalidError,
            "body.sort: bad",
        ),
        (429, {"errors": ["Too many requests"]}, RateLimitError, "Too many requests"),
        (503, {"errors": ["Down"]}, VendorFaultError, "Down"),
    ],
)
def test_each_error_shape_becomes_its_class(
    status: int, body: Mapping[str, object], kind: type[ConnectorError], detail: str
) -> None:
    """The outbox decides by class, and the person reads the vendor's own words."""
    failure = read_failure(reply(body, status=status))

    assert type(failure) is kind
    assert failure is not None
    assert failure.detail == detail


@pytest.mark.contract("iconik 8.b5")
def test_field_complaints_stay_with_their_fields() -> None:
    """The page shows each sentence beside its field."""
    failure = read_failure(reply({"errors": {"Language": "xx is not one of the options."}}, status=400))

    assert isinstance(failure, InvalidError)
    assert failure.fields == {"Language": "xx is not one of the options."}


@pytest.mark.contract("iconik 3.1")
@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"[1]", b'{"other": 1}'])
def test_a_gateway_body_leaves_the_judgement_to_the_status(body: bytes) -> None:
    """A gateway in front of iconik speaks HTML; its answer must not become a wrong class."""
    assert read_failure(reply(body, status=502)) is None
    assert isinstance(error_for_status(reply(body, status=502)), VendorFaultError)


def test_html_where_json_should_be_is_a_shape_error() -> None:
    """A captive portal answers 200 with a page; that is no asset."""
    with pytest.raises(ShapeError):
        assets.get_asset(ASSET).read(reply(b"<html></html>", media_type="text/html"))


@pytest.mark.contract("iconik 1.4")
def test_null_reads_as_absent() -> None:
    """iconik sends null for everything it does not have; none of it may break the reading."""
    asset = assets.get_asset(ASSET).read(reply({"id": ASSET, "title": "Film", "versions": None, "warning": None}))

    assert asset.versions == ()
    assert asset.warning == ""


def test_a_missing_id_is_named_by_its_place_and_no_value() -> None:
    """A shape error goes to the log, where no customer's title may stand."""
    with pytest.raises(ShapeError) as caught:
        assets.get_asset(ASSET).read(reply({"title": "Secret title"}))

    assert "id" in caught.value.detail
    assert "Secret" not in caught.value.detail


def test_a_word_we_do_not_know_reads_as_unknown() -> None:
    """iconik grows new states between releases; the desk goes on."""
    approval = review.get_approval(Reviewed.ASSETS, ASSET).read(reply({"status": "POSTPONED"}))

    assert approval is not None
    assert approval.status is ApprovalStatus.UNKNOWN


@pytest.mark.contract("iconik 5.4", "iconik 6.b1", "iconik 6.b4")
def test_the_search_sends_paging_in_the_query_and_the_question_in_the_body() -> None:
    """Paging in the body does nothing (§16.1), and polling must not fill the user's search history (§16.2)."""
    criteria = SearchCriteria(
        query="spring",
        filter=Filter(
            terms=(Is(name="status", value="ACTIVE"),),
            filters=(Filter(operator=Operator.OR, terms=(IsOneOf(name="media_type", values=("video",)),)),),
        ),
        facets=("media_type",),
        facets_filters={"media_type": ("video",)},
        sort=(Sort(name="date_created", order=Order.DESC),),
        include_fields=("id", "title"),
    )

    call = search.search(criteria, per_page=50, search_after=("2026-03-04", "a")).call

    assert call.path == "/API/search/v1/search/"
    assert dict(call.query) == {
        "per_page": "50",
        "generate_signed_url": "true",
        "generate_signed_proxy_url": "false",
        "save_search_history": "false",
    }
    assert sent(call) == {
        "doc_types": ["assets"],
        "query": "spring",
        "filter": {
            "operator": "AND",
            "terms": [{"name": "status", "value": "ACTIVE"}],
            "filters": [{"operator": "OR", "terms": [{"name": "media_type", "value_in": ["video"]}]}],
        },
        "facets": ["media_type"],
        "facets_filters": [{"name": "media_type", "value_in": ["video"]}],
        "sort": [{"name": "date_created", "order": "desc"}],
        "include_fields": ["id", "title"],
        "search_after": ["2026-03-04", "a"],
    }


@pytest.mark.contract("iconik 6.b2", "iconik 1.6")
def test_a_hit_reads_its_sort_and_both_forms_of_metadata() -> None:
    """``_sort`` is the cursor of a synchronisation; losing it loses everything behind the first page."""
    page = search.search(SearchCriteria(), per_page=1).read(
        reply(
            {
                "objects": [
                    {
                        "id": "a",
                        "object_type": "assets",
                        "title": "T",
                        "_sort": [12, "a"],
                        "metadata": {"Keywords": ["x", "y"], "Language": "fr"},
                    }
                ],
                "total": 1,
                "facets": {"media_type": {"buckets": [{"key": "video", "doc_count": 12}]}},
            }
        )
    )

    (hit,) = page.objects
    assert hit.sort == (12, "a")
    assert hit.values("Keywords") == ("x", "y")
    assert hit.values("Language") == ("fr",)
    assert page.facets["media_type"].buckets[0].doc_count == 12


def test_metadata_that_was_never_written_is_empty_and_no_error() -> None:
    """Every brand-new asset answers 404 here (§16.6)."""
    operation = metadata.get_values(metadata.asset(ASSET), VIEW)

    assert 404 in operation.call.accepts
    assert operation.read(reply({"errors": ["none"]}, status=404)).metadata_values == {}


@pytest.mark.contract("iconik 8.b1", "iconik 8.b4")
@pytest.mark.parametrize(("mode", "repeatable"), [(Mode.OVERWRITE, True), (Mode.APPEND, False), (Mode.DELETE, True)])
def test_only_appending_metadata_is_not_repeated(mode: Mode, repeatable: bool) -> None:
    """A repeated append would store its values twice."""
    call = metadata.put_values(metadata.asset(ASSET), VIEW, {"Keywords": ["launch"]}, mode=mode).call

    assert call.repeatable is repeatable
    assert sent(call) == {"metadata_values": {"Keywords": {"mode": mode.value, "field_values": [{"value": "launch"}]}}}


@pytest.mark.contract("iconik 12.b5")
def test_a_decision_is_put_and_not_repeated_unseen() -> None:
    """Without an answer it would be given twice; the outbox looks it up first."""
    call = review.decide(Reviewed.ASSETS, ASSET, ApprovalStatus.NOT_APPROVED).call

    assert (call.method, call.path, call.repeatable) == ("PUT", f"/API/assets/v1/assets/{ASSET}/approvals/", False)
    assert sent(call) == {"status": "NOT_APPROVED"}


def test_a_request_on_a_collection_answers_with_its_job() -> None:
    """202 has no approval in it; reading one from it would show a state that does not exist (§16.9)."""
    asked = ASKING.read(reply({"job_id": "j1"}, status=202))

    assert asked == ApprovalRequested(job_id="j1")


@pytest.mark.contract("iconik 9.b3")
def test_signed_addresses_are_fetched_without_proof() -> None:
    """iconik's token must not travel to the storage provider."""
    call = media.fetch_signed("https://storage.example/x?Signature=s").call

    assert call.signed_in is False
    assert call.path == "https://storage.example/x?Signature=s"


@pytest.mark.contract("iconik 1.5")
def test_ids_cannot_leave_their_path_segment() -> None:
    """An id from elsewhere must not choose another path."""
    call = assets.get_asset(AssetId("../users/1?x")).call

    assert call.path == "/API/assets/v1/assets/..%2Fusers%2F1%3Fx/"


@pytest.mark.parametrize(
    ("body", "follows"), [({"next_url": "/API/x/?page=2"}, True), ({"next_url": None}, False), ({}, False)]
)
def test_the_last_page_has_no_next_url(body: Mapping[str, object], follows: bool) -> None:
    """Following too far is a 404, stopping early hides assets."""
    assert has_next(reply(body)) is follows


@pytest.mark.contract("iconik 5.5")
def test_role_names_are_read_from_objects() -> None:
    """Buttons are disabled by these."""
    assert read_objects(reply({"objects": ["can_search"]}), str) == ("can_search",)


def log_in(system_domain_id: str = "") -> Operation[tuple[str, str]]:
    """A login by password."""
    return accounts.log_in(email="a@example.com", password="p", app_name="WEB", system_domain_id=system_domain_id)


def _login(*domains: Mapping[str, object]) -> Reply:
    return reply({"app_id": "app", "auth_system_domains": list(domains)}, status=201)


def test_login_takes_the_token_of_the_only_tenant() -> None:
    """The outer ``token`` is deprecated."""
    answer = _login({"system_domain_id": "d1", "token": "t1"})

    assert log_in().read(answer) == ("app", "t1")


def test_login_takes_the_tenant_that_was_chosen() -> None:
    """The wrong tenant would show another organisation's assets."""
    answer = _login({"system_domain_id": "d1", "token": "t1"}, {"system_domain_id": "d2", "token": "t2"})

    assert log_in("d2").read(answer) == ("app", "t2")


@pytest.mark.parametrize(
    "answer",
    [
        _login({"system_domain_id": "d1", "token": "t1"}, {"system_domain_id": "d2", "token": "t2"}),
        _login({"system_domain_id": "d1", "token": "", "mfa_required": True}),
        _login(),
    ],
    ids=["several tenants", "second factor", "no tenant"],
)
def test_a_login_that_is_not_finished_is_a_refused_sign_in(answer: Reply) -> None:
    """Each of these needs a person, and the sign-in card is where they look."""
    with pytest.raises(SignInError):
        log_in().read(answer)
