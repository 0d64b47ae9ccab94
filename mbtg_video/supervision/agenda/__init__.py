"""The agenda of a course day or of one session: a handout for the room."""
