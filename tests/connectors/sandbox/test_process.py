"""The sandbox as people and programs start it: a process, a line of JSON, five systems, a clean end."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

READY_WITHIN_S = 300
"""Three seconds on a quiet machine; a busy one is not a failure of the sandbox."""
ENDS_WITHIN_S = 300

Ready = dict[str, Any]


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "connectors.sandbox", "--quiet", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_line(process: "subprocess.Popen[str]") -> Ready:
    assert process.stdout is not None
    ready: Ready = json.loads(process.stdout.readline())
    return ready


def end(process: "subprocess.Popen[str]", sign: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
    process.send_signal(sign)
    out, err = process.communicate(timeout=ENDS_WITHIN_S)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def ready() -> Iterator[Ready]:
    """The ready line of a running sandbox."""
    process = start()
    try:
        yield first_line(process)
    finally:
        end(process)


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=READY_WITHIN_S) as client:
        yield client


def test_it_starts_says_where_it_is_and_ends_cleanly(tmp_path: Path) -> None:
    """A tour would leave processes behind, or never begin."""
    process = start("--ready-file", str(tmp_path / "ready.json"))
    line = first_line(process)
    written = json.loads((tmp_path / "ready.json").read_text("utf-8"))
    mode = stat.S_IMODE((tmp_path / "ready.json").stat().st_mode)
    code, out, err = end(process)

    assert written == line
    assert line["pid"] == process.pid
    assert mode == 0o600
    assert (code, out, err) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["ready.json"]


def test_an_interrupt_ends_it_as_cleanly() -> None:
    """Ctrl+C would print a stack of Python lines."""
    process = start()
    first_line(process)

    assert end(process, signal.SIGINT) == (0, "", "")


def test_it_ends_with_its_parent() -> None:
    """A desk that dies would leave five systems running."""
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, subprocess, sys;"
            "subprocess.Popen([sys.executable, '-m', 'connectors.sandbox', '--with-parent', str(os.getpid())]);"
            "sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert parent.stdout is not None
        json.loads(parent.stdout.readline())

        # Both hold the pipe: its end means that both are gone. Nobody waits for the parent before that.
        rest, _ = parent.communicate(input="", timeout=ENDS_WITHIN_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
        parent.communicate()

    assert rest == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--faults", '{"kind": "explode"}'], "these are no fault rules"),
        (["--faults", "/there/is/no/such/file"], "these are no fault rules"),
        (["--assets", "-1"], "below zero"),
        (["--now", "yesterday"], "--now"),
        (["--index-lag-s", "-1"], "no number of seconds"),
        (["--dialect", "klingon"], "--dialect"),
    ],
)
def test_a_wrong_argument_is_named(arguments: list[str], words: str) -> None:
    """The sandbox would start as somebody did not mean."""
    process = start(*arguments)
    _, said = process.communicate(timeout=READY_WITHIN_S)

    assert process.returncode == 2
    assert words in said


def test_a_taken_port_is_said_in_one_line() -> None:
    """A stack trace would hide the reason."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start("--port-base", str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=READY_WITHIN_S)

    assert process.returncode == 1
    assert said.startswith("The sandbox cannot start:")
    assert said.count("\n") == 1


def test_time_trouble_and_delay_come_from_the_command_line(web: httpx.Client) -> None:
    """A story could not be told at its own time and with its own trouble."""
    process = start(
        *("--now", "2026-05-12T09:00:00+02:00", "--latency-ms", "40"),
        *("--faults", '[{"kind": "503", "system": "otds", "count": 1}]'),
    )
    ready = first_line(process)
    try:
        now = web.get(
            f"{ready['control_url']}/clock", headers={"Authorization": f"Bearer {ready['control_token']}"}
        ).json()["now"]
        refused, allowed = (sign_in_to_otds(web, ready, ready["otds"]["password"]) for _ in range(2))
    finally:
        end(process)

    assert datetime.fromisoformat(now) - datetime(2026, 5, 12, 7, tzinfo=UTC) < timedelta(seconds=READY_WITHIN_S)
    assert (refused.status_code, allowed.status_code) == (503, 200)
    assert allowed.elapsed.total_seconds() >= 0.04


def test_the_keys_of_the_ready_file_are_all_there(ready: Ready) -> None:
    """Programs that read the fixed keys would break."""
    fixed = {
        "otds": {"base_url", "username", "password", "partition", "client_id", "client_secret"},
        "exstream": {
            "base_url",
            "otds_url",
            "tenant",
            "subscription",
            "client_id",
            "client_secret",
            "username",
            "password",
            "domain",
        },
        "extended_ecm": {"base_url", "cs_path", "otds_url", "username", "password"},
        "core_dam": {"base_url", "delivery_url", "username", "password", "client_id", "client_secret"},
        "iconik": {"base_url", "app_id", "auth_token", "email", "password"},
        "cloudinary": {"base_url", "delivery_url", "cloud_name", "api_key", "api_secret"},
    }

    missing = {system: keys - ready[system].keys() for system, keys in fixed.items()}

    assert ready["version"] == 1
    assert ready["control_url"].startswith("http://127.0.0.1:")
    assert not any(missing.values()), missing


def sign_in_to_otds(web: httpx.Client, ready: Ready, password: str) -> httpx.Response:
    return web.post(
        f"{ready['otds']['base_url']}/otdsws/rest/authentication/credentials",
        json={"userName": ready["otds"]["username"], "password": password},
    )


def ask_exstream(web: httpx.Client, ready: Ready, password: str) -> httpx.Response:
    keys = ready["exstream"]
    token = web.post(
        f"{keys['otds_url']}/otdstenant/{keys['tenant']}/oauth2/token",
        data={
            "grant_type": "password",
            "username": keys["username"],
            "password": password,
            "client_id": keys["client_id"],
            "client_secret": keys["client_secret"],
        },
    )
    bearer = token.json().get("access_token", "none")
    return web.get(f"{keys['base_url']}/design/api/v1/domains", headers={"Authorization": f"Bearer {bearer}"})


def sign_in_to_extended_ecm(web: httpx.Client, ready: Ready, password: str) -> httpx.Response:
    keys = ready["extended_ecm"]
    return web.post(
        f"{keys['base_url']}{keys['cs_path']}/api/v1/auth",
        data={"username": keys["username"], "password": password},
    )


def sign_in_to_core_dam(web: httpx.Client, ready: Ready, password: str) -> httpx.Response:
    keys = ready["core_dam"]
    return web.post(
        f"{keys['base_url']}/otmmapi/v6/sessions",
        data={"username": keys["username"], "password": password},
        headers={"X-Requested-By": "tests"},
    )


def check_iconik_token(web: httpx.Client, ready: Ready, token: str) -> httpx.Response:
    keys = ready["iconik"]
    return web.get(
        f"{keys['base_url']}/API/auth/v1/auth/token/", headers={"App-ID": keys["app_id"], "Auth-Token": token}
    )


def ping_cloudinary(web: httpx.Client, ready: Ready, secret: str) -> httpx.Response:
    keys = ready["cloudinary"]
    return web.get(f"{keys['base_url']}/v1_1/{keys['cloud_name']}/ping", auth=(keys["api_key"], secret))


SIGN_INS = {
    "otds": (sign_in_to_otds, "password"),
    "exstream": (ask_exstream, "password"),
    "extended_ecm": (sign_in_to_extended_ecm, "password"),
    "core_dam": (sign_in_to_core_dam, "password"),
    "iconik": (check_iconik_token, "auth_token"),
    "cloudinary": (ping_cloudinary, "api_secret"),
}


@pytest.mark.parametrize("system", SIGN_INS)
def test_the_credentials_of_the_ready_file_open_each_system(system: str, ready: Ready, web: httpx.Client) -> None:
    """The demo could not sign in."""
    sign_in, key = SIGN_INS[system]

    assert sign_in(web, ready, ready[system][key]).is_success


@pytest.mark.parametrize("system", SIGN_INS)
def test_other_credentials_open_none(system: str, ready: Ready, web: httpx.Client) -> None:
    """A wrong password would be found out only at a customer's."""
    sign_in, _ = SIGN_INS[system]

    assert sign_in(web, ready, "wrong").is_client_error


def test_what_was_done_is_on_record(ready: Ready, web: httpx.Client) -> None:
    """Doubles could not be counted over real HTTP."""
    control = {"Authorization": f"Bearer {ready['control_token']}"}
    web.delete(f"{ready['control_url']}/writes", headers=control)

    sign_in_to_otds(web, ready, "wrong")
    writes = web.get(f"{ready['control_url']}/writes", params={"system": "otds"}, headers=control).json()

    assert [(write["method"], write["path"]) for write in writes] == [
        ("POST", "/otdsws/rest/authentication/credentials")
    ]


def test_a_fault_strikes_over_real_http(ready: Ready, web: httpx.Client) -> None:
    """Stories about trouble would be told without it."""
    control = {"Authorization": f"Bearer {ready['control_token']}"}
    web.post(f"{ready['control_url']}/faults", json={"kind": "cut_after", "system": "iconik"}, headers=control)

    try:
        with pytest.raises(httpx.TransportError):
            check_iconik_token(web, ready, ready["iconik"]["auth_token"])
    finally:
        web.delete(f"{ready['control_url']}/faults", headers=control)

    assert check_iconik_token(web, ready, ready["iconik"]["auth_token"]).is_success


def test_every_system_believes_the_same_clock(ready: Ready, web: httpx.Client) -> None:
    """A ticket would live on after the time was moved past its end."""
    control = {"Authorization": f"Bearer {ready['control_token']}"}
    before = web.get(f"{ready['control_url']}/clock", headers=control).json()["now"]

    try:
        after = web.post(f"{ready['control_url']}/clock", json={"advance_s": 86_400}, headers=control).json()["now"]
    finally:
        web.post(f"{ready['control_url']}/clock", json={"advance_s": -86_400}, headers=control)

    assert after > before


def test_two_sandboxes_of_one_seed_differ_only_in_where_they_are(ready: Ready) -> None:
    """Credentials noted from one run would not open the next."""
    process = start()
    other = first_line(process)
    end(process)

    assert without_places(other) == without_places(ready)
    assert other["pid"] != os.getpid()


def without_places(keys: Ready) -> Ready:
    """A ready file but for what belongs to one run: addresses, the process and its token."""
    return {
        key: without_places(value) if isinstance(value, dict) else value
        for key, value in keys.items()
        if not key.endswith("_url") and key not in {"pid", "control_token"}
    }
