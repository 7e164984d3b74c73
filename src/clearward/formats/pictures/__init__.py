"""Pictures: their points, and numbers by which they are compared."""
