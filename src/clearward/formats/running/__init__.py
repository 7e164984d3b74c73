"""Programs that unpack themselves: run for a while over memory of their own."""
