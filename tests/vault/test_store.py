import pytest
from sqlalchemy import select

from mbtg_video.errors import Damaged
from mbtg_video.library import open_library
from mbtg_video.vault.model import SealedObject


class StopError(Exception):
    pass


def objects(library):
    return sorted(path.name for path in (library.root / "objects").iterdir())


def drafts(library):
    return list((library.root / "tmp").iterdir())


def test_what_is_published_opens_again(library):
    content = bytes(range(256)) * 5000
    with library.store.draft() as draft:
        draft.write(content)
        with library.transaction() as session:
            row_id = library.store.publish(session, draft).id
    with library.transaction() as session, library.store.open(session, row_id) as medium:
        assert medium.read() == content
    assert objects(library) == [row_id]
    assert not drafts(library)


def test_a_draft_that_is_not_published_is_gone(library):
    with library.store.draft() as draft:
        draft.write(b"x")
    assert not drafts(library)
    assert not objects(library)


def test_a_draft_is_ciphertext_from_the_first_byte(library):
    secret = b"a plain secret that must never lie on the disk"
    with library.store.draft() as draft:
        draft.write(secret * 20_000)
        draft.reopen()
        on_disk = drafts(library)[0].read_bytes()
        assert len(on_disk) > 20_000 * len(secret)
        assert secret[:12] not in on_disk


def test_a_transaction_undone_leaves_no_row_and_the_next_start_sweeps_the_file(library, passphrase):
    def fail():
        with library.store.draft() as draft, library.transaction() as session:
            draft.write(b"x")
            library.store.publish(session, draft)
            raise StopError

    with pytest.raises(StopError):
        fail()
    with library.transaction() as session:
        assert not session.scalars(select(SealedObject)).all()
    assert len(objects(library)) == 1
    library.lock.release()
    with open_library(library.root, passphrase):
        assert not objects(library)
    library.lock.acquire_read()


def test_the_sweep_leaves_the_drafts_of_another_mbtg_alone(library, passphrase):
    with library.store.draft() as draft:
        draft.write(b"x")
        with open_library(library.root, passphrase):
            assert draft.path.exists()


def test_a_missing_file_is_told_by_its_id(library):
    with library.store.draft() as draft, library.transaction() as session:
        draft.write(b"x")
        row = library.store.publish(session, draft)
        (library.root / "objects" / row.id).unlink()
        with pytest.raises(Damaged, match=row.id):
            library.store.open(session, row.id)


def test_two_files_swapped_on_the_disk_are_found(library):
    ids = []
    for content in (b"one", b"two"):
        with library.store.draft() as draft, library.transaction() as session:
            draft.write(content)
            ids.append(library.store.publish(session, draft).id)
    first, second = (library.root / "objects" / name for name in ids)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    with library.transaction() as session, pytest.raises(Damaged):
        library.store.open(session, ids[0])
