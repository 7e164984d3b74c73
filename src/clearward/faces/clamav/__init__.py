"""What the commands clamscan and clamdscan share."""
