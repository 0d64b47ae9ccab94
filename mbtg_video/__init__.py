"""Consented video excerpts for supervision in mentalization-based group therapy."""

__version__ = "0.1.0"
