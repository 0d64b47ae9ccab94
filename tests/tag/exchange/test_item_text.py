"""An item is recognised in one way, whatever tool wrote it."""

import pytest

from mbtg_video.tag.exchange import elan, losslesscut, sportscode
from mbtg_video.tag.exchange.item_text import item_of_text
from tests.tag.exchange.elan_documents import INTO, SLOTS, document, tier
from tests.tag.exchange.values import SCALE

ITEMS = {
    "17": 17,
    "ledd 17": 17,
    "Item17": 17,
    "mbt-g-aqs:18 Stop and rewind": 18,
    "MBT-G-AQS/18": 18,
    "18. stopp og  spol tilbake": 18,
    "Stop and rewind": 18,
}
LABELS = ("3 pasienter går", "17 Stop and rewind", "other:3", "10:03", "99", "item", "")


@pytest.mark.parametrize(("text", "number"), ITEMS.items())
def test_every_reader_takes_the_same_texts_for_items(text, number):
    assert item_of_text(text, SCALE, {}) == (SCALE.id, number)
    instance = f"<instance><start>1</start><end>2</end><code>{text}</code></instance>"
    timeline = f"<file><ALL_INSTANCES>{instance}</ALL_INSTANCES></file>".encode()
    marker = f'{{version: 2, cutSegments: [{{start: 1, name: "{text}"}}]}}'.encode()
    for format_, data in (
        (elan, document(tier(text), SLOTS)),
        (sportscode, timeline),
        (losslesscut, marker),
    ):
        assert [(tag.scale, tag.item) for tag in format_.read(data, INTO).tags] == [
            (SCALE.id, number)
        ]


@pytest.mark.parametrize("text", LABELS)
def test_other_texts_are_labels(text):
    assert item_of_text(text, SCALE, {}) is None
