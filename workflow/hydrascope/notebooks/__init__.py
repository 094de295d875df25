"""What the notebooks read, and how the workflow runs them."""
