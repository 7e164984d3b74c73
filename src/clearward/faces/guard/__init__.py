"""On access: files are judged while whoever opens them waits."""
