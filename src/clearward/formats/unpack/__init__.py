"""One file for each container format, and the table that lists them.

Registration is a tuple that a reader can see: the jail must know what it loads. Formats
without magics are asked about every part, so their `recognises` must be quick.
"""

from clearward.formats.format import Format
from clearward.formats.mail import recognise
from clearward.formats.unpack import (
    ar,
    asar,
    bzip2,
    cards,
    constants,
    cpio,
    embedded,
    embedded_program,
    fat_macho,
    gzip,
    html,
    lz4,
    lzma,
    mail,
    mbox,
    netbundle,
    overlay,
    resources,
    rpm,
    scripts,
    selfextracting,
    seven_zip,
    tar,
    uuencode,
    xz,
    zip,
    zstd,
)

FORMATS: tuple[Format, ...] = (
    Format(
        zip.NAME,
        zip.recognises,
        unpack=zip.unpack,
        anywhere=True,
        marks=zip.MARKS,
        shared=zip.shared,
    ),
    Format(tar.NAME, tar.recognises, unpack_ahead=tar.unpack),
    Format(gzip.NAME, gzip.recognises, unpack_ahead=gzip.unpack, magics=gzip.MAGICS),
    Format(
        bzip2.NAME, bzip2.recognises, unpack_ahead=bzip2.unpack, magics=(bzip2.MAGIC,)
    ),
    Format(xz.NAME, xz.recognises, unpack_ahead=xz.unpack, magics=(xz.MAGIC,)),
    Format(lzma.NAME, lzma.recognises, unpack_ahead=lzma.unpack, magics=lzma.MAGICS),
    Format(zstd.NAME, zstd.recognises, unpack_ahead=zstd.unpack, magics=zstd.MAGICS),
    Format(lz4.NAME, lz4.recognises, unpack_ahead=lz4.unpack, magics=lz4.MAGICS),
    Format(
        seven_zip.NAME,
        seven_zip.recognises,
        unpack=seven_zip.unpack,
        magics=(seven_zip.MAGIC,),
    ),
    Format(ar.NAME, ar.recognises, unpack_ahead=ar.unpack, magics=ar.MAGICS),
    Format(cpio.NAME, cpio.recognises, unpack_ahead=cpio.unpack, magics=cpio.MAGICS),
    Format(rpm.NAME, rpm.recognises, unpack_ahead=rpm.unpack, magics=rpm.MAGICS),
    Format(asar.NAME, asar.recognises, unpack=asar.unpack, magics=(asar.MAGIC,)),
    Format(
        fat_macho.NAME,
        fat_macho.recognises,
        unpack=fat_macho.unpack,
        magics=fat_macho.MAGICS,
    ),
    Format(mail.NAME, recognise.recognises, unpack=mail.unpack),
    Format(mbox.NAME, mbox.recognises, unpack=mbox.unpack),
    Format(
        uuencode.NAME,
        uuencode.recognises,
        unpack=uuencode.unpack,
        marks=uuencode.MARKS,
    ),
    Format(cards.NAME, cards.recognises, unpack=cards.unpack),
    Format(html.NAME, html.recognises, unpack=html.unpack),
    Format(scripts.NAME, scripts.recognises, unpack_ahead=scripts.unpack),
    Format(
        selfextracting.NAME,
        selfextracting.recognises,
        unpack=selfextracting.unpack,
        magics=selfextracting.MAGICS,
        anywhere=True,
    ),
    Format(
        netbundle.NAME,
        netbundle.recognises,
        unpack=netbundle.unpack,
        magics=netbundle.PROGRAMS,
        anywhere=True,
        marks=netbundle.MARKS,
    ),
    Format(
        resources.NAME,
        resources.recognises,
        unpack=resources.unpack,
        magics=resources.MAGICS,
        anywhere=True,
    ),
    Format(
        overlay.NAME,
        overlay.recognises,
        unpack=overlay.unpack,
        magics=overlay.MAGICS,
        anywhere=True,
    ),
    Format(
        constants.NAME,
        constants.recognises,
        unpack=constants.unpack,
        magics=constants.MAGICS,
        anywhere=True,
    ),
    Format(
        embedded.NAME,
        embedded.recognises,
        unpack=embedded.unpack,
        anywhere=True,
        marks=embedded.MARKS,
        last=True,
    ),
    Format(
        embedded_program.NAME,
        embedded_program.recognises,
        unpack=embedded_program.unpack,
        anywhere=True,
        marks=embedded_program.MARKS,
        last=True,
    ),
)

# What says that a file is of a format whose members can be read apart from each other.
SHARED = (
    zip.is_worth_sharing,
    tar.recognises,
    cpio.recognises,
    asar.recognises,
)
