"""Behaviour of the tree that --explain prints."""

from clearward.faces.cli.tree import tree


def test_each_part_is_named_once_below_what_it_lies_in() -> None:
    notes = [
        (["invoice.zip", "a.docm", "VBA/Module1"], "Macro $a at 1+2"),
        (["invoice.zip", "b.bin"], "not looked at: encrypted"),
        (["invoice.zip", "a.docm"], "Document at 0+4"),
    ]
    assert list(tree(notes)) == [
        "invoice.zip",
        "  a.docm",
        "    Document at 0+4",
        "    VBA/Module1",
        "      Macro $a at 1+2",
        "  b.bin",
        "    not looked at: encrypted",
    ]


def test_what_is_said_about_the_file_itself_comes_first() -> None:
    notes = [(["a"], "Rule at 0+1"), ([], "not looked at: corrupt")]
    assert list(tree(notes)) == ["not looked at: corrupt", "a", "  Rule at 0+1"]


def test_depth_is_no_matter() -> None:
    assert len(list(tree([(["a"] * 5000, "Rule")]))) == 5001
