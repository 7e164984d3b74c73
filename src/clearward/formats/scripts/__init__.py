"""What scripts hide in their text: encoded blobs, and words taken apart."""
