"""The methods of zip from the years before 1993: shrink, reduce and implode.

None of their streams says where it ends: the header's size does. Each decoder takes all
of its input before it gives output, so input beyond `MOST_PACKED` is refused.
"""
