"""Measured comparisons: each row of the table is one run of everything side by side."""
