"""The inside of 7z archives: header, coders, and how folders are put together."""
