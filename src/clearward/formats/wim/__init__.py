"""Windows images: how their content is packed, and its names."""
