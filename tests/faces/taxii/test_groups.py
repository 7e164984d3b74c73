"""What is for a group of organisations is seen by them; who they are is not told."""

from support.taxii import Instance, indicator


def test_what_is_for_a_group_is_seen_by_its_organisations(there: Instance) -> None:
    there.user("zara", "Org Z", "--tlp", "red")
    there.run("group", "add", "both", "Org Y")
    there.run("group", "add", "others", "Org Z")
    one = there.collection("for a group", "--group", "both")
    two = there.collection("for two groups", "--group", "both", "--group", "others")
    mine = indicator()
    assert there.post("xena", one, mine).json["success_count"] == 1
    shared = indicator("shared.example")
    there.post("xena", two, shared)
    assert there.seen("xena", one) == {mine["id"]}
    assert there.seen("yves", one) == {mine["id"]}
    assert there.seen("zara", one) == set()
    assert there.seen("zara", two) == there.seen("yves", two) == {shared["id"]}


def test_who_leaves_a_group_sees_nothing_of_it_any_more(there: Instance) -> None:
    there.run("group", "add", "leaving", "Org Y")
    one = there.collection("to be left", "--group", "leaving")
    there.post("xena", one, indicator())
    assert there.seen("yves", one)
    there.run("group", "remove", "leaving", "Org Y")
    assert there.seen("yves", one) == set()


def test_no_answer_tells_the_members_of_a_group(there: Instance) -> None:
    there.run("group", "add", "secret members", "Hidden Organisation", "Org Y")
    one = there.collection("of members", "--group", "secret members")
    there.post("xena", one, indicator())
    for path in ("/taxii2/", "/intel/", "/intel/collections/", one, f"{one}objects/"):
        said = there.ask("yves", path).body
        assert b"Hidden" not in said
        assert b"secret members" not in said
