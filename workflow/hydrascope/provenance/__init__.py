"""What went in, what came out, and with which versions."""
