"""ELAN documents made for the tests, and what another program's reader finds in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.tag.exchange import elan
from mbtg_video.tag.exchange.content import Kept, Outgoing, Target
from mbtg_video.timecode import Timecode

SCALE = find_scale("mbt-g-aqs")
LENGTH = Timecode(2_000_000_000)
INTO = Target(
    length=LENGTH,
    frame_rate=Fraction(25),
    scale=SCALE,
    scales={SCALE.id: SCALE},
    authors=frozenset({"K1", "K2", "T1"}),
)

SLOTS = """
<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/>
<TIME_SLOT TIME_SLOT_ID="ts2"/>
<TIME_SLOT TIME_SLOT_ID="ts3"/>
<TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="4000"/>
<TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="5000"/>
<TIME_SLOT TIME_SLOT_ID="ts6" TIME_VALUE="6500"/>
<TIME_SLOT TIME_SLOT_ID="ts7" TIME_VALUE="9000000"/>
<TIME_SLOT TIME_SLOT_ID="ts8" TIME_VALUE="9000500"/>
"""
WORDS = """
<TIER LINGUISTIC_TYPE_REF="utterance" TIER_ID="Samspill" PARTICIPANT="K1" ANNOTATOR="Kari">
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts4">
    <ANNOTATION_VALUE>17 Fokus på følelser</ANNOTATION_VALUE>
  </ALIGNABLE_ANNOTATION></ANNOTATION>
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts5" TIME_SLOT_REF2="ts6">
    <ANNOTATION_VALUE>3 menn går &amp; &lt;ler&gt;</ANNOTATION_VALUE>
  </ALIGNABLE_ANNOTATION></ANNOTATION>
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts7" TIME_SLOT_REF2="ts8">
    <ANNOTATION_VALUE>etter slutten</ANNOTATION_VALUE>
  </ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER>
<TIER LINGUISTIC_TYPE_REF="words" TIER_ID="Ord" PARENT_REF="Samspill">
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
    <ANNOTATION_VALUE>en</ANNOTATION_VALUE>
  </ALIGNABLE_ANNOTATION></ANNOTATION>
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a5" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
    <ANNOTATION_VALUE/></ALIGNABLE_ANNOTATION></ANNOTATION>
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a6" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
    <ANNOTATION_VALUE>tre</ANNOTATION_VALUE>
  </ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER>
<TIER LINGUISTIC_TYPE_REF="gloss" TIER_ID="Glose" PARENT_REF="Samspill">
  <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a7" ANNOTATION_REF="a1">
    <ANNOTATION_VALUE>bøyd</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
  <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a8" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="a7">
    <ANNOTATION_VALUE>bukket</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
</TIER>
"""
BEHIND = """
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="utterance" TIME_ALIGNABLE="true" GRAPHIC_REFERENCES="false"/>
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="words" TIME_ALIGNABLE="true" CONSTRAINTS="Time_Subdivision"/>
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="gloss" TIME_ALIGNABLE="false"
  CONSTRAINTS="Symbolic_Subdivision" CONTROLLED_VOCABULARY_REF="Glosser"/>
<LOCALE LANGUAGE_CODE="no" COUNTRY_CODE="NO"/>
<LANGUAGE LANG_ID="nob" LANG_LABEL="Norsk"/>
<CONSTRAINT STEREOTYPE="Time_Subdivision" DESCRIPTION="no gaps"/>
<CONSTRAINT STEREOTYPE="Symbolic_Subdivision" DESCRIPTION="ordered"/>
<CONTROLLED_VOCABULARY CV_ID="Glosser"><DESCRIPTION LANG_REF="nob">Ord</DESCRIPTION>
  <CV_ENTRY_ML CVE_ID="c0"><CVE_VALUE LANG_REF="nob" DESCRIPTION="d">bøyd</CVE_VALUE>
  </CV_ENTRY_ML>
</CONTROLLED_VOCABULARY>
<LEXICON_REF LEX_REF_ID="l1" NAME="n" TYPE="t" URL="u" LEXICON_ID="i" LEXICON_NAME="m"/>
<REF_LINK_SET LINK_SET_ID="rls1" LINK_SET_NAME="links">
  <CROSS_REF_LINK REF_LINK_ID="x1" REF1="a1" REF2="a2"/>
  <GROUP_REF_LINK REF_LINK_ID="x2" REFS="a4 a6"/>
</REF_LINK_SET>
<EXTERNAL_REF EXT_REF_ID="er1" TYPE="iso12620" VALUE="http://example.org/DC-1"/>
"""


def document(tiers=WORDS, slots=SLOTS, *, media='TIME_ORIGIN="0"', version="3.0") -> bytes:
    """An ELAN document with tiers under tiers and everything else that one may hold."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="Kari" DATE="2026-03-13T10:00:00+01:00" FORMAT="{version}"
  VERSION="{version}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv{version}.xsd">
<LICENSE LICENSE_URL="http://example.org/l">Bare til undervisning</LICENSE>
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
<MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/Users/kari/film.mp4" MIME_TYPE="video/mp4" {media}/>
<LINKED_FILE_DESCRIPTOR LINK_URL="file:///d.txt" MIME_TYPE="text/plain"/>
<PROPERTY NAME="URN">urn:nl-mpi-tools-elan-eaf:1</PROPERTY>
<PROPERTY NAME="lastUsedAnnotationId">12</PROPERTY>
</HEADER>
<TIME_ORDER>{slots}</TIME_ORDER><!-- said by hand -->
{tiers}{BEHIND}</ANNOTATION_DOCUMENT>""".encode()


def tier(*annotations: str, attributes: str = "") -> str:
    """A tier with an annotation per value, from 1000 to 4000."""
    holders = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts1" '
        f'TIME_SLOT_REF2="ts4"><ANNOTATION_VALUE>{value}</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        for number, value in enumerate(annotations, start=1)
    )
    return f'<TIER LINGUISTIC_TYPE_REF="utterance" TIER_ID="t" {attributes}>{holders}</TIER>'


def outgoing(tags=(), kept=(), *, language=Language.NB, length=LENGTH) -> Outgoing:
    """What is written about recording R1."""
    return Outgoing(
        recording="R1",
        media="R1.mp4",
        recorded_on=date(2026, 3, 13),
        length=length,
        frame_rate=Fraction(25),
        language=language,
        tags=tuple(tags),
        scales={SCALE.id: SCALE},
        kept=tuple(kept),
    )


def taken_in(data: bytes, into: Target = INTO):
    """Tags of a document with ids, and the document as it is kept with their origins."""
    incoming = elan.read(data, into)
    tags = [replace(tag, name=f"T{n}") for n, tag in enumerate(incoming.tags, start=1)]
    return tags, Kept(incoming.keep, {tag.name: tag.key for tag in tags})


def flat(data: bytes):
    """Every element in order, with its attributes and its text."""
    return [
        (
            one.tag,
            sorted(one.attrib.items()),
            (one.text or "").strip() if len(one) else one.text or "",
        )
        for one in ET.fromstring(data).iter()
    ]


def annotations(data: bytes) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Of each annotation its tier, its text and what it refers to: slots' times or an id."""
    root = ET.fromstring(data)
    slots = {one.get("TIME_SLOT_ID"): one.get("TIME_VALUE", "") for one in root.iter("TIME_SLOT")}
    found = {}
    for holder in root.iter("TIER"):
        for one in [inner for a in holder.iter("ANNOTATION") for inner in a]:
            refs = [one.get(k) for k in ("TIME_SLOT_REF1", "TIME_SLOT_REF2", "ANNOTATION_REF")]
            times = tuple(slots.get(ref, ref) for ref in refs if ref)
            text = "".join(one.find("ANNOTATION_VALUE").itertext())
            found[one.get("ANNOTATION_ID")] = (holder.get("TIER_ID"), text, times)
    return found


SHARED = Path(__file__).parents[4] / "shared" / "media" / "elan_sample_2.8.eaf"
DOCUMENTS = {"made": document(), "older": document(version="2.7")} | (
    {"sample": SHARED.read_bytes()} if SHARED.is_file() else {}
)
