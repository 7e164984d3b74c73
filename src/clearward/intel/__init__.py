"""What is known of bad things: STIX objects, markings, patterns; values alone."""
