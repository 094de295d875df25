"""Results as they stand against the reference in the repository."""
