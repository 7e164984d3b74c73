"""Formats that are opened in the heavy zygote alone.

Their rows in ``closed.toml`` recognise them everywhere; their readers, and libraries
that these need, are imported where `load` is called. Anywhere else opening one raises
`NotLoaded`, and the file is scanned again where they are.
"""

from collections.abc import Callable, Iterator

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.formats.heavy import NotLoaded

Unpack = Callable[[Reader], Iterator[Item]]

# Names of rows in ``closed.toml``; what opens each is said in `load`.
OPENED: frozenset[str] = frozenset(
    {
        "ace",
        "activemime",
        "alz",
        "applesingle",
        "arc",
        "arj",
        "autoit",
        "binhex",
        "btrfs",
        "cab",
        "chm",
        "compress",
        "dmg",
        "egg",
        "elfsections",
        "exfat",
        "ext",
        "fat",
        "flatxml",
        "gpt",
        "gpt4k",
        "hfsplus",
        "inno",
        "installer",
        "installshield",
        "iso",
        "lha",
        "lnk",
        "lvm",
        "lzip",
        "lzop",
        "macrosheet",
        "mbr",
        "mozlz4",
        "nar",
        "netresources",
        "nsis",
        "ntfs",
        "nuitka",
        "odfencrypted",
        "ole",
        "onenote",
        "packed",
        "pdf",
        "pdfbare",
        "pyz",
        "qcow",
        "rar",
        "rtf",
        "setupstream",
        "shellarchive",
        "sis",
        "snappy",
        "squashfs",
        "swf",
        "szdd",
        "tnef",
        "upx",
        "vhd",
        "vhdfixed",
        "vmdk",
        "warc",
        "wim",
        "xar",
        "xfs",
        "zlib",
        "zoo",
    }
)

_readers: dict[str, Unpack] = {}


def load() -> None:
    """Import every reader. Only good before the lock."""
    # Here and not above: the zygote that starts first does without them.
    from clearward.formats import odf  # noqa: PLC0415 - see above
    from clearward.formats.installers import (  # noqa: PLC0415
        autoit,
        inno,
        nsis,
        nuitka,
        pyz,
        setup_stream,
        shield,
    )
    from clearward.formats.unpack import (  # noqa: PLC0415
        ace,
        activemime,
        alz,
        applesingle,
        arc,
        arj,
        binhex,
        btrfs,
        cab,
        chm,
        compress,
        dmg,
        egg,
        elf_sections,
        exfat,
        ext,
        fat,
        flatxml,
        hfsplus,
        installer,
        iso,
        lha,
        lnk,
        lvm,
        lzip,
        lzop,
        macrosheet,
        mozlz4,
        nar,
        netresources,
        ntfs,
        ole,
        onenote,
        packed_program,
        partitions,
        pdf,
        qcow,
        rar,
        rtf,
        shellarchive,
        sis,
        snappy,
        squashfs,
        swf,
        szdd,
        tnef,
        upx,
        vhd,
        vmdk,
        warc,
        wim,
        xar,
        xfs,
        zlib_stream,
        zoo,
    )

    _readers.update(
        {
            "ace": ace.unpack,
            "activemime": activemime.unpack,
            "alz": alz.unpack,
            "applesingle": applesingle.unpack,
            "arc": arc.unpack,
            "arj": arj.unpack,
            "autoit": autoit.unpack,
            "binhex": binhex.unpack,
            "btrfs": btrfs.unpack,
            "cab": cab.unpack,
            "chm": chm.unpack,
            "compress": compress.unpack,
            "dmg": dmg.unpack,
            "egg": egg.unpack,
            "elfsections": elf_sections.unpack,
            "exfat": exfat.unpack,
            "ext": ext.unpack,
            "fat": fat.unpack,
            "flatxml": flatxml.unpack,
            "gpt": partitions.unpack_gpt512,
            "gpt4k": partitions.unpack_gpt4k,
            "hfsplus": hfsplus.unpack,
            "inno": inno.unpack,
            "installer": installer.unpack,
            "installshield": shield.unpack,
            "iso": iso.unpack,
            "lha": lha.unpack,
            "lnk": lnk.unpack,
            "lvm": lvm.unpack,
            "lzip": lzip.unpack,
            "lzop": lzop.unpack,
            "macrosheet": macrosheet.unpack,
            "mbr": partitions.unpack_mbr,
            "mozlz4": mozlz4.unpack,
            "nar": nar.unpack,
            "netresources": netresources.unpack,
            "nsis": nsis.unpack,
            "ntfs": ntfs.unpack,
            "nuitka": nuitka.unpack,
            "odfencrypted": odf.unpack_manifest,
            "ole": ole.unpack,
            "onenote": onenote.unpack,
            "packed": packed_program.unpack,
            "pdf": pdf.unpack,
            "pdfbare": pdf.unpack_bare,
            "pyz": pyz.unpack,
            "qcow": qcow.unpack,
            "rar": rar.unpack,
            "rtf": rtf.unpack,
            "setupstream": setup_stream.unpack,
            "shellarchive": shellarchive.unpack,
            "sis": sis.unpack,
            "snappy": snappy.unpack,
            "squashfs": squashfs.unpack,
            "swf": swf.unpack,
            "szdd": szdd.unpack,
            "tnef": tnef.unpack,
            "upx": upx.unpack,
            "vhd": vhd.unpack,
            "vhdfixed": vhd.unpack_fixed,
            "vmdk": vmdk.unpack,
            "warc": warc.unpack,
            "wim": wim.unpack,
            "xar": xar.unpack,
            "xfs": xfs.unpack,
            "zlib": zlib_stream.unpack,
            "zoo": zoo.unpack,
        }
    )


def loaded() -> bool:
    """Say whether the readers are there."""
    return bool(_readers)


def opener(name: str) -> Unpack | None:
    """Return what opens a format of ``closed.toml``, None if nothing does."""
    if name not in OPENED:
        return None

    def unpack(reader: Reader) -> Iterator[Item]:
        known = _readers.get(name)
        if known is None:
            raise NotLoaded(name)
        yield from known(reader)

    return unpack
