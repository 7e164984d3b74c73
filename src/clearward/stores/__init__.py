"""What is kept in the home."""
