"""``mbtg playlist export``."""

from __future__ import annotations

from pathlib import Path

import click

from mbtg_video import audit
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.leaving import check_target, write_out
from mbtg_video.supervision.exchange.formats import playlist_values, writer_for
from mbtg_video.supervision.playlist import find_playlist
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
@click.argument("playlist")
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path), required=True)
@click.option("--with-titles", is_flag=True, help="With titles and texts, which are sealed here.")
def export(playlist: str, target: Path, with_titles: bool) -> None:
    """Write PLAYLIST for a cutting program (.otio) or a player (.xspf, .m3u8).

    It names the files that `excerpt export` writes (X1.mp4), to lie beside it; it holds no
    pictures. Without --with-titles only ids leave. The file is not sealed.
    """
    write = writer_for(target)
    number = as_number("L", playlist)
    with opened(Power.HAND_OUT) as library:
        check_target(library, target)
        with library.transaction() as session:
            values = playlist_values(
                session,
                find_playlist(session, number),
                titles=with_titles,
                language=settings().language,
                on=today(),
            )
        written = write(values)
        clips = [entry.media for entry in values.entries if hasattr(entry, "media")]
        kind = target.suffix.lstrip(".").lower()
        write_out(
            library,
            target,
            written.data,
            lambda session: audit.append(
                session,
                audit.Act.EXCHANGE,
                values.name,
                *(media.removesuffix(".mp4") for media in clips),
                deed="export",
                format=kind,
                titles=int(with_titles),
            ),
        )
    for loss in written.losses:
        output.warn(f"{loss.place}: {loss.what}")
    beside = f" Put beside it: {', '.join(dict.fromkeys(clips))}." if clips else ""
    output.done(
        f"Wrote {values.name} to {target}. The file is not sealed.{beside}",
        playlist=values.name,
        file=target,
        format=kind,
        media=list(dict.fromkeys(clips)),
        losses=[{"place": loss.place, "what": loss.what} for loss in written.losses],
    )
