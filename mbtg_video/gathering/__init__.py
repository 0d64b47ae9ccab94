"""What is written about a recording once more, together, so that it is searched quickly."""
