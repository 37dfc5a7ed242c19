"""Other people's clients at the vendors: plain HTTP as each vendor documents it, without a line of ours between."""

import hashlib

import httpx

from tests.stories.sandbox import Json


class SecondClients:
    """Signed in on their own; they see what anybody else at the vendor sees."""

    def __init__(self, ready: Json) -> None:
        self._ready = ready
        self._http = httpx.AsyncClient(timeout=30, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def cloudinary_asset(self, asset_id: str) -> Json:
        """Cloudinary's Admin API."""
        keys = self._ready["cloudinary"]
        return await self._json(
            "GET",
            f"{keys['base_url']}/v1_1/{keys['cloud_name']}/resources/{asset_id}",
            auth=(keys["api_key"], keys["api_secret"]),
        )

    async def iconik(self, path: str) -> Json:
        """iconik's API."""
        keys = self._ready["iconik"]
        headers = {"App-ID": keys["app_id"], "Auth-Token": keys["auth_token"]}
        return await self._json("GET", f"{keys['base_url']}/API/{path}", headers=headers)

    async def core_dam_fields(self, asset_id: str) -> dict[str, str]:
        """The fields of an asset in a session of its own: id → stored value."""
        keys = self._ready["core_dam"]
        api = f"{keys['base_url']}/otmmapi/v6"
        session = await self._json(
            "POST",
            f"{api}/sessions",
            data={"username": keys["username"], "password": keys["password"]},
            headers={"X-Requested-By": "a-second-client"},
        )
        said = session["session_resource"]["session"]
        headers = {"X-Requested-By": str(said["id"]), "otmmauthtoken": said["message_digest"]}
        asset = await self._json(
            "GET",
            f"{api}/assets/{asset_id}",
            params={"load_type": "custom", "data_load_request": '{"data_load_request":{"load_metadata":true}}'},
            headers=headers,
        )
        found: dict[str, str] = {}
        _collect_fields(asset["asset_resource"]["asset"]["metadata"], found)
        return found

    async def archive_ticket(self) -> dict[str, str]:
        """Content Server's own sign-in, as the header that calls carry."""
        keys = self._ready["extended_ecm"]
        reply = await self._json(
            "POST",
            f"{keys['base_url']}{keys['cs_path']}/api/v1/auth",
            data={"username": keys["username"], "password": keys["password"]},
        )
        return {"OTCSTicket": reply["ticket"]}

    async def archived_sha256(self, node: int) -> str:
        """What Content Server gives out for a node, hashed."""
        keys = self._ready["extended_ecm"]
        reply = await self._http.get(
            f"{keys['base_url']}{keys['cs_path']}/api/v2/nodes/{node}/content", headers=await self.archive_ticket()
        )
        reply.raise_for_status()
        return hashlib.sha256(reply.content).hexdigest()

    async def archive_names(self, folder: int) -> list[str]:
        """The names of everything in a folder."""
        keys = self._ready["extended_ecm"]
        listed = await self._json(
            "GET",
            f"{keys['base_url']}{keys['cs_path']}/api/v2/nodes/{folder}/nodes",
            params={"limit": 200},
            headers=await self.archive_ticket(),
        )
        return [each["data"]["properties"]["name"] for each in listed["results"]]

    async def archive_category_values(self, node: int) -> dict[str, object]:
        """All category values of a node, by the server's keys."""
        keys = self._ready["extended_ecm"]
        listed = await self._json(
            "GET",
            f"{keys['base_url']}{keys['cs_path']}/api/v2/nodes/{node}/categories",
            headers=await self.archive_ticket(),
        )
        return {key: value for each in listed["results"] for key, value in each["data"]["categories"].items()}

    async def change_archive_value(self, node: int, name: str, value: str) -> None:
        """Somebody else changes the category value called ``name``."""
        keys = self._ready["extended_ecm"]
        address = f"{keys['base_url']}{keys['cs_path']}/api/v2/nodes/{node}/categories"
        headers = await self.archive_ticket()
        listed = await self._json("GET", address, params={"metadata": ""}, headers=headers)
        for each in listed["results"]:
            for key, said in each["metadata"]["categories"].items():
                if said["name"] == name:
                    category = key.partition("_")[0]
                    await self._json("PUT", f"{address}/{category}/", data={key: value}, headers=headers)

    async def end_retention(self, node: int) -> None:
        """An archivist takes a document off the file plan, unless a hold freezes it: no retention keeps it any more."""
        keys = self._ready["extended_ecm"]
        address = f"{keys['base_url']}{keys['cs_path']}/api/v1/nodes/{node}"
        headers = await self.archive_ticket()
        if (await self._json("GET", f"{address}/holds", headers=headers))["data"]:
            return
        said = await self._json("GET", f"{address}/rmclassifications", headers=headers)
        token = {"rm_metadataToken": said["rm_metadataToken"]}
        for each in said["data"]:
            record = f"{address}/rmclassifications/{each['rmclassification_id']}"
            (await self._http.delete(record, params=token, headers=headers)).raise_for_status()

    async def file(self, folder: int, name: str, content: bytes) -> int:
        """Somebody else files a document; its node."""
        keys = self._ready["extended_ecm"]
        made = await self._json(
            "POST",
            f"{keys['base_url']}{keys['cs_path']}/api/v2/nodes",
            data={"type": "144", "parent_id": str(folder), "name": name},
            files={"file": (name, content, "application/pdf")},
            headers=await self.archive_ticket(),
        )
        return int(made["results"]["data"]["properties"]["id"])

    async def _json(self, method: str, address: str, **how: object) -> Json:
        reply = await self._http.request(method, address, **how)  # type: ignore[arg-type]  # each call says its own way
        reply.raise_for_status()
        body: Json = reply.json()
        return body


def _collect_fields(element: Json, found: dict[str, str]) -> None:
    """Metadata is a tree of categories, tables and fields."""
    for inner in element.get("metadata_element_list", ()):
        _collect_fields(inner, found)
    value = element.get("value", {})
    if "id" in element and isinstance(value, dict):
        stored = value.get("value", {})
        while isinstance(stored, dict) and "value" in stored:
            stored = stored["value"]
        if isinstance(stored, dict):
            stored = stored.get("field_value", {}).get("value", "")
        found[element["id"]] = str(stored)
