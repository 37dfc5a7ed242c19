"""Collections and the metadata model: calls that other clients make."""

import json

from connectors.core_dam import SearchQuery
from connectors.sandbox.core_dam import CoreDamSandbox
from tests.connectors.sandbox.core_dam.driver import ask, request, session_headers

API = "/otmmapi/v6"


def test_a_collection_is_made_filled_and_read(sandbox: CoreDamSandbox) -> None:
    """Designers gather pictures there before a campaign."""
    headers = session_headers(sandbox)
    asset_id = ask(sandbox, lambda dam: dam.search_page(SearchQuery(keywords="hero"))).asset_ids[0]
    body = {"collection_resource": {"collection": {"name": "Autumn"}}}
    made = request(sandbox, "POST", f"{API}/collections", headers=headers, json=body).json()
    path = f"{API}/collections/{made['collection_resource']['collection']['id']}/assets"
    selection = {"type": "com.artesia.asset.selection.AssetIdsSelectionContext", "asset_ids": [asset_id]}
    wrapped = json.dumps({"selection_context_param": {"selection_context": selection}})

    request(sandbox, "PUT", path, headers=headers, data={"action": "add", "selection_context": wrapped})

    listed = request(sandbox, "GET", path, headers=headers).json()["assets_resource"]["asset_list"]
    assert [asset["asset_id"] for asset in listed] == [asset_id]


def test_a_collection_is_its_owners_alone(sandbox: CoreDamSandbox) -> None:
    """What one is not shown is absent, in this vendor's words."""
    body = {"collection_resource": {"collection": {"name": "Mine"}}}
    made = request(sandbox, "POST", f"{API}/collections", headers=session_headers(sandbox), json=body).json()
    others = session_headers(sandbox, "mira.k")

    path = f"{API}/collections/{made['collection_resource']['collection']['id']}/assets"

    assert request(sandbox, "GET", path, headers=others).status_code == 404
    listed = request(sandbox, "GET", f"{API}/collections", headers=others).json()
    assert listed["collection_resource"]["collection"] == []


def test_the_model_names_the_vocabulary_of_every_coded_field(sandbox: CoreDamSandbox) -> None:
    """Without it nobody can know which codes a field takes."""
    answer = request(sandbox, "GET", f"{API}/metadatamodels/PD.MARKETING.MODEL", headers=session_headers(sandbox))

    main = answer.json()["metadata_model_resource"]["metadata_model"]["metadata_element_list"][0]
    domains = {element["id"]: element.get("domain_id") for element in main["metadata_element_list"]}
    assert domains["PD.FIELD.STATUS"] == "PD.DOMAIN.STATUS"
    assert domains["PD.FIELD.TITLE"] is None
