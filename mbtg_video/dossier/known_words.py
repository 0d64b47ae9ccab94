"""Words that tell a name from what is merely written with a capital, in Norwegian and English."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The commonest given names of grown-ups in Norway, and some of the commonest elsewhere.
GIVEN_NAMES: Final = _words(
    """
    agnes ahmed aksel aleksander alexander ali alice amalie amanda amina anders andre andrea
    andreas ane anette anita anja anna anne anniken ann annika arild arne arvid asbjørn aslaug
    astrid atle aud audun ayse beate benedikte bente berit bernt birgit birgitte bjarne bjørg
    bjørnar bo camilla carl caroline cathrine cecilie charlotte christian christina christine
    christoffer daniel david ebba edvard egil eirik elin elisabeth elise ella ellen elsa emil
    emilie emily emma endre erik erlend erling espen eva even fatima filip frank fredrik frida
    frode geir gerd gisle grete gudrun gunhild gunnar gunn gustav guro grace hanna hannah hanne
    hans harald hassan hedda hege heidi helene helga helge henning henrik henriette hilde håkon
    håvard ida inga inge inger ingrid ingeborg ingvild isabella isak ivar iver jacob jakob jan
    janne jens jessica joakim johan johanna johanne johannes john jon jonas jorunn josef julia
    julie jørgen jørn kai kaja karen kari karianne karin karina karl karoline kathrine katrine
    kenneth ketil kim kirsten kjell kjersti kjetil klara knut kristian kristin kristina kristine
    kristoffer lars laila lasse laura lea leif lena leon linda line linn linnea lisa lisbeth lise
    liv lotte louise lucas lucy ludvig lukas mads mark magne magnus maja malin marianne maria
    marie marit mari marius marte martha martin martine mathias mathilde matilde maryam mats
    merete mette michael mikkel mina mohammed mohamed mona monica morten myrthe nadia nils nina
    nora odd oda odin ola olaf olav ole oliver olivia oskar petter pernille per peter philip pål
    ragna ragnar ragnhild rakel rasmus renate richard rikke rita robert roger rolf ronja rose roy
    ruben rune ruth sander sandra sara sarah sebastian selma sigrid sigurd silje simen simon siri
    siv sofia sofie solveig sondre steffen steinar stian stine stein stig sture sunniva susanne
    svein sverre synne synnøve sylvia sølvi tarjei terje theodor thomas thea therese tiril toini
    tomas tom tone tonje tor torbjørn tore torill torstein torunn trine trond trude trygve turid
    tuva ulrik unni vegard vetle vibeke victoria vidar vigdis viktor vilde wenche william yasmin
    yngve ylva øystein øyvind åge åse åshild
    """
)
# Those that are words of their own as well: at the start of a sentence their capital says nothing.
ALSO_WORDS: Final = _words(
    "ane bo even finn frank grace hans inge jan line liv mark mina odd per rose siv stein stig tom "
    "tone tor tore vilde"
)
TITLES: Final = _words(
    "dr doktor dir fru frøken frk herr hr lege lærer miss mr mrs ms prof professor professoren "
    "psykolog psykologen pastor prest søster bror"
)
PARTICLES: Final = _words("af av da de del den der di la le van von ten ter zu al el bin ibn")

# Never part of a name: what may stand first in a sentence, the calendar, the clinic's own words.
NO_NAMES: Final = _words(
    """
    alle alt andre at av bare begge blant både da dagens de deretter derfor dem den denne der
    deres dersom det dette disse du eller en enda er et etter for foran fordi fra før først
    gjennom ha han hans har her hos hun hva hvem hver hvis hvor hvordan hvorfor i ikke ingen inn
    jeg kan kanskje likevel med mellom men mens min mot må ned neste noe noen nå når ofte og også
    om opp oss senere siden over på rundt samtidig sammen samt selv sin skal slik som så ta til
    tross under ut uten ved vi vil vår være å a about after all also an and any are as because
    before both but by can do during each every first from had has have he her his how if in into
    is it its last many most my next no not now of on once one only or our out she should since
    some that the their then there these they this those to today two until we what when where
    which while who why with without you your mandag tirsdag onsdag torsdag fredag lørdag søndag
    monday tuesday wednesday thursday friday saturday sunday januar februar mars april mai juni
    juli august september oktober november desember january february march may june july october
    december jul påske pinse christmas easter norge norsk norway norwegian norden nordisk oslo
    holberg holbergs plass england danmark sverige sykehus universitetssykehus hospital
    universitet university poliklinikk klinikk clinic senter center centre avdeling helse
    institutt institute direktoratet foreningen mentalisering mentaliseringsbasert mentalization
    mentalisation mentalizing mentalising based basert treatment terapi therapy therapist terapeut
    koterapeut psykoterapi psychotherapy gruppe gruppen gruppeterapi group groups gruppeanalyse
    analysis pasient pasienten patient scale skala rating adherence quality manual interview beck
    depression anxiety inventory questionnaire index disorder dialektisk dialectical atferdsterapi
    behavior behaviour behavioral cognitive kognitiv schema skjematerapi borderline person lesson
    reason season personality personlighetsforstyrrelse attachment matrix matrise system kurs
    kursdag course programme program session time dag day uke week referat minutes rollespill
    """
)
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan", "februar february feb", "mars march mar", "april apr", "mai may",
            "juni june jun", "juli july jul", "august aug", "september sep sept",
            "oktober october okt oct", "november nov", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
