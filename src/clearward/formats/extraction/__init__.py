"""Find indicators in the text of reports."""
