"""Headings and fixed words of the command line in both languages."""

from __future__ import annotations

from mbtg_video.settings import Language

_WORDS: dict[str, tuple[str, str]] = {
    # key: (English, Norwegian)
    "id": ("Id", "Id"),
    "code": ("Code", "Kode"),
    "name": ("Name", "Navn"),
    "group": ("Group", "Gruppe"),
    "role": ("Role", "Rolle"),
    "approval_required": ("Approval needed", "Krever godkjenning"),
    "approved_until": ("Approved until", "Godkjent til"),
    "persons": ("Persons", "Personer"),
    "person": ("Person", "Person"),
    "uses": ("Uses", "Bruk"),
    "use": ("Use", "Bruk"),
    "form": ("Form", "Form"),
    "until": ("Until", "Til"),
    "missing": ("Missing", "Mangler"),
    "kind": ("Kind", "Type"),
    "recorded_on": ("Recorded on", "Tatt opp"),
    "length_us": ("Length", "Lengde"),
    "present": ("Present", "Til stede"),
    "picture": ("Picture", "Bilde"),
    "frame_rate": ("Frames a second", "Bilder i sekundet"),
    "frames": ("Frames", "Bilder"),
    "sound": ("Sound", "Lyd"),
    "file_name": ("File", "Fil"),
    "recording": ("Recording", "Opptak"),
    "title": ("Title", "Tittel"),
    "question": ("Question", "Spørsmål"),
    "start_us": ("From", "Fra"),
    "end_us": ("To", "Til"),
    "rung": ("Cut by", "Klippet ved"),
    "item": ("Item", "Ledd"),
    "item_name": ("Item name", "Leddnavn"),
    "label": ("Label", "Etikett"),
    "author": ("By", "Av"),
    "valence": ("As", "Som"),
    "note": ("Note", "Notat"),
    "number": ("No.", "Nr."),
    "group_specific": ("Group-specific", "Gruppespesifikt"),
    "adherence_rated": ("Adherence rated", "Metodetrofasthet skåres"),
    "items": ("Items", "Ledd"),
    "version": ("Version", "Versjon"),
    "position": ("No.", "Nr."),
    "entry": ("Entry", "Innslag"),
    "minutes": ("Minutes", "Minutter"),
    "entries": ("Entries", "Innslag"),
    "playlist": ("Playlist", "Spilleliste"),
    "recipients": ("Recipients", "Mottakere"),
    "made_on": ("Made on", "Laget"),
    "expires_on": ("Expires on", "Utløper"),
    "clips": ("Clips", "Klipp"),
    "passed": ("Passed", "Bestått"),
    "figure": ("Figure", "Måling"),
    "receipt": ("Receipt", "Kvittering"),
    "container": ("Container", "Filformat"),
    "constant_rate": ("Constant rate", "Jevn takt"),
    "time_base": ("Time base", "Tidsbase"),
    "start_pts": ("First time stamp", "Første tidsstempel"),
    "plays_in_browser": ("Plays in a browser", "Spilles i nettleser"),
    "size": ("Size", "Størrelse"),
    "yes": ("yes", "ja"),
    "no": ("no", "nei"),
    "nothing": ("Nothing to show.", "Ingenting å vise."),
    "good": ("good example", "godt eksempel"),
    "missed": ("missed opportunity", "tapt mulighet"),
    "neutral": ("neutral", "nøytral"),
}


def word(key: str, language: Language) -> str:
    """The word in one language; a key without words stands for itself."""
    english, norwegian = _WORDS.get(key, (key, key))
    return norwegian if language is Language.NB else english
