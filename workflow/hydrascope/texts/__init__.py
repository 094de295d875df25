"""Posts to families of equal texts, and to one vector a family."""
