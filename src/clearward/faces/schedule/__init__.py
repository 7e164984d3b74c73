"""`clearward schedule`: scans at set times, as timers of systemd."""
