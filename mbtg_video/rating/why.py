"""Why a number could not be made, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mbtg_video.rating.reliability.estimate import Why
from mbtg_video.scale import Wording

WHY: Final[Mapping[Why, Wording]] = {
    Why.ALL_MISSING: Wording(
        nb="Ingen har gitt skårer her.",
        en="Nobody gave scores here.",
    ),
    Why.ONE_RATER: Wording(
        nb="Bare én har skåret, så ingen kan sammenlignes.",
        en="Only one person scored, so there is nobody to compare with.",
    ),
    Why.ONE_SESSION: Wording(
        nb="Bare én sekvens teller her; tallet krever flere.",
        en="Only one sequence counts here; the number needs several.",
    ),
    Why.ONE_ITEM: Wording(
        nb="Bare ett ledd er skåret; tallet krever flere.",
        en="Only one item was scored; the number needs several.",
    ),
    Why.TOO_FEW_COMPLETE: Wording(
        nb="Færre enn to sekvenser er skåret av alle.",
        en="Fewer than two sequences were scored by everybody.",
    ),
    Why.NO_PAIRS: Wording(
        nb="Det er ingenting som to har vurdert begge.",
        en="There is nothing that two of them both judged.",
    ),
    Why.NO_VARIANCE: Wording(
        nb="Alle ga alltid samme verdi; enighet utover tilfeldighet gir da ingen mening.",
        en="Everybody always gave the same value; agreement beyond chance then has no meaning.",
    ),
    Why.SESSIONS_ALIKE: Wording(
        nb="Sekvensene har samme gjennomsnitt, og tallet deler på hvor ulike de er.",
        en="The sequences have the same mean, and the number divides by how they differ.",
    ),
    Why.NEGATIVE_VARIANCE: Wording(
        nb="Variansen som tallet deler på, ble anslått til null eller mindre.",
        en="The variance that the number divides by was estimated as nought or less.",
    ),
    Why.NEGATIVE_SCORES: Wording(
        nb="En forholdsskala har ingen verdier under null.",
        en="A ratio scale has no values below nought.",
    ),
    Why.NOT_REACHABLE: Wording(
        nb="Ikke noe antall skårere er nok.",
        en="No number of raters is enough.",
    ),
    Why.NOTHING_TAGGED: Wording(
        nb="Ingen av de to har satt merker.",
        en="Neither of the two set a tag.",
    ),
    Why.NO_LENGTH: Wording(
        nb="Opptaket har ingen lengde.",
        en="The recording has no length.",
    ),
}
