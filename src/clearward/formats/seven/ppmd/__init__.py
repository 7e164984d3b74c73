"""PPMd variant H: the model, its memory, and its range coder."""
