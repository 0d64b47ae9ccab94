"""The studio: the local page on which recordings are watched, tagged, cut and planned."""
