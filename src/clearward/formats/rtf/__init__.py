"""Rich Text Format: the bytes that stand in it as digits."""
