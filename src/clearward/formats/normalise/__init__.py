"""What signatures of ClamAV for text and pages look at, instead of the bytes."""
