"""What OpenText's own client asks of an OTMM, in the flows that it was made for.

Its calls answer None, an empty dictionary or False where they fail; that is its way of saying no.
"""

import hashlib
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyxecm import OTMM  # type: ignore[import-not-found]  # it lives in the environment of the judges

from tests.judges.ledger import Ledger

NO_ASSET = "0" * 40
PAGE = 7
THREADS = 3


def main() -> None:
    """Every method that talks to a server, reading what is there and what our own client wrote."""
    logging.disable(logging.CRITICAL)
    ledger = Ledger.from_stdin()
    with TemporaryDirectory() as folder:
        dam = _client(ledger.ready["core_dam"], folder)
        _sign_in(ledger, dam, folder)
        _vocabularies(ledger, dam)
        _searches(ledger, dam)
        _assets(ledger, dam, Path(folder))
        _written_by_us(ledger, dam, Path(folder))
        _loads(ledger)
        _refusals(ledger, dam)
    ledger.end()


def _client(keys: Mapping[str, str], folder: str, **selections: list[str]) -> OTMM:
    return OTMM(
        base_url=keys["base_url"],
        username=keys["username"],
        password=keys["password"],
        client_id=keys["client_id"],
        client_secret=keys["client_secret"],
        thread_number=THREADS,
        download_dir=folder,
        **selections,
    )


def _sign_in(ledger: Ledger, dam: OTMM, folder: str) -> None:
    with ledger.call("authenticate"):
        assert dam.authenticate()
    with ledger.call("authenticate again"):
        assert dam.authenticate()
    for wrong in ("username", "password", "client_id", "client_secret"):
        with ledger.call(f"authenticate with a wrong {wrong}"):
            assert _client({**ledger.ready["core_dam"], wrong: "wrong"}, folder).authenticate() is None


def _vocabularies(ledger: Ledger, dam: OTMM) -> None:
    domains: list[dict[str, Any]] = []
    with ledger.call("get_lookup_domains"):
        domains = dam.get_lookup_domains()["lookup_domains_resource"]["lookup_domains"]
        assert all(domain["domainId"] for domain in domains)
    for domain in domains:
        with ledger.call(f"get_lookup_domain {domain['domainId']}"):
            alone = dam.get_lookup_domain(domain["domainId"])
            assert alone["lookup_domain_resource"]["lookup_domain"] == domain
    with ledger.call("get_lookup_domain_values"):
        values = dam.get_lookup_domain_values("PD.DOMAIN.STATUS")
        assert {value["field_value"]["value"] for value in values} >= {"APPR", "DRFT"}
    with ledger.call("get_products"):
        assert all(name == name.strip() for name in dam.get_products())
    with ledger.call("get_products by their new names"):
        assert isinstance(dam.get_products(domain=OTMM.PRODUCT_NEW_LOOKUP_DOMAIN), dict)
    with ledger.call("get_business_units"):
        assert dam.get_business_units()
    with ledger.call("get_lookup_domain that is not there"):
        assert dam.get_lookup_domain("NO.SUCH.DOMAIN") is None
        assert dam.get_lookup_domain_values("NO.SUCH.DOMAIN") is None


def _searches(ledger: Ledger, dam: OTMM) -> None:
    with ledger.call("search_assets for everything"):
        found = dam.search_assets({"keyword_query": "*", "limit": "5"})["search_result_resource"]
        assert found["search_result"]["hit_count"] == len(found["asset_list"]) == 5
        assert found["search_result"]["contains_invalid_conditions"] is False
    with ledger.call("search_assets with unknown parameters"):
        asked = {"PRODUCT_CHAR_ID": "Motor cover", "keyword_query": "*", "limit": "5"}
        assert dam.search_assets(asked)["search_result_resource"]["search_result"]["hit_count"] == 5
    with ledger.call("search_assets beyond the end"):
        found = dam.search_assets({"keyword_query": "*", "after": 1_000_000})["search_result_resource"]
        assert found["search_result"]["hit_count"] == 0
        assert found["asset_list"] == []
    with ledger.call("search_assets for words that are nowhere"):
        found = dam.search_assets({"keyword_query": "zzqqxx"})["search_result_resource"]
        assert found["search_result"]["total_hit_count"] == 0
    with ledger.call("search_assets page by page to the end"):
        ids, total = _every_page(dam)
        assert len(ids) == len(set(ids)) == total
        ledger.hand("everything", sorted(ids))
    with ledger.call("search_assets with facets"):
        result = dam.search_assets({"keyword_query": "*"})["search_result_resource"]["search_result"]
        names = {facet["field_name"] for facet in result["facet_field_response_list"]}
        assert {"Mime Type", "Product"} <= names
    for name, product in dam.get_products().items():
        with ledger.call(f"get_product_assets {name}"):
            whole, paged = dam.get_product_assets(product), dam.get_product_assets(product, limit=PAGE)
            assert [each["asset_id"] for each in whole] == [each["asset_id"] for each in paged]
    with ledger.call("get_product_assets by the new table"):
        table, column = OTMM.PRODUCT_NEW_METADATA_TABLE, OTMM.PRODUCT_NEW_METADATA_FIELD
        assert dam.get_product_assets("1", metadata_table_id=table, metadata_field_id=column) == []
    for name, unit in dam.get_business_units().items():
        with ledger.call(f"get_business_unit_assets {name}"):
            whole, paged = dam.get_business_unit_assets(unit), dam.get_business_unit_assets(unit, limit=PAGE)
            assert [each["asset_id"] for each in whole] == [each["asset_id"] for each in paged]


def _every_page(dam: OTMM) -> tuple[list[str], int]:
    ids: list[str] = []
    while True:
        asked = {"keyword_query": "*", "limit": "100", "after": str(len(ids)), "sort": "asc_NAME"}
        result = dam.search_assets(asked)["search_result_resource"]["search_result"]
        if not result["hit_count"]:
            return ids, result["total_hit_count"]
        ids += result["asset_id_list"]


def _assets(ledger: Ledger, dam: OTMM, folder: Path) -> None:
    asked = {"keyword_query": "*", "limit": "1", "load_type": "metadata"}
    first = dam.search_assets(asked)["search_result_resource"]["asset_list"][0]
    asset_id, name = first["asset_id"], first["name"]
    with ledger.call("get_asset"):
        asset = dam.get_asset(asset_id)["asset_resource"]["asset"]
        assert (asset["asset_id"], asset["name"]) == (asset_id, name)
        assert asset["master_content_info"]["content_size"] == asset["content_size"]
    with ledger.call("get_asset_details"):
        details = dam.get_asset_details(asset_id)["asset_resource"]["asset"]
        assert {"metadata", "links", "security_policy_list", "path_list", "rendition_content"} <= details.keys()
    with ledger.call("get_asset_details in full"):
        assert dam.get_asset_details(asset_id, level_of_detail="full")
    with ledger.call("get_asset_details without metadata"):
        bare = dam.get_asset_details(asset_id, load_metadata=False, load_inherited_metadata=False)
        assert "metadata" not in bare["asset_resource"]["asset"]
    with ledger.call("prepare_asset_data"):
        flat = dam.prepare_asset_data(asset_id)
        assert flat["PD_FIELD_TITLE"]
        assert isinstance(flat["PD_TABLE_MARKETS"], list)
    with ledger.call("prepare_asset_data of what a search loaded"):
        assert dam.prepare_asset_data(asset_id, first)["PD_FIELD_TITLE"] == flat["PD_FIELD_TITLE"]
    with ledger.call("download_asset"):
        assert dam.download_asset(asset_id, name)
        assert (folder / asset_id).stat().st_size == asset["content_size"]
    with ledger.call("download_asset again, which is up to date"):
        assert dam.download_asset(asset_id, name, asset_modification_date=asset["date_last_updated"])
    with ledger.call("download_asset again, which is out of date"):
        os.utime(folder / asset_id, (0, 0))
        assert dam.download_asset(asset_id, name, asset_modification_date=asset["date_last_updated"])
        assert (folder / asset_id).stat().st_mtime > time.time() - 3600
    with ledger.call("download_asset by the address of its content"):
        url = ledger.ready["core_dam"]["base_url"].rstrip("/") + asset["master_content_info"]["url"]
        (folder / asset_id).unlink()
        assert dam.download_asset(asset_id, name, download_url=url)
        digest = hashlib.md5((folder / asset_id).read_bytes(), usedforsecurity=False).hexdigest()
        assert digest == asset["master_content_info"]["content_checksum"]
    with ledger.call("remove_stale_download"):
        assert dam.remove_stale_download(asset_id, name)
        assert not dam.remove_stale_download(asset_id, name)


def _written_by_us(ledger: Ledger, dam: OTMM, folder: Path) -> None:
    given = ledger.given
    asset_id = given["asset_id"]
    with ledger.call("get_asset that was brought in"):
        asset = dam.get_asset(asset_id)["asset_resource"]["asset"]
        assert (asset["name"], asset["version"], asset["latest_version"]) == (given["name"], 2, True)
        assert asset["original_asset_id"] == given["original_asset_id"]
    with ledger.call("get_asset of its first version"):
        asset = dam.get_asset(given["original_asset_id"])["asset_resource"]["asset"]
        assert (asset["version"], asset["latest_version"], asset["locked"]) == (1, False, False)
    with ledger.call("prepare_asset_data of what was written"):
        flat = dam.prepare_asset_data(asset_id)
        assert flat["PD_FIELD_TITLE"] == given["title"]
        assert flat["PD_FIELD_STATUS"] == given["status"]
        assert [each.strip() for each in flat["OTM_TABLE_PRODUCT_TABLE_FIELD"]] == [given["product"]]
    with ledger.call("get_product_assets finds what was written"):
        found = dam.get_product_assets(dam.get_products()[given["product"]])
        assert asset_id in {each["asset_id"] for each in found}
    with ledger.call("get_business_unit_assets finds what has no product"):
        found = dam.get_business_unit_assets(dam.get_business_units()[given["unit"]])
        ids = {each["asset_id"] for each in found}
        assert given["without_product"] in ids
        assert asset_id not in ids
    with ledger.call("search_assets finds the new words"):
        found = dam.search_assets({"keyword_query": given["title"]})["search_result_resource"]["search_result"]
        assert asset_id in found["asset_id_list"]
    with ledger.call("download_asset of the new version"):
        assert dam.download_asset(asset_id, given["name"])
        assert hashlib.sha256((folder / asset_id).read_bytes()).hexdigest() == given["sha256"]
        ledger.hand("downloaded", {"asset_id": asset_id, "sha256": given["sha256"]})
    with ledger.call("get_asset that was deleted"):
        asset = dam.get_asset(given["deleted"])["asset_resource"]["asset"]
        assert (asset["deleted"], asset["asset_state"]) == (True, "DELETED")


def _loads(ledger: Ledger) -> None:
    """The flow that the client exists for: everything of every product and unit, with its files."""
    keys = ledger.ready["core_dam"]
    with TemporaryDirectory() as folder, ledger.call("load_assets with their files"):
        dam = _client(keys, folder)
        assert dam.authenticate()
        assert dam.load_assets()
        table = dam.get_data().get_data_frame()
        gone = table["deleted"] | table["expired"]
        files = {path.name for path in Path(folder).iterdir()}
        assert files == set(table[~gone]["asset_id"])
        assert set(table["workspace_type"]) == {"Product", "Business Unit"}
        ledger.hand("loaded", sorted(set(table["asset_id"])))
    with TemporaryDirectory() as folder, ledger.call("load_assets of one product"):
        wanted = next(iter(_signed_in(keys, folder).get_products()))
        dam = _signed_in(keys, folder, product_inclusions=[wanted])
        assert dam.load_assets(load_business_units=False, download_assets=False)
        assert set(dam.get_data().get_data_frame()["workspace_name"]) == {wanted}
    with TemporaryDirectory() as folder, ledger.call("load_assets without one business unit"):
        units = list(_signed_in(keys, folder).get_business_units())
        dam = _signed_in(keys, folder, business_unit_exclusions=units[:1])
        assert dam.load_assets(load_products=False, download_assets=False)
        assert units[0] not in set(dam.get_data().get_data_frame()["workspace_name"])
    with TemporaryDirectory() as folder, ledger.call("load_assets of one asset"):
        wanted = ledger.given["asset_id"]
        dam = _signed_in(keys, folder, asset_inclusions=[wanted])
        assert dam.load_assets(load_business_units=False)
        assert set(dam.get_data().get_data_frame()["asset_id"]) == {wanted}
    with TemporaryDirectory() as folder, ledger.call("load_assets without one asset"):
        unwanted = ledger.given["asset_id"]
        dam = _signed_in(keys, folder, asset_exclusions=[unwanted])
        assert dam.load_assets(load_business_units=False, download_assets=False)
        assert unwanted not in set(dam.get_data().get_data_frame()["asset_id"])


def _signed_in(keys: Mapping[str, str], folder: str, **selections: list[str]) -> OTMM:
    dam = _client(keys, folder, **selections)
    assert dam.authenticate()
    return dam


def _refusals(ledger: Ledger, dam: OTMM) -> None:
    with ledger.call("get_asset that is not there"):
        assert dam.get_asset(NO_ASSET) is None
    with ledger.call("get_asset_details that are not there"):
        assert dam.get_asset_details(NO_ASSET) is None
    with ledger.call("prepare_asset_data of nothing"):
        assert dam.prepare_asset_data(NO_ASSET) == {}
    with ledger.call("download_asset that is not there"):
        assert dam.download_asset(NO_ASSET, "nothing") is False
    with ledger.call("search_assets that cannot be read"):
        assert dam.search_assets({"search_condition_list": "{"}) is None
    with ledger.call("get_product_assets with an unknown table"):
        # A condition that the server does not know is left out, and it says so; everything is found.
        found = dam.get_product_assets("1", metadata_table_id="NO.SUCH.TABLE")
        assert len(found) == len(_every_page(dam)[0])
    with TemporaryDirectory() as folder, ledger.call("every call without a sign-in"):
        stranger = _client(ledger.ready["core_dam"], folder)
        assert stranger.get_lookup_domains() is None
        assert stranger.search_assets({"keyword_query": "*"}) is None
        assert stranger.get_asset(NO_ASSET) is None


if __name__ == "__main__":
    main()
