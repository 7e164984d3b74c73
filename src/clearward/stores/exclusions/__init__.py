"""What the user has excluded: rules by name and files by digest, each with an end."""
