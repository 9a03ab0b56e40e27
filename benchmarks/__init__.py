"""Measurements of quality and speed; run by hand through the Makefile."""
