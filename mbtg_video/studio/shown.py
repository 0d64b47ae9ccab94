"""Rows as the page gets them: ids as they are printed, times in whole microseconds."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from mbtg_video.consent.model import Group, Use
from mbtg_video.consent.policy import Decision, decide, shown_openly
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.model import Recording, SpokenName
from mbtg_video.studio.answers import failure_record
from mbtg_video.studio.jobs import Job
from mbtg_video.supervision.model import Bundle, Entry, Playlist
from mbtg_video.tag.model import Tag

_SOON: Final = timedelta(days=30)


class Light(StrEnum):
    """What may be done with a recording: all of it, something, or nothing."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def decision_record(decision: Decision) -> dict[str, Any]:
    """A decision with its reasons; the page has its own words for each reason."""
    return {
        "use": decision.use,
        "on": decision.on,
        "allowed": decision.allowed,
        "until": decision.until,
        "conceal": sorted(decision.conceal),
        "refusals": [
            {
                "code": refusal.code,
                "reason": refusal.reason,
                "sentence": refusal.sentence,
                "remedy": refusal.remedy,
            }
            for refusal in decision.refusals
        ],
    }


def decision_on(recording: Recording, use: Use, on: date) -> Decision:
    """The decision on a use of the page's user: what leaves needs everybody to be shown openly."""
    decision = decide(recording.group, recording.present, use, on)
    return decision if use is Use.OWN_REVIEW else shown_openly(decision)


def light_record(recording: Recording, on: date) -> dict[str, Any]:
    """Green when it may be watched and shown in supervision for the next month, and why not."""
    own = decision_on(recording, Use.OWN_REVIEW, on)
    supervision = decision_on(recording, Use.SUPERVISION, on)
    if not own.allowed:
        return {"light": Light.RED, "decision": decision_record(own)}
    if not supervision.allowed:
        return {"light": Light.AMBER, "decision": decision_record(supervision)}
    soon = min(own, supervision, key=lambda decision: decision.until or date.max)
    ends = soon.until is not None and soon.until <= on + _SOON
    return {"light": Light.AMBER if ends else Light.GREEN, "decision": decision_record(soon)}


def recording_record(recording: Recording, watched_for: Use, on: date) -> dict[str, Any]:
    """A recording without pictures, and whether these may be asked for."""
    turned = recording.rotation % 180 == 90
    sides = (recording.width, recording.height)
    return {
        "id": recording.name,
        "group": recording.group.code,
        "group_name": recording.group.name,
        "kind": recording.kind,
        "recorded_on": recording.recorded_on,
        "file_name": recording.file_name,
        "length_us": recording.length.microseconds,
        "frames": recording.frame_count,
        "frame_rate": recording.frame_rate,
        "constant_rate": recording.constant_rate,
        "codec": recording.codec,
        "width": sides[1] if turned else sides[0],
        "height": sides[0] if turned else sides[1],
        "sound": bool(recording.sound),
        "present": [person.code for person in recording.present],
        "delete_by": recording.delete_by,
        "in_journal": recording.in_journal,
        "watchable": decision_on(recording, watched_for, on).allowed,
        "consent": light_record(recording, on),
    }


def group_record(group: Group) -> dict[str, Any]:
    """A group and who may be present."""
    return {
        "code": group.code,
        "name": group.name,
        "persons": [{"code": person.code, "role": person.role} for person in group.persons],
    }


def tag_record(tag: Tag) -> dict[str, Any]:
    """A tag and its revision."""
    return {
        "id": tag.name,
        "revision": tag.revision,
        "start_us": tag.start.microseconds,
        "end_us": tag.end.microseconds if tag.end is not None else None,
        "scale": tag.scale,
        "item": tag.item,
        "label": tag.label,
        "author": tag.author,
        "note": tag.note,
        "valence": tag.valence,
    }


def name_record(spoken: SpokenName) -> dict[str, Any]:
    """A mark where a name is said."""
    return {
        "id": spoken.name,
        "start_us": spoken.start.microseconds,
        "end_us": spoken.end.microseconds,
        "state": spoken.state,
        "reason": spoken.reason,
    }


def excerpt_record(excerpt: Excerpt) -> dict[str, Any]:
    """An excerpt without its receipt."""
    return {
        "id": excerpt.name,
        "recording": excerpt.recording.name,
        "group": excerpt.recording.group.code,
        "recorded_on": excerpt.recording.recorded_on,
        "start_us": excerpt.start.microseconds,
        "end_us": excerpt.end.microseconds,
        "first_frame_us": excerpt.first_frame.microseconds,
        "length_us": excerpt.receipt["duration_us"],
        "title": excerpt.title,
        "question": excerpt.question,
        "made_at": excerpt.made_at,
        "delete_by": excerpt.delete_by,
    }


def entry_record(entry: Entry) -> dict[str, Any]:
    """One step of a playlist; `id` stays when the order changes."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "excerpt": excerpt_record(entry.excerpt) if entry.excerpt is not None else None,
        "text": entry.text,
        "minutes": entry.minutes,
    }


def bundle_record(bundle: Bundle) -> dict[str, Any]:
    """A bundle that was handed out."""
    return {
        "id": bundle.name,
        "playlist": f"L{bundle.playlist_id}",
        "made_at": bundle.made_at,
        "expires_on": bundle.expires_on,
        "folder": bundle.folder,
        "clips": len(bundle.clips),
        "recipients": [recipient.who for recipient in bundle.recipients],
        "returned_on": bundle.returned_on,
        "returned_how": bundle.returned_how,
    }


def playlist_record(playlist: Playlist) -> dict[str, Any]:
    """A playlist without its entries."""
    return {
        "id": playlist.name,
        "title": playlist.title,
        "use": playlist.use,
        "slot_minutes": playlist.slot_minutes,
        "made_at": playlist.made_at,
        "entries": len(playlist.entries),
    }


def job_record(job: Job) -> dict[str, Any]:
    """Where a job stands."""
    return {
        "id": job.id,
        "what": job.what,
        "about": job.about,
        "state": job.state,
        "share": job.share,
        "result": job.result,
        "failure": failure_record(job.failure) if job.failure is not None else None,
    }
