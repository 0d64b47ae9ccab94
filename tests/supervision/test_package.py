import io
import json
from datetime import date
from hashlib import sha256

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mbtg_video.errors import BadInput, Damaged, MediaError, NotFound, WrongPassphrase
from mbtg_video.supervision.lock import Lock
from mbtg_video.supervision.package import MANIFEST, manifest_call, write_package
from mbtg_video.supervision.package_check import verify_package
from mbtg_video.supervision.package_content import Clip, ClipTag, PackageContent, Step
from tests.supervision.conftest import STEP, TAGS
from tests.supervision.player import WORDS
from tests.synthetic import PLANTED
from tests.test_privacy import readable


def content(*entries):
    return PackageContent(
        title="Title", entries=entries, made_on=date(2026, 3, 13), expires_on=date(2099, 1, 1)
    )


def flip(path, at=0.5):
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 1
    path.write_bytes(data)


def files_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_package_that_is_whole_is_reported_with_its_hash(package):
    report = verify_package(package.folder, WORDS)
    summary = package.summary
    assert (report.id, report.hash, report.files, report.size) == (
        summary.id,
        summary.hash,
        summary.files,
        summary.size,
    )
    assert report.files == len(files_of(package.folder))
    sizes = [(package.folder / name).stat().st_size for name in files_of(package.folder)]
    assert report.size == sum(sizes)


def test_the_passphrase_may_be_written_as_it_was_heard(package):
    assert verify_package(package.folder, "  Abbor-ADEL. sol\tmåne,tre  fire ").hash
    with pytest.raises(WrongPassphrase):
        verify_package(package.folder, "abbor adel sol måne tre fem")


@pytest.mark.parametrize("at", [0.02, 0.5, 0.999])
def test_a_flipped_byte_is_refused_and_its_file_named(copied, at):
    for path in (copied.folder / "index.html", copied.parts(0)[1], copied.parts(2)[-1]):
        flip(path, at)
        name = path.relative_to(copied.folder).as_posix()
        with pytest.raises(Damaged, match=f"{name} has been changed"):
            verify_package(copied.folder)
        flip(path, at)
    assert verify_package(copied.folder, WORDS).hash == copied.summary.hash


@pytest.mark.parametrize("at", [0.001, 0.5, 0.999])
def test_a_flipped_byte_in_the_manifest_is_refused(copied, at):
    flip(copied.folder / MANIFEST, at)
    with pytest.raises(Damaged, match=MANIFEST):
        verify_package(copied.folder)


def test_every_missing_changed_and_foreign_file_is_named(copied):
    missing, changed = copied.parts(0)[2], copied.parts(1)[0]
    missing.unlink()
    flip(changed)
    (copied.folder / "clips" / "readme.txt").write_text("foreign")
    (copied.folder / "clips" / "link.js").symlink_to(changed)
    with pytest.raises(Damaged) as refusal:
        verify_package(copied.folder)
    message = str(refusal.value)
    for path in (missing, changed):
        assert path.relative_to(copied.folder).as_posix() in message
    assert "clips/readme.txt does not belong" in message
    assert "clips/link.js does not belong" in message
    assert "index.html" not in message
    assert refusal.value.exit_code == 1


def test_parts_that_changed_places_do_not_open_even_when_every_hash_fits(copied):
    first, second = copied.parts(0)[:2]
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)
    path = copied.folder / MANIFEST
    manifest = json.loads(path.read_bytes().partition(b"(")[2].rpartition(b",")[0])
    for part in (first, second):
        name = part.relative_to(copied.folder).as_posix()
        manifest["files"][name] = sha256(part.read_bytes()).hexdigest()
    path.write_bytes(manifest_call(json.dumps(manifest).encode()))
    assert verify_package(copied.folder).hash != copied.summary.hash
    with pytest.raises(Damaged, match="does not open") as refusal:
        verify_package(copied.folder, WORDS)
    assert str(refusal.value).count("does not open") == 2


def test_a_folder_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        verify_package(tmp_path / "nothing")


def test_an_empty_folder_is_no_package(tmp_path):
    with pytest.raises(Damaged, match=MANIFEST):
        verify_package(tmp_path)


def test_nothing_that_was_planted_is_readable_in_the_folder(package):
    planted = [
        "Planted title", "Planted question", "Planted notes", "Planted package", STEP.text, WORDS,
        *PLANTED.values(),
    ]  # fmt: skip
    for tag in TAGS:
        said = (tag.note, tag.label, tag.author, *((tag.name and (tag.name.nb, tag.name.en)) or ()))
        planted += [word for word in said if word]
    # In a shorter word the letters that base64 makes of it turn up by chance.
    assert min(map(len, planted)) > 11
    assert readable(package.folder, planted) == []
    # Nor what the encoder says of itself.
    assert readable(package.folder, ["x264 - core"]) == []


def test_two_packages_of_the_same_content_share_nothing_but_the_player(
    package, make_package, tmp_path
):
    other = make_package(tmp_path / "again", *package.kinds)
    shared = files_of(package.folder) & files_of(other.folder)
    assert shared == {"index.html", MANIFEST}
    assert other.summary.id != package.summary.id
    manifests = [(it.folder / MANIFEST).stat().st_size for it in (package, other)]
    assert abs(manifests[0] - manifests[1]) < 16


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path):
    for words in ("kort", " - ".join("abcde"), ""):
        with pytest.raises(BadInput, match="12"):
            write_package(tmp_path / "out", content(STEP), words)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_refused_and_left_alone(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("out", "link", "out/mine"):
        with pytest.raises(BadInput, match="is there already"):
            write_package(tmp_path / name, content(STEP), WORDS)
    with pytest.raises(BadInput, match="make it first"):
        write_package(tmp_path / "no" / "out", content(STEP), WORDS)
    assert (tmp_path / "out" / "mine").read_text() == "mine"
    assert files_of(tmp_path) == {"out/mine"}


def failing_entries(recording_file):
    yield MediaError, Clip(title="t", media=io.BytesIO(b"no film at all"))
    data = recording_file("gop25").read_bytes()
    yield MediaError, Clip(title="t", media=io.BytesIO(data[: len(data) // 2]))
    outside = ClipTag(start_us=12_000_000, label="behind the end")
    yield BadInput, Clip(title="t", media=io.BytesIO(data), tags=(outside,))
    yield BadInput, Step(kind="unknown", text="t")


def test_what_fails_halfway_leaves_nothing(recording_file, tmp_path):
    for error, entry in failing_entries(recording_file):
        with recording_file("gop25").open("rb") as media:
            whole = Clip(title="t", media=media)
            with pytest.raises(error):
                write_package(tmp_path / "out", content(whole, entry), WORDS)
        assert list(tmp_path.iterdir()) == []


def test_who_stops_the_writing_leaves_nothing(recording_file, tmp_path):
    def stop(_):
        raise KeyboardInterrupt

    with recording_file("gop25").open("rb") as media:
        clip = Clip(title="t", media=media)
        with pytest.raises(KeyboardInterrupt):
            write_package(tmp_path / "out", content(clip), WORDS, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_tells_every_byte_that_was_written(recording_file, tmp_path):
    told = []
    with recording_file("gop25").open("rb") as media:
        summary = write_package(
            tmp_path / "out", content(Clip(title="t", media=media)), WORDS, progress=told.append
        )
    assert sum(told) == summary.size
    assert len(told) == summary.files


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A package without a clip, to be damaged again and again, and its manifest's bytes."""
    folder = tmp_path_factory.mktemp("small") / "out"
    write_package(folder, content(STEP), WORDS)
    return folder, (folder / MANIFEST).read_bytes()


def check_damaged(small, data):
    """With these bytes for its manifest the package is not whole, with or without passphrase."""
    folder, whole = small
    (folder / MANIFEST).write_bytes(data)
    if data == whole:
        assert verify_package(folder).files == 2
        return
    with pytest.raises(Damaged):
        verify_package(folder)
    with pytest.raises(Damaged):
        verify_package(folder, WORDS)


@given(data=st.binary(max_size=300))
@example(data=b"")
@example(data=manifest_call(b""))
@example(data=manifest_call(b"[" * 100_000))
@example(data=manifest_call(b"\xff"))
def test_arbitrary_bytes_for_a_manifest_are_damaged(small, data):
    check_damaged(small, data)


@given(
    places=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 7)), max_size=4),
    left=st.floats(0, 1),
    put=st.binary(max_size=20),
)
def test_a_manifest_changed_anywhere_is_damaged(small, places, left, put):
    data = bytearray(small[1])
    for place, bit in places:
        data[int(place * len(data))] ^= 1 << bit
    cut = int(left * len(data))
    check_damaged(small, bytes(data[:cut]) + put)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FIELDS = ["format", "lock", "content", "files"]


@given(field=st.sampled_from(FIELDS), value=JSON, gone=st.booleans(), name=st.text(max_size=12))
@example(field="files", value={"../out/index.html": "0" * 64}, gone=False, name="")
@example(field="files", value={"index.html": "x"}, gone=False, name="")
@example(field="format", value=2, gone=False, name="")
@example(field="content", value="", gone=False, name="")
@example(field="content", value="A" * 36, gone=False, name="")
def test_a_manifest_with_another_value_is_damaged_although_its_own_hash_fits(
    small, field, value, gone, name
):
    whole = json.loads(small[1].partition(b"(")[2].rpartition(b",")[0])
    manifest = {name: of for name, of in whole.items() if name != field}
    if not gone:
        manifest[field] = value
    if name:
        manifest[name] = value
    assume(manifest != whole)
    check_damaged(small, manifest_call(json.dumps(manifest).encode(errors="replace")))


@pytest.mark.parametrize(
    "change",
    [{"iterations": 0}, {"iterations": -1}, {"iterations": 2**62}, {"wrapped_key": b"short"}],
)
def test_a_lock_that_is_none_of_ours_is_damage_and_takes_no_time(change):
    passphrase = "six words that nobody guesses"
    head = msgspec.structs.replace(Lock.new(passphrase).head, **change)
    with pytest.raises(Damaged):
        Lock.opened(head, passphrase)
