"""What single formats need besides their own readers."""
