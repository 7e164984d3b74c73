"""Parted rules find what one scan with all rules finds, whatever rules and data are."""

from unittest import mock

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clearward.rules import partition
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara

MAGICS = (b"", b"MZ", b"ZM", b"M", b"\x7fELF", b"PK\x03\x04", b"%PDF-1.5", b"\0\0")
PIECES = (
    b"Kw3-Zq9-Xv7-",
    b"Yj5_Hb2_Tn8_",
    b"Uf6.Pd1.Rc4.",
    b"a",
    b"MZ",
    b"\0",
    b"~" * 9,
)
STRINGS = (
    '"Kw3-Zq9-Xv7-"',
    '"Kw3-Zq9-Xv7-" fullword',
    '"kw3-zQ9-xv7-" nocase',
    '"Yj5_Hb2_Tn8_" wide ascii',
    "{ 55 66 36 2E 50 64 31 2E 52 63 }",
    "{ 4D 5A }",
    "{ 4D 5A [0-20] 55 66 36 2E 50 64 31 }",
    "/Yj5_Hb2_Tn8_|Uf6.Pd1.Rc4./",
    '"Uf6.Pd1.Rc4." private',
    '"a"',
)
names = st.sampled_from(["$a1", "$a2", "$b"])
numbers = st.integers(0, 3)
terms = st.one_of(
    names,
    st.builds("{} at {}".format, names, numbers),
    st.builds("{} in ({}..40)".format, names, numbers),
    st.builds("#{} {} {}".format, st.sampled_from(["a1", "b"]),
              st.sampled_from([">", ">=", "==", "<", "!="]), numbers),
    st.builds("#a1 > #{} + {}".format, st.sampled_from(["a2", "b"]), numbers),
    st.builds("@{} {} {}".format, st.sampled_from(["a1", "b"]),
              st.sampled_from([">", "<", "!="]), numbers),
    st.builds("uint16(@{} + {}) != 77".format, st.sampled_from(["a1", "b"]), numbers),
    st.builds("{} of them".format, st.sampled_from(["any", "all", "none", "2", "0"])),
    st.builds("{} of ($a*)".format, st.sampled_from(["any", "all", "none", "2"])),
    st.builds("{} of ($a1, $b) in (0..9)".format, st.sampled_from(["any", "all", "2"])),
    st.builds("{} of them : ( {} )".format,
              st.sampled_from(["for any", "for all", "for none"]),
              st.sampled_from(["$", "$ at 0", "# > 1", "not $", "@ < 9"])),
    st.builds("for {} i in (0..pe.number_of_sections) : ( i < 9 or {} )".format,
              st.sampled_from(["any", "all", "none"]), names),
    st.builds("for {} one in pe.sections : ( one.raw_data_size > 0 or {} )".format,
              st.sampled_from(["any", "all", "none"]), names),
    st.sampled_from([
        "uint16(0) == 0x5A4D", "0x4D5A == uint16be(0)", "uint8(1) == 0x5A",
        "uint32(0) == 0x464c457f", "uint8(0) == 0x4D", "uint16(0) != 0x5A4D",
        "uint32be(0) == 0x4D5A4D5A", "uint16(uint8(1)) == 0", "uint8(0) == 0x14D",
        "pe.is_pe", "pe.machine == 0", 'pe.imphash() == ""', "pe.timestamp != 1",
        'pe.exports("a")', 'pe.exports("a") == false', "defined pe.machine",
        "filesize < 60", "filesize > 1", "true", "false", 'filename == "x"',
        'filename == ""', 'filename contains ""', 'filepath icontains "x"',
        "r0", "r1", "not r0", "any of (r*)",
    ]),
)  # fmt: skip
conditions = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("({})".format, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=5,
)
rules = st.builds(
    "{} rule {} {{ strings: $a1 = {} $a2 = {} $b = {} condition: ({}) {} }}".format,
    st.sampled_from(["", "", "", "", "private", "global"]),
    st.sampled_from(["r0", "r1", "r2", "r3", "r4", "r5"]),
    st.sampled_from(STRINGS),
    st.sampled_from(STRINGS),
    st.sampled_from(STRINGS),
    conditions,
    # YARA-X refuses a rule with a string that is never asked for.
    st.sampled_from(["and any of them", "or all of them", "and #a1+#a2+#b < 99"]),
)
sources = st.lists(rules, min_size=1, max_size=4).map(
    lambda texts: 'import "pe" ' + " ".join(texts)
)
buffers = st.builds(
    lambda magic, pieces: magic + b"".join(pieces),
    st.sampled_from(MAGICS),
    st.lists(st.sampled_from(PIECES), max_size=8),
)


def compiled(texts: list[str], few: int) -> YaraRules | None:
    made = [
        Source(n, "", "yara", "local", text.encode()) for n, text in enumerate(texts)
    ]
    return compile_yara(made, 0, few=few, marks=(b"~~",))[0]


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(sources, min_size=1, max_size=4),
    st.lists(buffers, min_size=4, max_size=12),
)
def test_parted_rules_find_what_all_rules_in_one_scan_find(
    texts: list[str], data: list[bytes]
) -> None:
    with mock.patch.object(partition, "_PER_GROUP", 2):
        parted = compiled(texts, 0)
    whole = compiled(texts, 1 << 30)
    if parted is None or whole is None:
        assert parted is whole
        return
    assert parted.names == whole.names
    for part in data:
        assert parted.look(part) == whole.look(part)
        assert list(parted.explain(part)) == list(whole.explain(part))
        assert list(parted.match_window(part)) == list(whole.match_window(part))
