"""Media files: what is in them, exact cuts, pictures and sound; knows no rows."""
