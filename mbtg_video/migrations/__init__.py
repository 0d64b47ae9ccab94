"""Schema of a library's database, one file a change."""
