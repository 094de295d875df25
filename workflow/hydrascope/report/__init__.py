"""The page that a reader opens first."""
