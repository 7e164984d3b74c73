"""What Outlook's formats share: properties, and rich text in its compressed form."""
