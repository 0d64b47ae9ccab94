"""Playlists for a supervision session, and the locked bundles that leave."""
