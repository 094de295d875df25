"""When the network's accounts were made."""
