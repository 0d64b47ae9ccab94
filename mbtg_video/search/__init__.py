"""One query over everything that is written in a library."""
