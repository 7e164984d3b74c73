"""What OLE2 compound files are made of, and what Office keeps in them."""
