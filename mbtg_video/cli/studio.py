"""``mbtg studio``."""

from __future__ import annotations

import webbrowser

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened, settings, today
from mbtg_video.settings import settings_path
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free one.")
@click.option("--no-browser", is_flag=True, help="Show the link, and open no browser.")
@click.option(
    "--idle-minutes",
    type=click.IntRange(1, 24 * 60),
    default=60,
    show_default=True,
    help="Stop when nobody has used it for so long.",
)
def command(port: int, no_browser: bool, idle_minutes: int) -> None:
    """Find, watch, tag and cut on a page in this computer's browser, until Ctrl-C."""
    from mbtg_video.studio.preferences import FILE
    from mbtg_video.studio.serve import Server

    with opened(Power.LOOK) as library:
        server = Server(
            library,
            settings(),
            settings_path().with_name(FILE),
            today,
            port=port,
            idle_minutes=idle_minutes,
        )
        output.done(
            f"The studio is open at {server.link}\n\n"
            "The link is good once, in a browser of this computer. Stop it with Ctrl-C.",
            link=server.link,
        )
        if not no_browser:
            webbrowser.open(server.link)
        server.run()
        why = f"nobody used it for {idle_minutes} minutes" if server.was_idle else "Ctrl-C"
    output.warn(f"The studio has stopped ({why}). The library is closed.")
