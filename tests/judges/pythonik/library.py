"""Finding, making, changing and describing assets and collections."""

from pythonik.assets.models.asset_create_schema import AssetCreateSchema
from pythonik.assets.models.asset_history_schema import AssetHistorySchema
from pythonik.assets.models.asset_schema import AssetSchema
from pythonik.assets.models.asset_version_schema import AssetVersionSchema
from pythonik.assets.models.collection_content_schema import CollectionContentSchema
from pythonik.assets.models.collection_schema import CollectionSchema
from pythonik.assets.models.create_asset_version_from_asset_schema import CreateAssetVersionFromAssetSchema
from pythonik.assets.models.create_asset_version_schema import CreateAssetVersionSchema
from pythonik.assets.models.relation_schema import RelationSchema
from pythonik.assets.models.relation_type_schema import RelationTypeSchema
from pythonik.metadata.models.metadata_values_batch_schema import MetadataValuesBatchSchema
from pythonik.metadata.models.metadata_values_schema import MetadataValuesSchema
from pythonik.search.models.saved_search_schema import SavedSearchSchema
from pythonik.search.models.search_criteria import SearchCriteria
from pythonik.search.models.search_criteria_schema import SearchCriteriaSchema
from pythonik.search.models.search_suggest_schema import SearchSuggestSchema

from tests.judges.pythonik.desk import Desk, every
from tests.judges.pythonik.people import NOBODY

FROM_THE_CONTRACT = {
    "doc_types": ["assets"],
    "query": "NOT draft",
    "filter": {
        "operator": "AND",
        "terms": [
            {"name": "status", "value_in": ["ACTIVE"]},
            {"name": "date_created", "range": {"min": "2020-01-01T00:00:00", "max": "2036-02-01T00:00:00"}},
        ],
        "filters": [
            {
                "operator": "OR",
                "terms": [{"name": "media_type", "value": "video"}, {"name": "media_type", "value": "image"}],
            }
        ],
    },
    "facets": ["media_type", "archive_status"],
    "facets_filters": [{"name": "media_type", "value_in": ["video"]}],
    "sort": [{"name": "date_created", "order": "desc"}],
    "include_fields": ["id", "title", "metadata", "keyframes", "proxies", "archive_status"],
}


def flow(desk: Desk) -> tuple[str, str]:
    """Search, then one film in detail; its id and its newest version's."""
    ik = desk.ik
    found = desk.ask(
        "search with filter, facets and sort",
        lambda: ik.post_search(body=SearchCriteriaSchema.from_dict(FROM_THE_CONTRACT), per_page=2),
        check=lambda page: len(page.objects) == 2 and page.total > 2,
    )
    after = {**FROM_THE_CONTRACT, "search_after": found.objects[-1].additional_properties["_sort"]}
    desk.ask(
        "search behind the last hit",
        lambda: ik.post_search(body=SearchCriteriaSchema.from_dict(after), per_page=2),
        check=lambda page: {hit.id for hit in page.objects}.isdisjoint({hit.id for hit in found.objects}),
    )
    desk.ask("search v2", lambda: ik.post_search_v2(body=SearchCriteria.from_dict({"query": "spring"})))
    wrong = {"query": "spring", "sort": [{"name": "title", "order": "sideways"}]}
    with desk.ledger.call("search v2 names what is wrong"):
        http = ik._client("search").get_httpx_client()
        assert http.post("/v2/search/", json=wrong).status_code == 422
    desk.ask("suggest", lambda: ik.post_search_suggest(body=SearchSuggestSchema(query="spr", field_name="title")))
    with desk.ledger.call("every hit, page by page"):
        everything = SearchCriteriaSchema.from_dict({"doc_types": ["assets"]})
        hits = every(lambda page: ik.post_search(body=everything, page=page, per_page=20))
        assert len({hit.id for hit in hits}) == len(hits) > 20
    with desk.ledger.call("every asset, page by page"):
        assets = every(lambda page: ik.get_assets(page=page, per_page=15))
        assert len({asset.id for asset in assets}) == len(assets) > 15
    desk.ask("a page beyond the end", lambda: ik.get_assets(page=999), status=404)
    saved(desk)
    film = next(hit for hit in found.objects if hit.additional_properties)
    asset_id = str(film.id)
    asset = desk.ask(
        "asset with people and collections",
        lambda: ik.get_asset(asset_id, include_users=True, include_collections=True),
        check=lambda one: bool(one.versions),
    )
    version_id = str(max(asset.versions, key=lambda version: version.version_number).id)
    desk.ask("recent assets", ik.get_assets_recent)
    desk.ask("an asset that is not there", lambda: ik.get_asset(NOBODY), status=404)
    desk.ask(
        "edit asset",
        lambda: ik.patch_asset(asset_id, body=AssetSchema.from_dict({"title": "Renamed by a judge"})),
        check=lambda one: one.title == "Renamed by a judge",
    )
    desk.ask("mark viewed", lambda: ik.post_asset_views(asset_id))
    desk.ask(
        "add to history",
        lambda: ik.post_asset_history(
            asset_id,
            body=AssetHistorySchema.from_dict({"operation_type": "CUSTOM", "operation_description": "judged"}),
        ),
        status=201,
    )
    desk.ask("asset history", lambda: ik.get_asset_history(asset_id), check=lambda page: page.total >= 1)
    life(desk)
    relations(desk, asset_id)
    return asset_id, version_id


def saved(desk: Desk) -> None:
    """A question kept, asked, changed and forgotten."""
    ik = desk.ik
    body = SavedSearchSchema.from_dict({"name": "Films", "criteria": {"doc_types": ["assets"], "query": "spring"}})
    made = desk.ask("save search", lambda: ik.post_search_saved(body=body), status=201)
    desk.ask("saved searches", ik.get_search_saved, check=lambda page: page.objects[0].name == "Films")
    desk.ask("saved search, asked", lambda: ik.get_search_saved_by_search(str(made.id)), check=lambda page: page.total)
    desk.ask("change saved search", lambda: ik.patch_search_saved_by_search(str(made.id), body=body))
    desk.ask("delete saved search", lambda: ik.delete_search_saved_by_search(str(made.id)), status=204)
    desk.ask("a saved search that is gone", lambda: ik.get_search_saved_by_search(str(made.id)), status=404)


def life(desk: Desk) -> None:
    """An asset from its making to the recycle bin and back, with versions."""
    ik = desk.ik
    made = desk.ask("new asset", lambda: ik.post_assets(body=AssetCreateSchema(title="Judge's own")), status=201)
    other = desk.ask("another asset", lambda: ik.post_assets(body=AssetCreateSchema(title="Second")), status=201)
    asset_id = str(made.id)
    desk.ask("new asset without a title", lambda: ik.post_assets(body=AssetCreateSchema(title="")), status=400)
    versions = desk.ask(
        "new version",
        lambda: ik.post_asset_versions(asset_id, body=CreateAssetVersionSchema(copy_metadata=True)),
        check=lambda answer: len(answer.versions) == 2,
    )
    first = str(min(versions.versions, key=lambda version: version.version_number).id)
    desk.ask("promote version", lambda: ik.put_asset_version_promote(asset_id, first))
    desk.ask(
        "edit version",
        lambda: ik.patch_asset_version(asset_id, first, body=AssetVersionSchema.from_dict({"status": "ACTIVE"})),
    )
    desk.ask(
        "version from asset",
        lambda: ik.post_asset_versions_from_assets_by_source_asset(
            asset_id, str(other.id), body=CreateAssetVersionFromAssetSchema()
        ),
        status=202,
    )
    desk.ask("asset has three versions", lambda: ik.get_asset(asset_id), check=lambda one: len(one.versions) == 3)
    desk.ask("delete version", lambda: ik.delete_asset_version(asset_id, first), status=204)
    desk.ask("delete asset", lambda: ik.delete_asset(asset_id), status=204)
    desk.ask("asset in the recycle bin", lambda: ik.get_asset(asset_id), status=404)
    desk.ask("undelete asset", lambda: ik.put_asset_restore(asset_id), status=204)
    desk.ask("asset back again", lambda: ik.get_asset(asset_id))


def relations(desk: Desk, asset_id: str) -> None:
    """A type of one's own, a tie, the same tie again, untied."""
    ik = desk.ik
    other = next(str(one.id) for one in ik.get_assets().parsed.objects if str(one.id) != asset_id)
    desk.ask("relation types", ik.get_assets_relation_types, check=lambda answer: len(answer.objects) > 3)
    kind = RelationTypeSchema.from_dict(
        {"name": "judged_with", "source_label": "Judged with", "destination_label": "Judged with"}
    )
    desk.ask("new relation type", lambda: ik.post_assets_relation_types(body=kind), status=201)
    desk.ask("relation type", lambda: ik.get_assets_relation_types_by_relation_type("judged_with"))
    tie = RelationSchema.from_dict({"related_to_asset_id": other, "relation_type": "judged_with"})
    desk.ask("relate", lambda: ik.post_asset_relations(asset_id, body=tie), status=201)
    desk.ask("relate again", lambda: ik.post_asset_relations(asset_id, body=tie))
    desk.ask("relations", lambda: ik.get_asset_relations(asset_id), check=lambda page: page.total >= 1)
    desk.ask(
        "relations of a type",
        lambda: ik.get_asset_relations_by_relation_type(asset_id, "judged_with"),
        check=lambda page: page.total == 1,
    )
    desk.ask(
        "unrelate",
        lambda: ik.delete_asset_relations_by_relation_type_by_related_to_asset(asset_id, "judged_with", other),
        status=204,
    )


def metadata(desk: Desk, asset_id: str, version_id: str) -> None:
    """Views, fields, values; a bad value refused by its field."""
    ik = desk.ik
    views = desk.ask("metadata views", ik.get_views_metadata)
    view = next(str(one.id) for one in views.objects if one.name == "Marketing")
    desk.ask("view with types", lambda: ik.get_view_metadata(view, merge_fields=True))
    desk.ask("metadata fields", lambda: ik.get_fields_metadata(per_page=4), check=lambda page: len(page.objects) == 4)
    desk.ask("metadata field", lambda: ik.get_fields_metadata_by_field_name("Language"))
    desk.ask("views of a category", lambda: ik.get_object_categories_views_metadata_by_name("assets", "default"))
    keywords = {"metadata_values": {"Keywords": {"mode": "append", "field_values": [{"value": "judged"}]}}}
    desk.ask(
        "write metadata", lambda: ik.put_asset_metadata(asset_id, view, body=MetadataValuesSchema.from_dict(keywords))
    )
    desk.ask(
        "read metadata",
        lambda: ik.get_asset_metadata(asset_id, view),
        check=lambda values: "judged" in str(values.to_dict()["metadata_values"]["Keywords"]),
    )
    desk.ask("metadata of a version", lambda: ik.get_asset_version_view_metadata(asset_id, version_id, view))
    wrong = {"metadata_values": {"Language": {"field_values": [{"value": "xx"}]}}}
    desk.ask(
        "a value that is no option",
        lambda: ik.put_asset_metadata(asset_id, view, body=MetadataValuesSchema.from_dict(wrong)),
        status=400,
    )
    many = MetadataValuesBatchSchema.from_dict({"object_ids": [asset_id], **keywords})
    desk.ask("metadata of many", lambda: ik.put_asset_metadata_bulk(view, body=many), status=202)
    new = ik.post_assets(body=AssetCreateSchema(title="Undescribed")).parsed
    desk.ask("metadata that was never written", lambda: ik.get_asset_metadata(str(new.id), view), status=404)
    desk.ask("metadata without a view", lambda: ik.get_object_metadata_direct("assets", asset_id))
    desk.ledger.hand("described", {"asset_id": asset_id, "view_id": view, "field": "Keywords", "value": "judged"})


def collections(desk: Desk, asset_id: str) -> None:
    """Into a collection, counted there, and out again."""
    ik = desk.ik
    with desk.ledger.call("every collection, page by page"):
        assert len(every(lambda page: ik.get_collections(page=page, per_page=3))) > 3
    parent = str(ik.get_collections().parsed.objects[0].id)
    made = desk.ask(
        "new collection",
        lambda: ik.post_collections(body=CollectionSchema.from_dict({"title": "Judged", "parent_id": parent})),
        status=201,
    )
    key = str(made.id)
    inside = CollectionContentSchema.from_dict({"object_id": asset_id, "object_type": "assets"})
    desk.ask("collection", lambda: ik.get_collection(key))
    desk.ask("add to collection", lambda: ik.post_collection_contents(key, body=inside), status=201)
    desk.ask("contents", lambda: ik.get_collection_contents(key), check=lambda page: page.total == 1)
    desk.ask("size", lambda: ik.get_collection_content_info(key), check=lambda info: info.assets_count == 1)
    desk.ask("breadcrumb", lambda: ik.get_collection_ancestors(key))
    desk.ask(
        "rename collection",
        lambda: ik.patch_collection(key, body=CollectionSchema.from_dict({"title": "Judged again"})),
        check=lambda one: one.title == "Judged again",
    )
    desk.ask(
        "remove from collection", lambda: ik.delete_collection_contents_object(key, "assets", asset_id), status=204
    )
    desk.ask("delete collection", lambda: ik.delete_collection(key), status=204)
    desk.ask("a collection that is gone", lambda: ik.get_collection(key), status=404)


def handed_over(desk: Desk) -> None:
    """What the desk's own client wrote before, read with this one."""
    ik, given = desk.ik, desk.ledger.given
    asset_id = given["asset_id"]
    desk.ask("their asset", lambda: ik.get_asset(asset_id), check=lambda one: one.title == given["title"])
    desk.ask(
        "their comment",
        lambda: ik.get_asset_segments(asset_id, segment_type="COMMENT"),
        check=lambda page: page.objects[0].segment_text == given["comment"],
    )
    desk.ask(
        "their file",
        lambda: ik.get_asset_files(asset_id),
        check=lambda page: page.objects[0].size == given["size_bytes"],
    )
    desk.ask(
        "their values",
        lambda: ik.get_asset_metadata(asset_id, given["view_id"]),
        check=lambda values: given["keyword"] in str(values.to_dict()["metadata_values"]["Keywords"]),
    )
    desk.ask(
        "their share",
        lambda: ik.get_object_shares("assets", asset_id),
        check=lambda page: page.objects[0].title == given["share"],
    )
    desk.ask(
        "their decision",
        lambda: ik.get_object_approvals("assets", asset_id),
        check=lambda page: page.objects[0].status == "APPROVED",
    )
