"""The Admin API's calls on folders. Source: contract §3.1; renaming and deleting as the vendor's Python client asks."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.notices import Notices
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.shelf import Question
from connectors.sandbox.cloudinary.state import Cloud


class FolderCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, cursors: Cursors, notices: Notices) -> None:
        self._cloud = cloud
        self._notices = notices
        self._cursors = cursors

    def children(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET folders and folders/{path}: the folders one step below."""
        above = path.get("folder", "").strip("/")
        known = self._cloud.folders()
        if above:
            _check_known(above, known)
        below = sorted(one for one in known if one.rpartition("/")[0] == above)
        return self.page(parameters, f"folders {above}", lambda: below)

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST folders/{path}."""
        del parameters
        folder = path["folder"].strip("/")
        self._cloud.empty_folders.add(folder)
        self._notices.emit("create_folder", {"folder_name": folder.rpartition("/")[2], "folder_path": folder})
        return {"success": True, **self._folder(folder)}

    def rename(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT folders/{path}: assets keep their public ids and change their folder (§2)."""
        before, after = path["folder"].strip("/"), parameters.required("to_folder").strip("/")
        _check_known(before, self._cloud.folders())

        def moved(folder: str) -> str:
            return after + folder[len(before) :] if folder == before or folder.startswith(f"{before}/") else folder

        self._cloud.empty_folders = {moved(folder) for folder in self._cloud.empty_folders}
        within = Question(test=lambda one: moved(one.asset_folder) != one.asset_folder)
        for resource in self._cloud.shelf.found(within):
            resource.asset_folder = moved(resource.asset_folder)
            self._cloud.touch(resource)
        self._notices.emit("move_or_rename_asset_folder", {"from_path": before, "to_path": after})
        return {"from": self._folder(before), "to": self._folder(after)}

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE folders/{path}: only without assets, in it and below it."""
        del parameters
        folder = path["folder"].strip("/")
        _check_known(folder, self._cloud.folders())
        gone = {one for one in self._cloud.folders() if one == folder or one.startswith(f"{folder}/")}
        if any(kind.resource.asset_folder in gone for kind in self._cloud.kinds()):
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Folder is not empty")
        self._cloud.empty_folders -= gone
        self._notices.emit("delete_folder", {"folder_name": folder.rpartition("/")[2], "folder_path": folder})
        return {"deleted": sorted(gone)}

    def page(self, parameters: Parameters, query: str, find: Callable[[], list[str]]) -> Answer:
        """One page of the folders that ``find`` lists."""
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        cursor = parameters.text("next_cursor")
        page, after, total = self._cursors.page(query, size=size, cursor=cursor, find=find)
        return with_cursor({"folders": [self._folder(one) for one in page], "total_count": total}, after)

    def _folder(self, folder: str) -> Answer:
        return {
            "name": folder.rpartition("/")[2],
            "path": folder,
            "external_id": self._cloud.hex_id("folder", folder),
        }


def _check_known(folder: str, known: set[str]) -> None:
    if folder not in known:
        raise RefusalError(HTTPStatus.NOT_FOUND, f"Can't find folder with path {folder}")
