"""Accounts per platform and unit, set against what was published."""
