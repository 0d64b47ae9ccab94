"""Recordings: taken in once, kept sealed, opened through one door."""
