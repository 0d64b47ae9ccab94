"""Words that tell a name from what is merely written with a capital, in Norwegian and English."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN_LETTERS: Final = (
    str.maketrans({"æ": "ae", "ø": "o", "å": "a"}),
    str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"}),
)


def _with_plain_letters(names: frozenset[str]) -> frozenset[str]:
    """The names, and as keyboards without æ, ø and å write them."""
    return names.union(name.translate(letters) for name in names for letters in _PLAIN_LETTERS)


# The commonest given names of grown-ups in Norway, and some of the commonest elsewhere.
GIVEN_NAMES: Final = _with_plain_letters(
    _words(
        """
        aase abdi abdullah adam adrian agnes agnete agnieszka ahmed aida aisha aksel aleksander
        alexander alf alfred ali alice alma alva amal amalie amanda amina amir amund anastasia
        anders andre andrea andreas andrzej ane anette angelica anita anja ann anna anne annika
        anniken ante anton antonia arild arne arnfinn arnt arthur arve arvid asbjørn asgeir aslak
        aslaug asta astrid atle aud audun aurdis aurora ayse barbro beate bendik benedikte
        benjamin bente berit bernhard bernt birger birgit birgitte birte bjarne bjarte bjørg bjørn
        bjørnar bo bodil borghild brage brede brit britt bård børge camilla carina carl carmen
        caroline cathrine cecilie celina charlotte christel christian christina christine
        christoffer clara conrad dagfinn dagny dagrun daniel david deniz dina doris dorthe ebba
        edel edith edle edvard egil egon eila eileen eilert eilif einar eirik eivor eldar elena
        eli elias elin eline elisabeth elise elizabeth ella ellen ellinor elsa else elvira embla
        emil emilie emily emine emma endre erik erika erlend erling ernst eskil espen ester esther
        eva evelyn even fabian farah fatima fatma felix ferdinand filip finn fiona frank fredrik
        frida fritz frode frøydis gabriel gaute geir georg gerd gerda gina gisle gitte gjermund
        gjert gjertrud glenn gloria gorm grace greta grete gry gudbrand gudmund gudrun gunhild
        gunn gunnar gunnhild gunvor guro gustav gyda haakon halldis halvard halvor hamid hamza
        hanna hannah hanne hans harald harriet hassan hedda hege heidi helen helena helene helga
        helge helle henning henriette henrik herdis herman hermann hermine hilde hjalmar hjørdis
        huda hugo hussein håkon håvard iben ibrahim ida idar idun ilse imran inga inge ingeborg
        ingelin inger ingerid ingjerd ingolf ingrid ingvar ingve ingvild ingvill iren irene irina
        iris irmelin isabella isak ismail ivan ivar iver jacob jakob jan jane janicke janne
        jannicke jarle jeanette jennifer jenny jens jeppe jessica jim joachim joakim joanna jofrid
        johan johanna johanne johannes john jon jonas jonathan jone jonny jorid jorunn josef
        josefine joseph jostein judith julia julie justyna jørgen jørn jørund kai kaja kalle kamil
        kamilla karen kari karianne karin karina karl karoline kaspar kasper katarina katarzyna
        kate katharina kathinka kathrine katja kato katrine kelly kenneth ketil kevin khadija
        khalid kim kine kirsten kitty kjell kjellaug kjellfrid kjersti kjetil klara klaus knut
        konrad kristen krister kristian kristiane kristin kristina kristine kristoffer krzysztof
        kyrre kåre laila lars lasse laura lavrans lea leah leif lena leon leonard levi lillian
        lilly linda line linn linnea linnéa linus lisa lisbeth lise liv loke lone lorentz lotte
        louise lovise lucas lucy ludvig ludvik lukas luna lydia maciej madeleine mads magda
        magdalena magna magne magnhild magnus mahmoud maiken maja malene malin manuel marcin
        marcus maren margaret margareth margit margot margrete margunn mari maria mariam mariann
        marianna marianne marie marika marina marit marius mark markus marlene marte martha marthe
        martin martine mary maryam mathias mathilde matilde mats mattias mattis max mehmet melissa
        merete mette mia michael mie mikael mikkel milla mina minna mira miranda miriam mirjam
        mohamad mohamed mohammad mohammed mona monica morten muhammad mustafa myriam myrthe
        møyfrid nadia narve natalia natalie nicholas nicklas nicolai nicoline niklas nikolai
        nikoline nils nina njål noah nora norunn oda odd oddbjørn oddny oddrun oddvar odin ola
        olaf olav ole olga oliver olivia omar oskar othilie ottar otto patricia patrick patrik
        paul paula paulina peder peggy per pernille peter petra petter philip philippa pia piotr
        preben pål rachel rafael ragna ragnar ragnhild ragni ragnvald rakel randi rasmus raymond
        rebecca rebekka regine reidar reidun renate renathe ricardo richard rikard rikke rita
        roald roar robert robin roger rolf ronald ronja ronny rose rosemarie roy ruben rudolf runa
        runar rune ruth saga sahar said salma samira samuel sander sandra sanna sara sarah sarita
        sebastian sebastien selim selma serina severin sigbjørn sigmund signe sigrid sigrun sigurd
        sigvart sigve silje simen simon simone sindre siren siri sissel siv siw snorre sofia sofie
        sofija sofus solbjørg solfrid solrun solveig solvår sondre sonja sophie staale stanislaw
        steffan steffen stein steinar steinulf stella stephan stephanie stian stig stine sture
        ståle sunna sunniva sunnøve susan susann susanna susanne svanhild svein svend svenn sverre
        svetlana sylvi sylvia synne synnøve synva syver sølve sølvi søren tale tamara tanja tara
        tarald tarjei teodor teresa terje thea theodor therese thomas thor thorbjørn thore
        thorleif thorvald tilde tina tine tinius tiril tobias toini tom tomas tomasz tommy tone
        tonje tonny tor tora torbjørn tord tordis tore torfinn torgeir torgrim torgunn torhild
        torill torkel torleif tormod tormund torstein torunn torvald tove trine trond trude truls
        trygve trym turi turid tuva tyra ulf ulla ulrik una unn unni unnveig ursula vanessa vanja
        vebjørn vegard veronica veronika veslemøy vetle vibeke victoria vidar vigdis viggo viktor
        vilde vilhelm viljar vilma vincent vinjar viola vivi vivian wanja wenche wenke wera
        wilhelm william wilma yasmin yasmine ylva yngve yosef yusuf yvonne zahra zainab zara åge
        åsa åse åshild åslaug åsmund åsne åste øivind ørjan øystein øyunn øyvind øyvor
        """
    )
)
# The commonest family names; those that are places as well count where no sentence begins.
FAMILY_NAMES: Final = _with_plain_letters(
    _words(
        """
        ahmed amundsen andersen andreassen andresen arnesen bakke bakken berg berge berntsen
        birkeland christensen christiansen dahl danielsen edvardsen eide eliassen ellingsen
        eriksen evensen fredriksen gulbrandsen gundersen haga hagen halvorsen hansen haug hauge
        haugen haugland helland hermansen holm isaksen iversen jacobsen jakobsen jensen
        jenssen johannessen johansen johnsen jørgensen karlsen knudsen knutsen kristensen
        kristiansen kristoffersen larsen lie lien lund lunde løken martinsen mathisen mikkelsen
        moe moen myhre myklebust nguyen nielsen nikolaisen nilsen nordmann nygård næss olsen
        ottesen paulsen pedersen pettersen rasmussen ruud rønning sandvik simonsen sivertsen
        solberg solheim strøm svendsen sæther sørensen sørlie tangen tveit thomassen thorsen
        vik wilhelmsen ødegård aas aasen åsen
        """
    )
)
# Those that are words of their own as well: at the start of a sentence their capital says nothing.
ALSO_WORDS: Final = _words(
    "age ane bakke bakken berg berge bo else even finn frank grace hagen hans haug haugen hauge "
    "inge jan lie lien line liv lund lunde løken mark max mina moen odd per rose saga said siren "
    "siv sol stein stig storm tale tangen tom tone tor tore vik viola vilde"
)
# Behind one of those, first in a sentence, somebody is meant.
VERBS: Final = _words(
    "avbryter ba ber begynner ble blir er fikk forteller fortalte får føler følte gikk gjorde gråt "
    "gråter går har hadde heter hører hørte kjente kjenner kom kommer ler lo lytter mener mente "
    "møter nikker opplever opplevde reagerer reagerte ringte sa satt sier sitter skriver smiler "
    "snakker snakket spurte spør svarer svarte synes syns syntes tenker tenkte tidde tier vet vil "
    "virker virket ville var ønsker said says asks asked cries cried feels felt laughs laughed "
    "leaves left listens tells told thinks thought wants wanted"
)
# What stands before a name, in full and shortened with a point.
TITLES: Final = _words(
    "advokat doktor dr frk fru frøken herr hr lege legen lensmann lærer læreren miss mr mrs ms "
    "overlege pastor prest presten prof professor professoren psykiater psykolog psykologen rektor "
    "saksbehandler "
    "bestefar bestemor bror broren datter datteren eksen eksmannen faren farmor farfar kamerat "
    "kameraten kjæreste kjæresten kompis kompisen kona konen mannen mormor morfar moren naboen "
    "onkel samboer samboeren sjefen stefar stemor søster søsteren sønn sønnen tante venninne "
    "venninnen vennen heter kalles "
    "aunt boss boyfriend brother daughter father girlfriend husband mother named neighbour partner "
    "sister son uncle wife"
)
SHORTENED: Final = _words("dr frk hr mr mrs ms prof")
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
    universitet university poliklinikk klinikk clinic senter center centre avdeling helse psykisk
    ekvivalens new york sri lanka nord sør øst vest institutt institute direktoratet foreningen
    mentalisering mentaliseringsbasert mentalization mentalisation mentalizing mentalising based
    basert treatment terapi therapy therapist terapeut koterapeut psykoterapi psychotherapy gruppe
    gruppen gruppeterapi group groups gruppeanalyse analysis pasient pasienten patient scale skala
    rating adherence quality manual interview beck depression anxiety inventory questionnaire
    index disorder dialektisk dialectical atferdsterapi behavior behaviour behavioral cognitive
    kognitiv schema skjematerapi borderline person lesson reason season personality
    personlighetsforstyrrelse attachment matrix matrise system kurs kursdag course programme
    program session time dag day uke week referat minutes rollespill
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
_ORDINALS: Final = """
    første andre tredje fjerde femte sjette sjuende åttende niende tiende ellevte tolvte trettende
    fjortende femtende sekstende syttende attende nittende tjuende tjueførste tjueandre tjuetredje
    tjuefjerde tjuefemte tjuesjette tjuesjuende tjueåttende tjueniende trettiende trettiførste
"""
ORDINALS: Final = {name: number for number, name in enumerate(_ORDINALS.split(), start=1)}
"""Days of a month in words."""
