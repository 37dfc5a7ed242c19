"""What is decided about iconik's nouns on this side of the wire."""

from datetime import UTC, datetime

import pytest

from connectors.iconik import ApplicationToken, PasswordLogin, escaped
from connectors.iconik.models import (
    AssetVersion,
    FileStatus,
    Keyframe,
    KeyframeType,
    Login,
    Proxy,
    SystemDomain,
    Token,
    VersionId,
    latest_version,
    poster_of,
)


def frame(key: str, kind: KeyframeType, *, status: FileStatus = FileStatus.CLOSED, url: str = "u") -> Keyframe:
    """A keyframe."""
    return Keyframe(id=key, type=kind, status=status, url=url)


@pytest.mark.contract("iconik 1.7")
def test_the_newest_version_is_the_highest_number_in_any_order() -> None:
    """The order of ``versions`` is unspecified; approving an old one would approve what nobody looks at."""
    versions = tuple(AssetVersion(id=VersionId(str(number)), version_number=number) for number in (2, 3, 1))

    newest = latest_version(versions)

    assert newest is not None
    assert newest.version_number == 3


def test_the_newer_of_two_equal_numbers_is_the_newest() -> None:
    """Promotion may leave two versions with one number."""
    older = AssetVersion(id=VersionId("a"), version_number=1, date_created=datetime(2026, 1, 1, tzinfo=UTC))
    newer = AssetVersion(id=VersionId("b"), version_number=1, date_created=datetime(2026, 1, 2, tzinfo=UTC))

    assert latest_version((newer, older)) is newer


@pytest.mark.contract("iconik 9.b1", "iconik 9.b2")
@pytest.mark.parametrize(
    ("frames", "chosen", "expected"),
    [
        ([frame("k", KeyframeType.KEYFRAME), frame("p", KeyframeType.POSTER)], "", "p"),
        ([frame("k", KeyframeType.KEYFRAME)], "", "k"),
        ([frame("k", KeyframeType.KEYFRAME), frame("p", KeyframeType.POSTER)], "k", "k"),
        ([frame("p", KeyframeType.POSTER, status=FileStatus.OPEN), frame("k", KeyframeType.KEYFRAME)], "", "k"),
        ([frame("p", KeyframeType.POSTER, url="")], "", None),
        ([frame("m", KeyframeType.KEYFRAME_MAP)], "", None),
    ],
)
def test_the_poster_is_the_best_picture_that_is_ready(
    frames: list[Keyframe], chosen: str, expected: str | None
) -> None:
    """A tile shows this picture; one that is not complete shows a broken one."""
    poster = poster_of(frames, custom_keyframe=chosen)

    assert (poster.id if poster else None) == expected


@pytest.mark.contract("iconik 6.b3")
@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("spring banner", "spring banner"),
        ("what? (new)", r"what\? \(new\)"),
        ("a:b/c", r"a\:b\/c"),
        ("fish AND chips", "fish and chips"),
    ],
)
def test_free_text_is_escaped(words: str, query: str) -> None:
    """Reserved characters that are left bare shrink the result without a word (§17)."""
    assert escaped(words) == query


@pytest.mark.parametrize(
    "shown",
    [
        repr(ApplicationToken(app_id="app", auth_token="s3cret")),
        repr(PasswordLogin(email="ada@example.com", password="s3cret")),
        repr(Token(token="s3cret")),
        repr(
            Login(
                app_id="app", token="s3cret", auth_system_domains=(SystemDomain(system_domain_id="d", token="s3cret"),)
            )
        ),
        repr(Keyframe(id="k", url="https://s/?Signature=s3cret")),
        repr(Proxy(id="p", url="https://s/?Signature=s3cret")),
    ],
)
def test_no_secret_has_a_repr(shown: str) -> None:
    """Reprs end in logs and bug reports."""
    assert "s3cret" not in shown
    assert "ada@" not in shown
