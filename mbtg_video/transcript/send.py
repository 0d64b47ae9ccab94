"""Write a transcript as a caption file, which is not sealed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.leaving import check_target, write_out
from mbtg_video.library import Library
from mbtg_video.recording.access import permit
from mbtg_video.transcript.captions import CaptionFormat
from mbtg_video.transcript.content import Loss
from mbtg_video.transcript.lane import find_transcript, lane_of
from mbtg_video.transcript.write import write_transcript
from mbtg_video.users import Power


def send_transcript(
    library: Library, number: int, target: Path, kind: CaptionFormat, *, on: date
) -> tuple[int, list[Loss]]:
    """Write transcript `number` to `target` and note that it left: its size, and what changed.

    Raises `BadInput`, `NotFound` or `ConsentRefused`.
    """
    check_target(library, target)
    with library.transaction(Power.HAND_OUT) as session:
        transcript = find_transcript(session, number)
        permit(transcript.recording, Use.OWN_REVIEW, on, transcript.name)
        data, losses = write_transcript(lane_of(transcript), kind)

    def note(session: Session) -> None:
        # Once more, in the transaction of the deed: a consent may have ended meanwhile.
        transcript = find_transcript(session, number)
        permit(transcript.recording, Use.OWN_REVIEW, on, transcript.name)
        name, recording = transcript.name, transcript.recording.name
        audit.append(session, Act.TRANSCRIPT, name, recording, deed="export", format=kind)

    write_out(library, target, data, note)
    return len(data), losses
