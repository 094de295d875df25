"""A simulated world written down in the platforms' own export formats, with dirt on purpose."""
