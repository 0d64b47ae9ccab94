"""``mbtg search``."""

from __future__ import annotations

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened, settings, today
from mbtg_video.search.find import LIMIT, find
from mbtg_video.users import Power


class _Query(CommonCommand):
    """A command whose words may begin with a minus, which excludes them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse after putting such words where they cannot be taken for options."""
        options, _, rest = _parted(args)
        known = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        excluding = [
            word
            for word in options
            if word.startswith("-") and not word.startswith("--") and word not in known
            and len(word) > 1
        ]  # fmt: skip
        kept = [word for word in options if word not in excluding]
        return super().parse_args(ctx, [*kept, "--", *excluding, *rest])


def _parted(args: list[str]) -> tuple[list[str], str, list[str]]:
    if "--" not in args:
        return args, "", []
    at = args.index("--")
    return args[:at], "--", args[at + 1 :]


@click.command(cls=_Query)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=LIMIT, show_default=True,
              metavar="N", help="Show at most N.")  # fmt: skip
@click.option(
    "--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N."
)
def command(query: tuple[str, ...], limit: int, offset: int) -> None:
    """Find what is written in tags, transcripts, excerpts, playlists, documents and the rest.

    All words of QUERY must occur, '"a phrase"' as it stands. Filters: item:17 by:K1 in:R1
    group:G1 person:P3 as:good kind:tag from:2026-03-01 until:2026-03-31. A minus before a word
    or filter excludes it.
    """
    language = settings().language
    with opened(Power.LOOK) as library, library.transaction() as session:
        found = find(
            session,
            " ".join(query),
            language=language,
            on=today(),
            offset=offset,
            limit=limit,
        )
    records = [hit.record() | {"snippet": hit.snippet} for hit in found.hits]
    if output.wants_json():
        output.done("", total=found.total, offset=offset, hits=records)
        return
    columns = ("kind", "id", "recording", "start_us", "item", "by", "snippet")
    output.table(records, columns)
    last = offset + len(records)
    if found.total > len(records) and records:
        more = f" More: --offset {last}" if last < found.total else ""
        output.warn(f"{offset + 1} to {last} of {found.total}.{more}")
