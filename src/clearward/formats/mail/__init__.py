"""What the readers of mail share: headers, boundaries, encodings, recognition."""
