"""What kind of file a part is, with the evidence for it; see `formats.kinds.kind`."""
