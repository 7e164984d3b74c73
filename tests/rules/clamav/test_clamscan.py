"""The readers take and refuse the lines that clamscan takes and refuses."""

from pathlib import Path

import pytest
from support.clamav import loads, message, needs_clamscan, read_all

from clearward.core.names import Problem
from clearward.rules.clamav.fault import Left

pytestmark = needs_clamscan

MD5 = "44d88612fea8a8f36de82e1278abb02f"
ICON = "0" * 122
ANY = ":*" * 8

TAKEN = {
    "ndb": [
        *[
            f"a:0:*:{body}"
            for body in (
                *(
                    "aabbcc",
                    "??aabb",
                    "a?bbcc",
                    "aabb{3}cc",
                    "aabb{128}ccdd",
                    "aabb{}ccdd",
                ),
                *(
                    "aabb{-}ccdd",
                    "aabb{0}ccdd",
                    "{3}aabb",
                    "aabb{3}",
                    "aabb(cc|ddee)ff",
                ),
                *("aabb(cc)dd", "aabb(cc|)dd", "aabb(cc||dd)ee", "aabb!(ccdd|eeff)ee"),
                *("aabb(c?|dd)ee", "aabb(cc{3}dd|ee)ff", "aabb((cc|dd)ee|ff)ff"),
                *(
                    "aabb(B)",
                    "!(B)aabb",
                    "(B)(L)aabb",
                    "6162(W)6f",
                    "aa[1-3]bbcc[2-3]dd",
                ),
                *("aabb[3]cc", "aabb[3-]cc", "aabb[0-32]cc", "aabb*cc[1-3]ddee"),
            )
        ],
        *[
            f"a:1:{place}:aabbcc"
            for place in ("10,", "EOF-", "EP+", "SE0,5", "VI", "$31$")
        ],
        *[
            "a::*:aabbcc",
            "a:*:*:aabbcc",
            "a:1:*:aabb",
            "a:7:0:aabb",
            "a:0:*:aabbcc:1:999",
        ],
    ],
    "ldb": [
        *[
            f"a;Target:0;{expression};aabbcc;ddeeff"
            for expression in (
                *(
                    "0&1",
                    "0 & 1",
                    "((1))",
                    "1==1",
                    "1>=1",
                    "1=1=1",
                    "1>1,2",
                    "(0|1)>1,2",
                ),
                *("(0|1)=0", "0=1&1", "(0=1|1)>1", "((0|1)>1|0)>1", "(0|1)>0,"),
            )
        ],
        *[
            f"a;Engine:150-255,Target:1{words};1;aabbcc;{sub}"
            for words, sub in (
                *(("", "aabb::iwfa"), ("", "aa::w"), ("", "aabb::"), ("", "0:aabb::i")),
                *(("", "aabb::i*ccdd::i"), ("", "fuzzy_img#af2ad01ed42993c7#0")),
                *(("", "0/abc/i"), ("", "5,3:0/a/b/e"), ("", "0(>>5#hb2#=1,<5)")),
                *(("", "0(0#ab2#=1)"), ("", "0(<<0x5#ib0x4#>-1)"), ("", "${6-7}31$")),
                *((",FileSize:1-", "aabb"), (",Container:CL_TYPE_ANY", "aabb")),
                *((",IconGroup1:X", "aabb"), (",NumberOfSections:9-5", "aabb")),
                *((",Intermediates:CL_TYPE_ZIP>CL_TYPE_RAR", "aabb"),),
            )
        ],
    ],
    "hdb": [f"{MD5}:68:a", f"{MD5}:*:a:73", f"{MD5}:68:a:x", f"{'ab' * 20}:+68:a"],
    "mdb": [f"68:{MD5}:a", f"*:{'ab' * 32}:a:73"],
    "imp": [f"{MD5}:68:a", f"{MD5}:*:a"],
    "cdb": [
        f"a:*{ANY}",
        f"a:CL_TYPE_ZIP{ANY}:50:999",
        r"a:*:1-2:a|b:9-5:1:0:3:0xdead:x",
    ],
    "idb": [f"n:g::10{ICON}", f"n::g:18{ICON}", f":a:b:20{ICON}"],
    "pdb": ["H:eicar.com", "R1:.+com:17-", "H:a.com:300"],
}
REFUSED = {
    "ndb": [
        *[
            f"a:0:*:{body}"
            for body in (
                *(
                    "",
                    "aa",
                    "aabb",
                    "aabbc",
                    "aa??",
                    "aabb*cc",
                    "aabb**ccdd",
                    "aa{3}bb",
                ),
                *(
                    "aabb{3 }ccdd",
                    "aabb{3-5-7}ccdd",
                    "{-3}aabb",
                    "(aabb|ccdd)",
                    "aabb()dd",
                ),
                *(
                    "aabb(|cc)dd",
                    "aabb!(cc|eeff)ee",
                    "aabb!(c?|dd)ee",
                    "aabb(cc*dd|ee)ff",
                ),
                *(
                    "aabb(cc{3-4}dd|ee)ff",
                    "aabb(cc|dd",
                    "aabb(cc|dd))ee",
                    "aabb(X)",
                    "(B)",
                ),
                *(
                    "aabb[0-33]cc",
                    "aabb[3-1]cc",
                    "aabb[1-3]ccdd",
                    "aa[1-3]bb",
                    "aabb[1-3]",
                ),
                *("aabb[1-3](cc|dd)", "aabb|cc"),
            )
        ],
        *[
            f"a:1:{place}:aabbcc"
            for place in ("10,x", "EOF", "EP", "S0", "SE0+5", "$32$")
        ],
        *[
            "a:0:EP+0:aabbcc",
            "a:1:0:aabb",
            "a:x:*:aabbcc",
            "a:0:*:aabbcc:x",
            ":0:*:aabbcc",
        ],
    ],
    "ldb": [
        *[
            f"a;Target:0;{expression};aabbcc;ddeeff"
            for expression in (
                *("0", "0&2", "(0&1", "0&1)", "0&&1", "0&", "!0&1", "0&1=", "(0|1)>=2"),
                *("((0|1))>1", "(0=0)>0&1", "0(1)", "0 1", ""),
            )
        ],
        *[
            f"a;Engine:150-255,Target:0{words};1;aabbcc;{sub}"
            for words, sub in (
                *(
                    ("", "aa"),
                    ("", "aabb::x"),
                    ("", "aabb!(cc|dd)::i"),
                    ("", "EP+0:aabb"),
                ),
                *(("", "aabb:1"), ("", "1/abc/"), ("", "0/abc/k"), ("", "0//")),
                *(("", "fuzzy_img#af2ad01ed42993c7#1"), ("", "0(5#hb2#=1)")),
                *(("", "0(>>5#ib3#=1)"), ("", "0(>>5#dl2#=1)"), ("", "${6-7}32$")),
                *((",IconGroup1:X", "aabb"), (",EntryPoint:1-2", "aabb")),
                *((",Engine:1-2", "aabb"), (",Foo", "aabb"), (",", "aabb")),
            )
        ],
        *["a;Engine:1-255;0;aabb", "a;Target:0,FileSize:1-2;0;aabb", "a;Target:0;0"],
    ],
    "hdb": [
        f"{MD5}:*:a",
        f"{MD5}:*:a:72",
        f"{MD5}:0:a",
        f"{MD5}:68:",
        f"{MD5[1:]}:68:a",
    ],
    "mdb": [f"{MD5}:68:a", f"x:{MD5}:a"],
    "cdb": [f"a:ZIP{ANY}", "a:*:5-:*:*:*:*:*:*:*", "a:*:*:*:*:*:2:*:*:*"],
    "idb": [f"n:g:h:12{ICON}", f"n:g:10{ICON}", f"n:g:h:10{ICON}0"],
    "pdb": ["X:a:b", "H"],
    "ign2": ["Foo:xyz", "Foo:"],
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_clamscan_takes_is_taken(kind: str, tmp_path: Path) -> None:
    lines = TAKEN[kind]
    found = read_all("\n".join(lines), kind)
    wrong = [one for one in found if isinstance(one, Problem | Left)]
    assert wrong == []
    assert loads("\n".join(lines), kind, tmp_path) == len(lines)


@pytest.mark.parametrize(
    ("kind", "line"),
    [(kind, line) for kind, lines in REFUSED.items() for line in lines],
)
def test_what_clamscan_refuses_is_refused(kind: str, line: str, tmp_path: Path) -> None:
    assert message(line, kind)
    assert loads(line, kind, tmp_path) is None
