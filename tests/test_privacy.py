"""Nothing private is readable where it must not be: planted words and the source's own bytes."""

import base64
import mmap
import re
import shutil

import pytest

from tests.cli.conftest import CONSENT, USES, Mbtg

PLANTED = {
    "group": "Plantetgruppe Tirsdag",
    "file": "Plantet Kari Nordmann",
    "title": "Plantet tittel om sinne",
    "question": "Plantet spørsmål til gruppen",
    "note": "Plantet notat om P1s søster",
    "label": "plantet etikett",
    "playlist": "Plantet spilleliste",
    "text": "Plantet drøfting",
    "recipient": "Plantet Mottaker",
    "reason": "Plantet begrunnelse",
    "evidence": "Plantet underskrift",
    "document": "plantet setning om P1s barndom",
    "heading": "Plantet overskrift",
}
CODES = ("PLANTEDP1", "PLANTEDT1", "PLANTEDGROUP")


def forms(text):
    """The ways in which a text could lie in a file."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        raw = text.encode(encoding)
        yield raw
        for shift in range(3):
            # What base64 makes of it at any offset, without the letters its neighbours share.
            yield base64.b64encode(b"\0" * shift + raw)[4:-4]
    yield text.encode("unicode_escape")
    yield text.encode().hex().encode()


def readable(folder, words):
    return [
        (path.name, word)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size
        for word in words
        if any(form in path.read_bytes() for form in forms(word)) or word in str(path)
    ]


@pytest.fixture(scope="module")
def journey(tmp_path_factory, recording_file, passphrase):
    """A whole journey with planted words: the library's folder, the bundle's, the source."""
    folder = tmp_path_factory.mktemp("privacy")
    source = folder / f"{PLANTED['file']}.mp4"
    shutil.copy(recording_file("gop25"), source)
    evidence = folder / "evidence.pdf"
    evidence.write_text(PLANTED["evidence"] * 50)
    mbtg = Mbtg(folder / "library", passphrase)
    mbtg("init")
    person, therapist, group = CODES
    mbtg("group", "add", group, "--name", PLANTED["group"])
    for code, role in ((person, "patient"), (therapist, "therapist")):
        mbtg("person", "add", code, "--group", group, "--role", role)
        mbtg("consent", "record", code, "--use", *USES, *CONSENT, "--evidence", evidence)
    mbtg("recording", "add", source, "--group", group, "--recorded-on", "2026-03-13",
         "--present", person, therapist)  # fmt: skip
    mbtg("excerpt", "cut", "R1", "--from", "1s", "--to", "5s", "--title", PLANTED["title"],
         "--question", PLANTED["question"])  # fmt: skip
    mbtg("tag", "add", "R1", "--at", "2s", "--item", "3", "--note", PLANTED["note"],
         "--by", therapist)  # fmt: skip
    mbtg("tag", "add", "R1", "--at", "3s", "--label", PLANTED["label"])
    mbtg("tag", "edit", "T2", "--note", PLANTED["note"])
    mbtg("playlist", "new", PLANTED["playlist"])
    mbtg("playlist", "add", "L1", "X1")
    mbtg("playlist", "add", "L1", "--kind", "discussion", "--text", PLANTED["text"])
    account = folder / "account.txt"
    account.write_text(f"{PLANTED['document']}\n" * 5)
    mbtg("dossier", "add", account, "--kind", "patient", "--person", person,
         "--title", PLANTED["heading"])  # fmt: skip
    mbtg("dossier", "edit", "D1", account)
    mbtg("dossier", "attach", "L1", "D1")
    mbtg("bundle", "make", "L1", "--to", folder / "out", "--recipient", PLANTED["recipient"])
    mbtg("excerpt", "export", "X1", "--to", folder / "x.mp4", "--use", "course",
         "--recipient", PLANTED["recipient"],
         "--reason", PLANTED["reason"])  # fmt: skip
    mbtg("recording", "add", source, "--group", group, "--recorded-on", "2026-03-13",
         "--present", person, code=2)  # fmt: skip
    return folder


def test_the_search_itself_finds_what_is_planted(tmp_path):
    for number, form in enumerate(forms(PLANTED["note"])):
        (tmp_path / str(number)).write_bytes(b"xyz" + form + b"zyx")
    found = {name for name, _ in readable(tmp_path, [PLANTED["note"]])}
    assert found == {str(number) for number in range(len(list(forms(PLANTED["note"]))))}


def test_no_planted_text_is_readable_in_the_library(journey):
    assert readable(journey / "library", PLANTED.values()) == []


def test_no_planted_text_and_no_code_is_readable_in_the_bundle(journey):
    assert readable(journey / "out", [*PLANTED.values(), *CODES]) == []


def test_no_run_of_64_bytes_of_the_source_lies_in_the_library(journey):
    source = (journey / f"{PLANTED['file']}.mp4").read_bytes()
    # Every run of 64 bytes contains a whole block of 32 that starts at a multiple of 32.
    blocks = {source[i : i + 32] for i in range(0, len(source) - 32, 32)}
    blocks = {block for block in blocks if len(set(block)) > 2}
    probe = re.compile(b"|".join(map(re.escape, sorted({block[:4] for block in blocks}))))
    for path in sorted((journey / "library").rglob("*")):
        if not path.is_file() or not path.stat().st_size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            held = any(data[m.start() : m.start() + 32] in blocks for m in probe.finditer(data))
        assert not held, path.name


def test_what_fails_prints_no_planted_text(journey, passphrase):
    mbtg = Mbtg(journey / "library", passphrase)
    said = mbtg.refused(2, "tag", "add", "R1", "--at", "99s", "--label", PLANTED["label"])
    assert PLANTED["label"] not in said
