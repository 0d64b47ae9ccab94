"""Search finds exactly what reading every row one by one finds, whatever was done before."""

import random
import unicodedata
from datetime import date

import pytest
from sqlalchemy import select

from mbtg_video.consent.model import Person
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.model import Recording
from mbtg_video.scale import find_scale
from mbtg_video.supervision.model import Playlist
from mbtg_video.tag.mark import edit_tag, remove_tag
from mbtg_video.tag.model import Tag, Valence
from mbtg_video.transcript.model import Cue, Transcript
from tests.search.conftest import DAY, excerpt_of, playlist

WORDS = ("Vente", "venter", "på", "pa\u030a", "turen", "TUR", "Straße", "spol", "K1", "T1", "P1")
PIECES = (
    *WORDS, "-vente", '"på turen"', '-"vente på"', "rewind", "t3", "r1", "x1", "w1", "2026-03",
    "2026-04-17", "item:3", "-item:18", "by:T1", "-by:T1", "in:R1", "-in:R2", "as:good",
    "-as:missed", "kind:tag", "-kind:tag", "kind:excerpt", "from:2026-04-01", "-from:2026-04-01",
    "until:2026-03-13", "person:P1", "-person:P2", "group:G1", "e", "patient", "terapeut",
)  # fmt: skip


def plain(text):
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text or "").casefold())
    return " ".join(text.split())


def everything(session):
    """Each thing with its texts, its codes, and what filters ask of it."""
    days = {recording.id: recording for recording in session.scalars(select(Recording))}
    scale = find_scale("mbt-g-aqs")

    def thing(kind, name, texts, codes, of=None, on=None, **more):
        recording = days.get(of)
        persons = {plain(p.code) for p in recording.present} if recording else set()
        shared = {"kind": kind, "in": {f"r{of}"} if of else set(), "group": {"g1"} if of else set(),
                  "person": persons, "item": None, "by": None, "as": None}  # fmt: skip
        day = on or (recording.recorded_on if recording else None)
        return name, texts, {plain(name), *map(plain, codes)}, day, shared | more

    for tag in session.scalars(select(Tag)):
        item = scale.item(tag.item) if tag.item else None
        texts = [tag.label, tag.note, *((item.nb, item.en) if item else ())]
        yield thing("tag", tag.name, texts, [f"R{tag.recording_id}", tag.author or ""],
                    tag.recording_id, item=str(tag.item), by=plain(tag.author),
                    **{"as": tag.valence})  # fmt: skip
    for cue in session.scalars(select(Cue)):
        of = session.get_one(Transcript, cue.transcript_id).recording_id
        _, texts, _, day, more = thing("transcript", "", [cue.speaker, cue.text], [], of)
        yield f"W{cue.transcript_id}", texts, {f"r{of}"}, day, more
    for excerpt in session.scalars(select(Excerpt)):
        of = excerpt.recording_id
        yield thing("excerpt", excerpt.name, [excerpt.title, excerpt.question], [f"R{of}"], of)
    for recording in days.values():
        codes = ["G1", "therapy", "terapi", *(p.code for p in recording.present)]
        yield thing("recording", recording.name, [recording.group.name, recording.file_name],
                    codes, recording.id)  # fmt: skip
    roles = {"patient": "pasient", "therapist": "terapeut"}
    for person in session.scalars(select(Person)):
        codes = ["G1", person.role, roles[person.role]]
        yield thing("person", person.code, [person.group.name], codes, group={"g1"},
                    person={plain(person.code)})  # fmt: skip
    for one in session.scalars(select(Playlist)):
        yield thing("playlist", one.name, [one.title], [], on=one.made_at.date())


def holds(piece, found):
    _, texts, codes, day, sides = found
    if piece.startswith("-"):
        return not holds(piece[1:], found)
    key, colon, value = piece.partition(":")
    if colon:
        value = plain(value)
        if key in ("from", "until"):
            limit = date.fromisoformat(value)
            return day is not None and (day >= limit if key == "from" else day <= limit)
        side = sides[key]
        return value in side if isinstance(side, set) else value == side
    word = plain(piece.strip('"'))
    in_day = day is not None and word.startswith("2026-") and str(day).startswith(word)
    return word in codes or in_day or any(word in plain(text) for text in texts)


def change_something(chance, written):
    def text():
        return " ".join(chance.choices(WORDS, k=3)) + chance.choice(("", "\n", ", e")) + "."

    def change(session):
        tags = session.scalars(select(Tag).order_by(Tag.id)).all()
        for tag in chance.sample(tags, k=min(3, len(tags))):
            if chance.random() < 0.5:
                remove_tag(session, tag)
            else:
                edit_tag(session, tag, on=DAY, note=text(), valence=chance.choice([*Valence]))
        lanes = session.scalars(select(Transcript)).all()
        if lanes and chance.random() < 0.3:
            session.delete(chance.choice(lanes))

    written.do(change)
    for _ in range(6):
        named = {"item": chance.choice((3, 18))} if chance.random() < 0.5 else {"label": text()}
        written.tag(chance.choice((1, 2)), chance.randrange(99), author=chance.choice((None, "T1")),
                    note=chance.choice((None, text())), valence=chance.choice([*Valence]),
                    **named)  # fmt: skip
    written.lane(chance.choice((1, 2)), ("P1", text()), (None, text()))
    written.do(lambda s: excerpt_of(written.library, s, chance.choice((1, 2)), text(), text()))
    written.do(lambda s: playlist(s, text()))


@pytest.mark.parametrize("seed", range(2))
def test_what_is_found_is_what_reading_every_row_finds(written, seed):
    chance = random.Random(seed)
    hits = 0
    for _ in range(3):
        change_something(chance, written)
        with written.library.transaction() as session:
            rows = list(everything(session))
        for _ in range(30):
            asked = chance.sample(PIECES, k=chance.randint(1, 3))
            if chance.random() < 0.5:
                asked += chance.sample(WORDS, k=1)
            if {"from:2026-04-01", "until:2026-03-13"} <= set(asked):
                continue
            wanted = sorted(row[0] for row in rows if all(holds(piece, row) for piece in asked))
            found = written.find(" ".join(asked), limit=1000)
            assert (asked, sorted(hit.id for hit in found.hits)) == (asked, wanted)
            assert found.total == len(wanted)
            first, most = chance.randint(0, 9), chance.randint(1, 4)
            page = written.find(" ".join(asked), offset=first, limit=most)
            assert page.hits == found.hits[first : first + most]
            hits += len(wanted)
    assert hits > 150
