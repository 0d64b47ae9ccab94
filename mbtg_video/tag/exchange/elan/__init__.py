"""ELAN: annotations with a time are tags, and everything else of a document is kept for it."""

from mbtg_video.tag.exchange.elan.read import read as read
from mbtg_video.tag.exchange.elan.write import write as write
