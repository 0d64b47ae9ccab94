"""Ratings: scoring a sequence and comparing the raters."""
