"""A drawing as SVG that stays the same for the same data, and takes the colours of its page.

Text stays text, so that it can be read out and searched. The ink colours are named, and a page
puts its own in their place; nothing is told by colour alone.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK: Final = "#1c2431"
FAINT: Final = "#aab3bf"
ACCENT: Final = "#b3261f"
RATERS: Final = ("#0072b2", "#d55e01", "#009e74", "#b0589a", "#8a6d00", "#3b8fc4")
"""Close to the palette of Okabe and Ito, which people with any colour vision tell apart."""
MARKS: Final = ("o", "s", "^", "v", "X", "P")
NAMED: Final = {INK: "ink", FAINT: "faint", ACCENT: "accent"} | {
    colour: f"rater{place}" for place, colour in enumerate(RATERS)
}
"""Name of each colour that a page may replace."""

_WIDTH_INCHES: Final = 7.2
_LETTER_INCHES: Final = 0.077
_SIGN_INCHES: Final = 0.6
_LETTERS: Final = 36
_LINES: Final = 2
_SETTINGS: Final[dict[str, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mbtg-video",
    "text.parse_math": False,  # a name with two dollar signs is a name
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.titlesize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.unicode_minus": True,
}
_HEAD: Final = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_EXTRA: Final = re.compile(
    r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL
)
_ID: Final = re.compile(r'\sid="([^"]+)"')
_USED: Final = re.compile(r'(?:href="#|url\(#)([^")]+)')


@contextmanager
def drawing(height_inches: float) -> Iterator[Figure]:
    """An empty figure as wide as a page, drawn with our settings whatever the user's own."""
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context(["default", _SETTINGS]):
        yield Figure(figsize=(_WIDTH_INCHES, height_inches))


def finished(figure: Figure, name: str) -> str:
    """The figure as one SVG element; `name` keeps its ids apart from other drawings'."""
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = _EXTRA.sub("", _HEAD.sub("", written.getvalue().decode()))
    text = text.replace("xlink:href", "href")
    used = set(_USED.findall(text))
    text = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", text)
    text = re.sub(r"\s*\n\s*", "\n", text)
    return text.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1).strip()


def key_columns(labels: Sequence[str]) -> int:
    """How many entries of a key fit beside each other."""
    widest = max((len(label) for label in labels), default=1)
    return max(1, int((_WIDTH_INCHES - 0.2) / (_SIGN_INCHES + _LETTER_INCHES * widest)))


def key_inches(labels: Sequence[str]) -> float:
    """Height of a key of these entries."""
    return 0.2 * math.ceil(len(labels) / key_columns(labels)) + 0.1


def label_inches(labels: Sequence[str]) -> float:
    """Length of the longest label written upwards."""
    return _LETTER_INCHES * max((len(label) for label in labels), default=1) + 0.1


def item_label(number: str, name: str) -> str:
    """An item's number and name on two lines at most."""
    lines = textwrap.wrap(f"{number}  {name}", _LETTERS, max_lines=_LINES, placeholder=" …")
    return "\n".join(lines)


def rows_of_items(axes: Axes, labels: list[str], *, named: bool) -> None:
    """Items below each other, the first on top, told apart by fine lines."""
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)) if named else [], labels if named else [], fontsize=7.6)
    axes.tick_params(axis="y", length=0)
    edges = [edge - 0.5 for edge in range(len(labels) + 1)]
    across = axes.get_yaxis_transform()
    axes.hlines(edges, 0, 1, color=FAINT, linewidth=0.4, zorder=0, transform=across)
    axes.spines["left"].set_visible(False)
