"""What goes out: objects of the store in the forms that others read."""
