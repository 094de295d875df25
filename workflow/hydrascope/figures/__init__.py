"""Figures, each drawn from the very table that is written beside it."""
