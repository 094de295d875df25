"""The simulated collection: a planted network among people and other networks."""
