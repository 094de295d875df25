"""Raw files to tables: one reader a format, and no record lost in silence."""
