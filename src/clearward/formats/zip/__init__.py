"""What the zip reader is made of: both views of an archive, and its methods."""
