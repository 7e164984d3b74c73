"""What `clearward serve` does under load, beside Debian's clamd with the same rules.

From the folder `bench`:

    python -m serving rates|silent|slow|reload|soak|leaving [options]
"""
