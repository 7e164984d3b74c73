"""What is compiled, and the same in plain Python: the matcher, the views, the finder.

Nothing is imported here: the first zygote needs no matcher, see `chosen`.
"""
