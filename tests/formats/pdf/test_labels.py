"""Behaviour of what finds the names of streams in a PDF."""

from hypothesis import given
from hypothesis import strategies as st
from support.pdf import document, entry

from clearward.formats.pdf.labels import LONGEST, labels


def test_files_forms_and_scripts_have_names() -> None:
    wide = "rechnung ü.zip".encode("utf-16-be").hex().encode()
    data = document(
        entry(1, b"<</AcroForm<</XFA[(preamble)2 0 R\n(template) 3 0 R]>>>>"),
        entry(4, b"<</Type/Filespec/F(a\\).zip)/EF<</F 5 0 R>>>>"),
        entry(6, b"<</EF <</UF 7 0 R/F 7 0 R>>/F(b)/UF<FEFF%b>>>" % wide),
        entry(8, b"<</S/JavaScript/JS 9 0 R>>"),
        entry(10, b"<</XFA 11 0 R>>"),
    )
    assert labels(data) == {
        2: b"XFA/preamble",
        3: b"XFA/template",
        5: b"a).zip",
        7: "rechnung ü.zip".encode(),
        9: b"javascript",
        11: b"XFA",
    }


def test_a_name_is_of_the_same_object() -> None:
    data = document(entry(1, b"<</F(a)>>"), entry(2, b"<</EF<</F 3 0 R>>>>"))
    assert labels(data) == {}


@given(st.lists(st.sampled_from([b"/XFA", b"[(", b"/EF<</F 1 0 R", b"/F(", b">>"])))
def test_any_bytes_give_short_names(pieces: list[bytes]) -> None:
    found = labels(b"(x) 1 0 R ".join(pieces) + b")" * 300)
    assert all(len(name) <= LONGEST for name in found.values())
