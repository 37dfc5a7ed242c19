"""Bytes beside the database: whole or not there, within their budget, sealed where they are somebody's."""

import asyncio
import hashlib
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.errors import UserError
from app.files import OPEN_FOR_S, SMALL, KeptFiles
from app.records import Customer, CustomerNumber, NodeId, System
from app.store import Store, customers, files, forgetting
from app.store.personal import PersonalKey
from app.systems.ports import Picture
from tests.app.files_made import kept_files
from tests.app.outbox.fakes import NOW, FakeClock

INES = CustomerNumber("HM-204881")
LETTER = b"Dear Ines Caron, "
LARGE = Picture(content=LETTER * (SMALL // len(LETTER) + 1), media_type="application/pdf")
HOURS = timedelta(seconds=2 * OPEN_FOR_S)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def picture(content: bytes = b"picture") -> Picture:
    """One that is nobody's."""
    return Picture(content=content, media_type="image/png")


def keep(kept: KeptFiles, name: str, content: bytes = b"picture", *, system: System = System.ICONIK) -> Path:
    """Keep a picture."""
    return asyncio.run(kept.keep(name, picture(content), system=system))


def know(store: Store, *numbers: CustomerNumber) -> None:
    """Let these be customers."""
    known = [Customer(number=number, name="Ines Lacroix", workspace=NodeId(1)) for number in numbers]
    asyncio.run(store.write(customers.upsert, known, now=NOW))


def lying_in(folder: Path) -> list[Path]:
    """Every file that is there."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_named_by_its_hash_and_is_the_owners_alone(store: Store, folder: Path) -> None:
    """Another account of the computer could look through a company's unreleased pictures."""
    path = keep(kept_files(folder, store), "banner")

    assert path.stem == hashlib.sha256(b"picture").hexdigest()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_bytes_under_two_names_lie_there_once(store: Store, folder: Path) -> None:
    """A logo in a thousand folders would be kept a thousand times."""
    kept = kept_files(folder, store)

    first, second = keep(kept, "banner v1"), keep(kept, "banner v2")

    assert first == second
    assert asyncio.run(kept.size()).size_bytes == len(b"picture")


@pytest.mark.parametrize("damage", [b"pictura", b"pict", b""])
def test_damaged_bytes_count_as_not_there(store: Store, folder: Path, damage: bytes) -> None:
    """A torn picture would be shown for ever, and a reviewer approve it."""
    keep(kept_files(folder, store), "banner").write_bytes(damage)
    kept = kept_files(folder, store)

    found = asyncio.run(kept.find("banner"))
    fetched_again = keep(kept, "banner")

    assert found is None
    assert fetched_again.read_bytes() == b"picture"


def test_bytes_that_somebody_deleted_are_not_given_out(store: Store, folder: Path) -> None:
    """A page would be handed the name of a file that is not there, for ever."""
    kept = kept_files(folder, store)
    keep(kept, "banner").unlink()

    assert asyncio.run(kept.find("banner")) is None
    assert keep(kept, "banner").exists()


def test_what_is_used_least_goes_first_when_there_is_no_room(store: Store, folder: Path) -> None:
    """The disk would fill up, or the pictures of today go and those of last year stay."""
    clock = FakeClock()
    kept = kept_files(folder, store, clock=clock, budget_bytes=25)
    for name in ("old", "used", "new"):
        keep(kept, name, f"{name:>10}".encode())
        clock.advance(HOURS)
        if name == "new":
            break
        asyncio.run(kept.find("old" if name == "old" else "used"))
        asyncio.run(kept.tidy(unused_since=clock.now() - timedelta(days=30)))
        clock.advance(HOURS)

    found = [name for name in ("old", "used", "new") if asyncio.run(kept.find(name))]

    assert found == ["used", "new"]
    assert len(lying_in(folder)) == 2


def test_what_may_be_open_stays_even_when_there_is_no_room(store: Store, folder: Path) -> None:
    """The film would stop in its middle."""
    kept = kept_files(folder, store, budget_bytes=10)

    film = keep(kept, "film", b"f" * 30)
    keep(kept, "banner", b"b" * 30)

    assert film.exists()


def test_what_is_asked_for_while_it_is_evicted_is_not_given_out(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page would be handed a file that is gone when it opens it: a picture fails to show, for no reason."""
    clock = FakeClock()
    kept = kept_files(folder, store, clock=clock, budget_bytes=30)
    keep(kept, "old", b"o" * 20)
    clock.advance(HOURS)
    drop, given = files.drop, list[Path | None]()

    async def story() -> None:
        loop = asyncio.get_running_loop()

        def asked_first(db: Database, names: Collection[str]) -> None:
            given.append(asyncio.run_coroutine_threadsafe(kept.find("old"), loop).result(10))
            drop(db, names)

        monkeypatch.setattr(files, "drop", asked_first)
        await kept.tidy(unused_since=clock.now() - timedelta(days=30))
        await kept.keep("new", picture(b"n" * 20), system=System.ICONIK)

    asyncio.run(story())

    assert given
    assert all(path is None or path.exists() for path in given)


def test_bytes_that_come_anew_while_they_are_evicted_stay(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was fetched a second ago would be deleted under its new row."""
    clock = FakeClock()
    kept = kept_files(folder, store, clock=clock, budget_bytes=30)
    keep(kept, "old", b"o" * 20)
    clock.advance(HOURS)
    names_of = files.file_names

    async def story() -> Path:
        loop, anew = asyncio.get_running_loop(), list[Path]()

        def kept_meanwhile(db: Database) -> frozenset[str]:
            found = names_of(db)
            if not anew:
                coming = kept.keep("old too", picture(b"o" * 20), system=System.ICONIK)
                anew.append(asyncio.run_coroutine_threadsafe(coming, loop).result(10))
            return found

        monkeypatch.setattr(files, "file_names", kept_meanwhile)
        await kept.keep("new", picture(b"n" * 20), system=System.ICONIK)
        return anew[0]

    path = asyncio.run(story())

    assert path.read_bytes() == b"o" * 20


def test_a_letter_that_goes_while_it_is_opened_is_not_there(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk would apologise for a fault of its own instead of fetching the letter anew."""
    kept = kept_files(folder, store)
    know(store, INES)
    asyncio.run(kept.keep_sealed("letter", LARGE, system=System.EXTENDED_ECM, customer=INES))
    read_bytes = Path.read_bytes

    def gone_first(path: Path) -> bytes:
        path.unlink()
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", gone_first)

    assert asyncio.run(kept.find_sealed("letter")) is None


def test_bytes_that_another_name_still_has_are_not_deleted(store: Store, folder: Path) -> None:
    """Evicting one would take the picture of another away."""
    clock = FakeClock()
    kept = kept_files(folder, store, clock=clock, budget_bytes=30)
    keep(kept, "banner v1", b"b" * 20)
    clock.advance(HOURS)
    shared = keep(kept, "banner v2", b"b" * 20)

    keep(kept, "another", b"a" * 20)

    assert shared.exists()
    assert asyncio.run(kept.find("banner v2")) == shared


def test_what_no_row_names_is_swept_up(store: Store, folder: Path) -> None:
    """Every crash would leave a file that nobody ever deletes."""
    kept = kept_files(folder, store)
    path = keep(kept, "banner")
    (path.parent / "tmp8x1half").write_bytes(b"half")
    (folder / "f0").mkdir()
    (folder / "f0" / "orphan.png").write_bytes(b"orphan")

    asyncio.run(kept.sweep())

    assert lying_in(folder) == [path]


def test_what_arrives_while_it_is_swept_stays(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture would fail to show, once in an hour, for no reason that anybody could find."""
    kept = kept_files(folder, store)
    replace = Path.replace

    async def story() -> Path:
        loop = asyncio.get_running_loop()

        def sweep_first(half: Path, target: Path) -> Path:
            asyncio.run_coroutine_threadsafe(kept.sweep(), loop).result(10)
            return replace(half, target)

        monkeypatch.setattr(Path, "replace", sweep_first)
        return await kept.keep("banner", picture(), system=System.ICONIK)

    assert asyncio.run(story()).read_bytes() == b"picture"


@pytest.mark.parametrize("letter", [Picture(content=LETTER, media_type="text/plain"), LARGE], ids=["small", "large"])
def test_what_is_somebodys_is_sealed(tmp_path: Path, letter: Picture) -> None:
    """Whoever takes the disk would read the company's letters."""
    key = PersonalKey.generate()
    with Store.open(tmp_path, personal=key) as store:
        know(store, INES)
        kept = kept_files(tmp_path / "kept", store)
        asyncio.run(kept.keep_sealed("letter", letter, system=System.EXTENDED_ECM, customer=INES))
        found = asyncio.run(kept.find_sealed("letter"))
        on_disk = b"".join(path.read_bytes() for path in lying_in(tmp_path))
    with Store.open(tmp_path, personal=PersonalKey.generate()) as store:
        by_another_key = asyncio.run(kept_files(tmp_path / "kept", store).find_sealed("letter"))

    assert found == letter
    assert b"Caron" not in on_disk
    assert by_another_key is None


def test_only_large_letters_are_files(store: Store, folder: Path) -> None:
    """A hundred thousand small files would cost more than what is in them."""
    kept = kept_files(folder, store)
    small = Picture(content=b"x" * (SMALL // 2), media_type="text/plain")
    know(store, INES)

    asyncio.run(kept.keep_sealed("small", small, system=System.EXTENDED_ECM, customer=INES))
    asyncio.run(kept.keep_sealed("large", LARGE, system=System.EXTENDED_ECM, customer=INES))

    assert len(lying_in(folder)) == 1


def test_a_forgotten_customer_leaves_no_bytes(store: Store, folder: Path) -> None:
    """Somebody who asked to be forgotten would lie in a folder of the desk."""
    kept = kept_files(folder, store)
    know(store, INES, CustomerNumber("HM-2"))
    for name, customer in (("ines", INES), ("agnes", CustomerNumber("HM-2"))):
        asyncio.run(kept.keep_sealed(name, LARGE, system=System.EXTENDED_ECM, customer=customer))

    asyncio.run(store.purge(forgetting.forget_customers, [INES]))
    asyncio.run(kept.sweep())

    assert asyncio.run(kept.find_sealed("ines")) is None
    assert asyncio.run(kept.find_sealed("agnes")) == LARGE
    assert len(lying_in(folder)) == 1


@pytest.mark.parametrize("letter", [Picture(content=LETTER, media_type="text/plain"), LARGE], ids=["small", "large"])
def test_what_comes_after_its_customer_was_forgotten_is_not_kept(store: Store, folder: Path, letter: Picture) -> None:
    """A letter that was on its way from the archive would lie here again, under the number of who is nobody now."""
    kept = kept_files(folder, store)
    know(store, INES)
    asyncio.run(store.purge(forgetting.forget_customers, [INES]))

    asyncio.run(kept.keep_sealed("letter", letter, system=System.EXTENDED_ECM, customer=INES))
    asyncio.run(kept.sweep())

    assert asyncio.run(kept.find_sealed("letter")) is None
    assert lying_in(folder) == []


def test_letters_that_nobody_opens_any_more_go_in_time(store: Store, folder: Path) -> None:
    """Every letter that support ever opened would stay on the disk."""
    know(store, INES)
    clock = FakeClock()
    kept = kept_files(folder, store, clock=clock)
    asyncio.run(kept.keep_sealed("letter", LARGE, system=System.EXTENDED_ECM, customer=INES))
    keep(kept, "banner")
    clock.advance(timedelta(days=31))

    asyncio.run(kept.tidy(unused_since=clock.now() - timedelta(days=30)))

    assert asyncio.run(kept.find_sealed("letter")) is None
    assert asyncio.run(kept.find("banner")) is not None


def test_a_removed_library_leaves_nothing_and_takes_nothing_of_another(store: Store, folder: Path) -> None:
    """Signing out would leave pictures, or empty the shelves of the others."""
    kept = kept_files(folder, store)
    keep(kept, "iconik's", b"one")
    other = keep(kept, "cloudinary's", b"two", system=System.CLOUDINARY)

    asyncio.run(kept.forget_system(System.ICONIK))

    assert lying_in(folder) == [other]


def test_a_full_disk_is_told_and_leaves_no_half_file(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tile would stay grey, and nobody would know why."""

    def full(_self: Path, _target: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(UserError, match="could not be kept: No space left on device") as told:
        keep(kept_files(folder, store), "banner")

    assert "Free some space" in told.value.hint
    assert lying_in(folder) == []
    assert asyncio.run(store.read(files.find, "banner")) is None
