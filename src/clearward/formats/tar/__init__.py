"""What a tar archive is made of: headers, pax records, sparse maps."""
