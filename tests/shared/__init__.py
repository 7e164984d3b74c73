"""Tests over the shared material; they skip where it is not."""
