"""Tags: moments and spans of a recording, tied to scale items."""
