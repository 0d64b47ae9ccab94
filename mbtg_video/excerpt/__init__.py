"""Excerpts: exact spans of a recording, kept with the receipt of their cut."""
