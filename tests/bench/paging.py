"""Fifty thousand assets out of each library at 50 ms from answer to answer, against what the vendor's pace allows.

Ours is the desk's own reading of a whole library (``changed_since(None)``), its records included. The pages are the
sandbox's; a first reading, not counted, lets a server of its own learn them, which then gives them out after exactly
the latency, for how long our sandbox thinks is nothing that a client can help. The bound is what nobody can be faster
than who asks as the vendor wishes:

    pages  = assets / the largest page that the client asks for (as counted on the wire)
    waits  = pages, one by one, where a page names the next; else 1 + (pages - 1) / calls at once
    bound  = max(waits × latency, (pages - burst) / calls per second)

``sdks`` are the vendors' own clients on the same server, read twice too, with their own default pages (a tenth of the
assets, multiplied) and with the largest, where their environments can be made.
"""

import argparse
import asyncio
import json
import math
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter, process_time
from typing import Any, Final

from app.systems.cloudinary import CloudinaryLibrary
from app.systems.core_dam import CoreDamLibrary
from app.systems.iconik import IconikLibrary
from app.systems.ports import AssetLibrary
from connectors.cloudinary import open_cloudinary
from connectors.cloudinary.opening import API_PACE
from connectors.core_dam.client import PACE as DAM_PACE
from connectors.core_dam.client import open_core_dam
from connectors.core_dam.sign_in import password_session
from connectors.http import Exchange, Pace
from connectors.iconik import open_iconik
from tests.bench.ends.process import replaying
from tests.bench.result import Result
from tests.judges.environments import ROOT, python_of

ASSETS: Final = 50_000
LATENCY_MS: Final = 50
_LIBRARIES: Final = 3
_ICONIK_PACE: Final = Pace(calls=40, per_s=1.0, at_once=8)
_ONE_BY_ONE: Final = 1

_CLOUDINARY_SDK: Final = """
    import cloudinary, json, sys, time
    from cloudinary.search import Search
    said = json.load(sys.stdin)
    cloudinary.config(cloud_name=said["cloud_name"], api_key=said["api_key"], api_secret=said["api_secret"],
                      upload_prefix=said["base_url"])
    count, cursor, began = 0, None, time.perf_counter()
    while count < said["assets"]:
        search = Search().sort_by("created_at", "asc")
        if said["page"]:
            search = search.max_results(said["page"])
        if cursor:
            search = search.next_cursor(cursor)
        page = search.execute()
        count += len(page["resources"])
        cursor = page.get("next_cursor")
        if not cursor:
            break
    print(json.dumps({"assets": count, "seconds": time.perf_counter() - began}))
"""
_PYTHONIK_SDK: Final = """
    import json, sys, time
    from pythonik.client import PythonikClient
    said = json.load(sys.stdin)
    client = PythonikClient(app_id=said["app_id"], auth_token=said["auth_token"], timeout=60, base_url=said["base_url"])
    count, after, began = 0, None, time.perf_counter()
    sort = [{"name": "date_modified", "order": "asc"}, {"name": "id", "order": "asc"}]
    while count < said["assets"]:
        page = {"per_page": said["page"]} if said["page"] else {}
        body = {"doc_types": ["assets"], "sort": sort, **({"search_after": after} if after else {})}
        found = client.search().search(body, generate_signed_url=False, **page).data
        if not found.objects:
            break
        count += len(found.objects)
        last = found.objects[-1]
        after = last.get("_sort") if isinstance(last, dict) else last.sort
        if not after:
            break
    print(json.dumps({"assets": count, "seconds": time.perf_counter() - began}))
"""
_SDKS: Final = {"cloudinary": ("cloudinary", _CLOUDINARY_SDK, 500), "iconik": ("pythonik", _PYTHONIK_SDK, 1000)}


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and whether the vendors' own clients run too."""
    parser.add_argument("--assets", type=int, default=ASSETS, help="in each library (%(default)s)")
    parser.add_argument("--without-sdks", action="store_true", help="leave the vendors' own clients out")


def run(*, assets: int = ASSETS, without_sdks: bool = False) -> Result:
    """Seconds for all three libraries; ``ratio`` is the worst library's time to its bound."""
    libraries: dict[str, dict[str, Any]] = {}
    sdks: dict[str, dict[str, Any]] = {}
    with sandbox(assets) as ready:
        for name in ("cloudinary", "iconik", "core_dam"):
            with replaying(ready[name]["base_url"], latency_ms=LATENCY_MS) as base_url:
                said = {**ready[name], "base_url": base_url}
                asyncio.run(_read(name, said, assets))
                libraries[name] = asyncio.run(_read(name, said, assets))
                if name in _SDKS and not without_sdks:
                    sdks[name] = _sdk(name, said, assets)
    for name, found in sdks.items():
        for kind in ("default page", "largest page"):
            if "seconds" in found.get(kind, {}):
                found[kind]["times_ours"] = round(found[kind]["seconds_for_all"] / libraries[name]["seconds"], 2)
    return Result(
        name="paging",
        unit="s",
        ours=round(sum(each["seconds"] for each in libraries.values()), 2),
        bare=round(sum(each["bound_s"] for each in libraries.values()), 2),
        ratio=max(each["ratio"] for each in libraries.values()),
        runs=1,
        details={
            "latency_ms": LATENCY_MS,
            "bound": "max(waits x latency, (pages - burst) / rate); waits = pages, or 1 + (pages - 1) / at once",
            "systems": libraries,
            "sdks": sdks,
        },
    )


@contextmanager
def sandbox(assets: int) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "connectors.sandbox", "--quiet", "--with-parent", str(os.getpid())]
    size = ["--assets", str(assets * _LIBRARIES), "--events", "20"]
    server = subprocess.Popen([*command, *size], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.terminate()
        server.communicate()


async def _read(name: str, said: Mapping[str, Any], assets: int) -> dict[str, Any]:
    exchanges: list[Exchange] = []
    library, pace, at_once = library_of(name, said, exchanges)
    await library.probe()
    exchanges.clear()
    count, began, worked = 0, perf_counter(), process_time()
    async for page in library.changed_since(None):
        count += len(page.assets)
        if count >= assets:
            break
    took, worked = perf_counter() - began, process_time() - worked
    await library.close()
    pages = len(exchanges)
    waits = pages if at_once == _ONE_BY_ONE else 1 + math.ceil((pages - 1) / at_once)
    bound = max(waits * LATENCY_MS / 1000, (pages - pace.calls) * pace.per_s / pace.calls)
    return {
        "assets": count,
        "pages": pages,
        "at_once": at_once,
        "calls_per_s": pace.calls / pace.per_s,
        "seconds": round(took, 3),
        "cpu_seconds": round(worked, 3),
        "bound_s": round(bound, 3),
        "ratio": round(took / bound, 3),
    }


def library_of(name: str, said: Mapping[str, Any], exchanges: list[Exchange]) -> tuple[AssetLibrary, Pace, int]:
    match name:
        case "cloudinary":
            cloud = open_cloudinary(
                cloud_name=said["cloud_name"],
                api_key=said["api_key"],
                api_secret=said["api_secret"],
                base_url=said["base_url"],
                delivery_url=said["delivery_url"],
                on_exchange=exchanges.append,
            )
            return CloudinaryLibrary(cloud), API_PACE, _ONE_BY_ONE
        case "iconik":
            domain = open_iconik(
                app_id=said["app_id"],
                auth_token=said["auth_token"],
                base_url=said["base_url"],
                pace=_ICONIK_PACE,
                on_exchange=exchanges.append,
            )
            return IconikLibrary(domain, base_url=said["base_url"]), _ICONIK_PACE, _ONE_BY_ONE
        case _:
            sign_in = password_session(username=said["username"], password=said["password"])
            dam = open_core_dam(base_url=said["base_url"], sign_in=sign_in, on_exchange=exchanges.append)
            return CoreDamLibrary(dam), DAM_PACE, DAM_PACE.at_once


def _sdk(name: str, said: Mapping[str, Any], assets: int) -> dict[str, Any]:
    """The vendor's own client: a tenth of the assets with its default page, all of them with the largest."""
    judge, program, largest = _SDKS[name]
    found: dict[str, Any] = {}
    for kind, page, wanted in (("default page", 0, assets // 10), ("largest page", largest, assets)):
        asked = json.dumps({**said, "page": page, "assets": wanted})
        try:
            _asked(judge, program, asked)
            counted = _asked(judge, program, asked)
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            found[kind] = {"failed": (getattr(error, "stderr", "") or str(error))[-300:]}
            continue
        found[kind] = {**counted, "seconds_for_all": round(counted["seconds"] * assets / max(counted["assets"], 1), 2)}
    return found


def _asked(judge: str, program: str, asked: str) -> dict[str, Any]:
    ended = subprocess.run(
        [str(python_of(judge)), "-c", textwrap.dedent(program)],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_PROXY": "*"},
    )
    counted: dict[str, Any] = json.loads(ended.stdout)
    return counted
