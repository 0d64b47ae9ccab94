"""The letter that tells a participant what is missing for a course day: as a page and a PDF."""
