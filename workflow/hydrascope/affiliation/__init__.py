"""Which accounts belong to the network, and on what evidence."""
