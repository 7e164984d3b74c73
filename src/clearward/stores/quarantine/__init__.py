"""Files that were moved away because of what was found in them, and the way back."""
