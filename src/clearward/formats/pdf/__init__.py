"""PDF: its objects, its filters and its locks, one idea a file."""
