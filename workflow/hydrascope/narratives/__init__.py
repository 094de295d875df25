"""What the network's texts are about."""
