"""The room: participants score a playlist's sequences at once, each from a phone or laptop."""
