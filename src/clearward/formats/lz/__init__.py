"""What decoders of the years before deflate share: bits, codes and a window of output.

    bits      bits of a part, low or high ones first
    codes     prefix codes from the lengths of their words
    output    what was decoded, the window that matches reach back into, and its pieces

A decoder is a generator that yields when its output should be taken away; `expanded`
makes chunks of it, and gives what stands before damage ahead of the error.
"""
