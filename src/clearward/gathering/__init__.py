"""What comes in: files, feeds and reports become objects in the store."""
