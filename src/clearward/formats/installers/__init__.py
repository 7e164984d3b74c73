"""Data of installers and of scripts that programs carry, format by format."""
