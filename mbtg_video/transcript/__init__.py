"""What is said in a recording, as lanes of timed text."""
