"""What an indicator is: its kinds, the one way to write each value, and its id."""
