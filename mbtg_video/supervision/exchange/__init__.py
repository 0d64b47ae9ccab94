"""Playlists for players and cutting programs, one file a format."""
