"""The clamd face: what speaks to ClamAV's daemon can speak to this instead."""
