"""Decoders of what RAR 1.5 to 4 packed. One of them reads files one behind the other.

    first      RAR 1.5: codes that are always the same, tables that adapt
    second     RAR 2.0 and 2.6: codes in blocks; sounds are predicted (`sounds`)
    third      RAR 2.9 to 4: the same, or PPMd (`texts`), with `filters` behind

A decoder keeps its window and its tables, since a file of a solid archive begins with
those of the one before. `expand` is asked for one file after the other.
"""
