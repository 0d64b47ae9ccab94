"""``mbtg rate room``."""

from __future__ import annotations

import io
import re
import webbrowser
from collections.abc import Sequence

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, Words
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.users import Power

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def _drawn(link: str) -> str:
    """A QR code in half blocks: dark signs on a light ground, in a light or dark terminal."""
    import segno

    drawing = io.StringIO()
    segno.make(link, error="m", micro=False).terminal(drawing, border=2, compact=True)
    return drawing.getvalue()


@click.command(name="room", cls=CommonCommand)
@click.argument("playlist", metavar="L1")
@click.option("--address", metavar="IP", help="This computer's address in the room's network.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free one.")
@click.option(
    "--rater",
    "raters",
    metavar="CODE...",
    cls=Words,
    fits=lambda word: _CODE.fullmatch(word) is not None,
    help="Who may score; default: everybody who is no patient.",
)
@click.option("--scale", metavar="ID", help="Default: the scale of the settings.")
@click.option("--no-browser", is_flag=True, help="Show the links, and open no browser.")
@click.option(
    "--hours",
    type=click.IntRange(1, 23),
    default=8,
    show_default=True,
    help="End at the latest after so long.",
)
@click.option(
    "--idle-minutes",
    type=click.IntRange(1, 24 * 60),
    default=90,
    show_default=True,
    help="End when nobody has used it for so long.",
)
def room(
    playlist: str,
    address: str | None,
    port: int,
    raters: Sequence[str],
    scale: str | None,
    no_browser: bool,
    hours: int,
    idle_minutes: int,
) -> None:
    """Let everybody in the room score L1's excerpts at once, from phones and laptops.

    The sheets are served on the local network until you end it; no picture, title or name is.
    """
    from mbtg_video.studio.room.serve import RoomServer
    from mbtg_video.studio.room.state import Limits

    with opened(Power.RATE) as library:
        server = RoomServer(
            library,
            settings(),
            as_number("L", playlist),
            today,
            address=address,
            port=port,
            raters=raters,
            scale=scale,
            limits=Limits(hours, idle_minutes),
        )
        served = server.room
        output.done(
            f"{_drawn(served.link)}\n"
            f"Phones and laptops:  {served.link}\n"
            f"Code:                {served.join_code}\n"
            f"Fingerprint:         {served.fingerprint}\n"
            f"Your own page:       {server.link}\n\n"
            "A browser warns once: the certificate was made here, for this session. Compare its "
            "SHA-256 fingerprint when in doubt. End the room on your page, or with Ctrl-C.",
            link=served.link,
            code=served.join_code,
            fingerprint=served.fingerprint,
            host=server.link,
        )
        if not no_browser:
            webbrowser.open(server.link)
        server.run()
    output.warn(f"The room is closed ({served.why_ended}). What was saved is in the library.")
