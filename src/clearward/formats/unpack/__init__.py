"""One file for each container format, and the table that lists them.

Registration is a tuple that a reader can see: the jail must know what it loads.
"""

from clearward.formats.format import Format
from clearward.formats.unpack import ar, gzip

FORMATS: tuple[Format, ...] = (
    Format(ar.NAME, ar.recognises, unpack_ahead=ar.unpack, magics=(ar.MAGIC,)),
    Format(gzip.NAME, gzip.recognises, unpack_ahead=gzip.unpack, magics=(gzip.MAGIC,)),
)
