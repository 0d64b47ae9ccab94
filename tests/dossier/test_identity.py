"""What seems to name somebody, and what only looks so."""

import unicodedata
from datetime import date

import pytest

from mbtg_video.dossier.identity import Sign, find_signs
from mbtg_video.dossier.keep import signs_in
from mbtg_video.dossier.model import DocumentKind
from tests.dossier.test_national_number import with_checks

TODAY = date(2026, 11, 28)
BIRTH, EMAIL, NAME, NUMBER, PHONE = Sign.BIRTH, Sign.EMAIL, Sign.NAME, Sign.NUMBER, Sign.PHONE


def number_of(day):
    """The first number that there is of somebody born on that day."""
    return next(filter(None, (with_checks(f"{day}{individual:03}") for individual in range(100))))


NO = number_of("010190")


def found(text):
    return [(one.sign, one.excerpt) for one in find_signs(text, on=TODAY)]


@pytest.mark.parametrize(
    "written",
    [
        NO,
        f"{NO[:6]} {NO[6:]}",
        f"{NO[:6]}\u00a0{NO[6:]}",
        f"{NO[:6]}-{NO[6:]}",
        f"{NO[:6]}\u2013{NO[6:]}",
        f"{NO[:2]}.{NO[2:4]}.{NO[4:6]}-{NO[6:]}",
        f"{NO[:2]}.{NO[2:4]}.{NO[4:6]} {NO[6:]}",
        f"{NO[:6]} {NO[6:9]} {NO[9:]}",
        f"{NO[:6]}\u202f{NO[6:]}",
        f"{NO[:6]} - {NO[6:]}",
        f"{NO[:6]}\n{NO[6:]}",
        f"{NO[:6]} | {NO[6:]}",  # two cells of a table
        f"{NO[:6]}/{NO[6:]}",
        f"{NO[:6]}  {NO[6:]}",
        f"{NO[:6]}: {NO[6:]}",
        f"{NO[:6]}_{NO[6:]}",
        f"{NO[:6]}) {NO[6:]}",
        f"{NO[:4]} {NO[4:8]} {NO[8:]}",
        " ".join(NO),
    ],
)
def test_an_identity_number_is_found_however_it_is_written(written):
    shown = " ".join(written.split())
    assert found(f"Nummer {written}.") == [(NUMBER, shown)]


@pytest.mark.parametrize("kind", ["410190", "014190", "018190", "418190", "016690", "416690"])
def test_d_numbers_h_numbers_and_synthetic_persons_are_found(kind):
    number = number_of(kind)
    assert found(f"({number})") == [(NUMBER, number)]


def test_a_number_with_a_slip_still_tells_a_day_of_birth():
    slipped = NO[:-1] + str((int(NO[-1]) + 1) % 10)
    assert found(f"Han er {slipped}") == [(BIRTH, slipped)]
    assert found("Konto 12345678901 og 99999999999, 1234567890123") == []


@pytest.mark.parametrize(
    "written",
    [
        "1.1.1990", "01.01.90", "01/01-90", "1/1/1990", "1990-01-31", "1. januar 1990",
        "1 jan. 1990", "1st of January 1990", "January 1, 1990", "12/31/1985", "1. desember '85",
        "født 1990", "født i 1990", "Født: 2019-02-03", "born 1 January 1990", "born in 1990",
        "f. 1990", "f. 12.3.91", "fødselsdato 03.02.2020", "date of birth: 1/2/2020",
        "15/3 1982", "15.3 1982", "15 03 1982", "15\u201303\u20131982", "1982.03.15", "1982/03/15",
        "15.mars 1982", "15.mar.1982", "15. mars -82", "15. mars i 1982", "femtende mars 1982",
        "150382", "15031982", "19820315", "15.03.\u201982", "fødd 1982", "f 1982", "f.dato 150382",
        "født mars 1982", "født i mars 1982", "født den 15. mars", "bursdag 15.3",
        "fødselsdag 3. mai",
    ],
)  # fmt: skip
def test_a_day_of_birth_is_found_however_it_is_written(written):
    assert found(f"P3 ({written}) kom sent") == [(BIRTH, written)]


@pytest.mark.parametrize(
    "written",
    ["13. mars 2026", "13.3.2026", "2026-03-13", "kl. 10.15.20", "31.2.1990", "kapittel 1.2.3",
     "uke 12-13", "1990", "2024", "13. mars", "f.eks. 12", "13/3 2026", "130326", "20260313",
     "F60.3", "f 60", "født 15 uker for tidlig", "ledd 10, 11, 12", "100000", "2024/101285"],
)  # fmt: skip
def test_the_day_of_a_session_is_no_day_of_birth(written):
    assert found(f"Timen {written} ble stille") == []


@pytest.mark.parametrize(
    "written",
    ["91234567", "912 34 567", "22 33 44 55", "+47 912 34 567", "+4791234567", "0047 91234567",
     "91.23.45.67", "+46 70 123 45 67"],
)  # fmt: skip
def test_a_phone_number_is_found(written):
    assert found(f"ring {written} i dag") == [(PHONE, written)]


@pytest.mark.parametrize(
    "written", ["2025-2026", "20261128", "12345678", "1 234 567", "45 minutter"]
)
def test_other_numbers_are_no_phone_numbers(written):
    assert found(f"i {written} ganger") == []


def test_an_e_mail_address_is_found():
    assert found("skriv til ola.nordmann@epost.example.no.") == [
        (EMAIL, "ola.nordmann@epost.example.no")
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Da sa Torbjørn Haugland ingenting.", "Torbjørn Haugland"),
        ("Haugland Viken kom for sent.", "Haugland Viken"),
        ("Gruppen møtte Ludwig von Beethoven der.", "Ludwig von Beethoven"),
        ("Etter det kom Siw Mo Dahl-Hansen.", "Siw Mo Dahl-Hansen"),
        ("og dr. Haugland spurte", "dr. Haugland"),
        ("Fru Jensen gråt.", "Fru Jensen"),
        ("som Mr. Smith sa", "Mr. Smith"),
        ("Kari kom.", "Kari"),
        ("snakket med Karis mor", "Karis"),
        ("og KARI gikk", "KARI"),
        ("om Even og det", "Even"),
        ("Anne-Marie sier", "Anne-Marie"),
        ("møtte K. Nordmann der", "K. Nordmann"),
        ("«Ola ringte»", "Ola"),
        ("P3, Liv, P4", "Liv"),
        ("_Kari_ kom.", "Kari"),
        ("Så kom **Torbjørn** _Haugland_.", "Torbjørn** _Haugland"),
        ("snakket med Johansens søster", "Johansens"),
        ("Johansens søster ringte", "Johansens"),
        ("ringte HANSEN da", "HANSEN"),
        ("hos Berg i går", "Berg"),
        ("og Oystein gikk", "Oystein"),
        ("Haakon og hun", "Haakon"),
        ("og Aase gikk", "Aase"),
        ("og Bjoern sa", "Bjoern"),
        ("møtte K.N. der", "K.N."),
        ("og K. N. sa det", "K. N."),
        ("Liv gråt.", "Liv"),
        ("Per kom sent.", "Per"),
        ("med kjæresten Zbigniew igjen", "kjæresten Zbigniew"),
        ("hunden heter Zorro", "heter Zorro"),
    ],
)
def test_a_name_is_found(text, name):
    assert found(text) == [(NAME, name)]


def test_a_name_broken_over_two_lines_is_found_whole():
    line = "Dette er en lang linje som ble brutt fordi den ikke fikk plass, og Torbjørn"
    assert found(f"{line}\nHaugland kom.") == [(NAME, "Torbjørn Haugland")]


@pytest.mark.parametrize(
    "text",
    [
        "Gruppen møtes hver tirsdag på Holbergs plass i Oslo. Terapeutene er T1 og K2.",
        "I Oslo møtes de. På Holbergs plass. Etter Tirsdag. Da P3 kom, ble G1 stille.",
        "MBT-G og DBT, Mentalization-Based Treatment, Mentalization Based Treatment for Group",
        "Han savner sin bror. Terapeuten spør. Hun er lege. Gruppen ler. Broren, P4 og NAV.",
        "Else where in the U.S. they meet. In June and on 3 August. P.S. stille hos A.A. nå.",
        "Per i dag er det fem. Finn ut av det. Tom stillhet. Hans mor. Liv og røre. Line for line.",
        "Vi bruker Beck Depression Inventory og MBT-G Adherence and Quality Scale.",
        "Tema: Tillit. Deretter stillhet.\nRamme\nTid og sted\n- Turtaking\n1. Åpning\n2. Slutt",
        "The Group met on Friday in March. She said: Nothing. When We left, It rained.",
        "_Prosessen_ er treg.\n* **Pausen** varte\n* Uro",
        "Prosessen er treg. Pausen varte lenge. Prosessen i Asker er en annen.",
        "Bor i Bergen\nJobber i Asker\n\nHar ingen kontakt med NAV",
        "P3K1 P10 X1 L2 B3 T1 ÅPNING AV TIMEN",
    ],
)
def test_what_only_has_a_capital_is_no_name(text):
    assert found(text) == []


def test_a_finding_says_where_it_stands():
    (first, second) = find_signs("Rolig.\n\nSå kom Kari Nordmann\tog Ola.", on=TODAY)
    assert (first.line, first.column) == (3, 8)
    assert (second.line, second.column, second.excerpt) == (3, 25, "Ola")


def test_decomposed_letters_hide_no_name_once_they_are_composed():
    text = unicodedata.normalize("NFD", "og Håvard kom")
    assert found(unicodedata.normalize("NFC", text)) == [(NAME, "Håvard")]


def test_a_reading_list_may_name_authors_and_nothing_else():
    text = f"Anthony Bateman og Peter Fonagy (2016), {NO}"
    signs = [one.sign for one in signs_in(DocumentKind.READING, "", text, on=TODAY)]
    assert signs == [NUMBER]
    (title,) = signs_in(DocumentKind.GROUP, "Kari Nordmann", "Stille.", on=TODAY)
    assert (title.line, title.sign) == (0, NAME)


@pytest.mark.parametrize("part", ["a", "Kari. ", "1 "])
def test_a_very_long_text_is_read_to_its_end(part):
    text = part * (200_000 // len(part)) + "\n\nog Ola"
    assert find_signs(text, on=TODAY)[-1].excerpt == "Ola"
