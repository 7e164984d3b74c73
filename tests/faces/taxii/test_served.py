"""What users of two organisations see of each other, over HTTP, on both databases."""

from support.taxii import LATER, Instance, indicator, stix

from clearward.intel.tlp import Tlp

GREEN = Tlp.GREEN.marking
RED = Tlp.RED.marking
A = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001"
B = "marking-definition--aaaaaaaa-0000-4000-8000-000000000002"
UNKNOWN = "marking-definition--aaaaaaaa-0000-4000-8000-000000000003"


def test_a_hidden_object_is_answered_as_one_that_does_not_exist(
    there: Instance, open_collection: str
) -> None:
    hidden = indicator(object_marking_refs=[RED])
    assert there.post("xena", open_collection, hidden).json["success_count"] == 1
    absent = indicator()["id"]
    for ending in ("", "versions/", "?match[version]=all"):
        for method in ("GET", "DELETE"):
            answers = []
            for id in (hidden["id"], absent):
                path = f"{open_collection}objects/{id}/{ending}"
                said = there.ask("yves", path, method=method)
                answers.append((said.status, said.body))
            assert answers[0] == answers[1]
    assert there.ask("yves", f"{open_collection}manifest/").json == {}
    assert there.ask("yves", f"{open_collection}objects/").json == {}
    assert there.seen("xena", open_collection) == {hidden["id"]}


def test_every_marking_has_to_be_held(there: Instance, open_collection: str) -> None:
    both = indicator(object_marking_refs=[A, B])
    one = indicator(object_marking_refs=[A])
    there.post("xena", open_collection, both, one)
    assert there.seen("yves", open_collection) == {one["id"]}
    assert there.seen("xaver", open_collection) == {both["id"], one["id"]}


def test_what_a_marking_means_that_nobody_knows_is_for_its_own_organisation(
    there: Instance, open_collection: str
) -> None:
    marked = indicator(object_marking_refs=[UNKNOWN])
    there.post("xena", open_collection, marked)
    assert there.seen("xena", open_collection) == {marked["id"]}
    assert there.seen("yolanda", open_collection) == set()


def test_a_marking_on_one_member_counts_for_the_whole_object(
    there: Instance, open_collection: str
) -> None:
    part = [{"marking_ref": RED, "selectors": ["name"]}]
    marked = indicator(granular_markings=part, name="x")
    there.post("xena", open_collection, marked)
    assert there.seen("yves", open_collection) == set()
    assert there.seen("yolanda", open_collection) == {marked["id"]}


def test_the_markings_of_tlp_cannot_be_redefined(
    there: Instance, open_collection: str
) -> None:
    mine = stix(
        "marking-definition", definition_type="tlp", definition={"tlp": "clear"}
    )
    mine["id"] = RED
    del mine["modified"]
    said = there.post("yves", open_collection, mine).json
    assert (said["success_count"], said["failure_count"]) == (0, 1)


def test_references_to_what_is_hidden_are_left_out(
    there: Instance, open_collection: str
) -> None:
    green, red = (
        indicator(object_marking_refs=[GREEN]),
        indicator(object_marking_refs=[RED]),
    )
    report = stix(
        "report", name="r", published=LATER, object_refs=[green["id"], red["id"]]
    )
    joined = stix(
        "relationship",
        relationship_type="related-to",
        source_ref=green["id"],
        target_ref=red["id"],
    )
    there.post("xena", open_collection, green, red, report, joined)
    shown = there.ask("yves", f"{open_collection}objects/").json["objects"]
    assert {one["id"] for one in shown} == {green["id"], report["id"]}
    (told,) = (one for one in shown if one["type"] == "report")
    assert told["object_refs"] == [green["id"]]
    assert len(there.seen("yolanda", open_collection)) == 4


def test_another_organisations_object_is_not_changed(
    there: Instance, open_collection: str
) -> None:
    mine = indicator()
    there.post("xena", open_collection, mine)
    said = there.post("yves", open_collection, {**mine, "modified": LATER}).json
    bad = there.post("yves", open_collection, {"type": "indicator"}).json
    assert said["failure_count"] == bad["failure_count"] == 1
    assert said["failures"][0]["message"] == bad["failures"][0]["message"]
    path = f"{open_collection}objects/{mine['id']}/versions/"
    assert len(there.ask("xena", path).json["versions"]) == 1
    path = f"{open_collection}objects/{mine['id']}/"
    assert there.ask("yves", path, method="DELETE").status == 403
    assert there.seen("yves", open_collection) == {mine["id"]}


def test_nobody_writes_in_the_name_of_another_organisation(
    there: Instance, open_collection: str
) -> None:
    said = there.post("xena", open_collection, indicator()).json
    path = f"{open_collection}objects/{said['successes'][0]['id']}/"
    author = there.ask("xena", path).json["objects"][0]["created_by_ref"]
    forged = there.post("yves", open_collection, indicator(created_by_ref=author)).json
    third = stix("identity")["id"]
    foreign = there.post("yves", open_collection, indicator(created_by_ref=third)).json
    assert (forged["success_count"], foreign["success_count"]) == (0, 1)


def test_an_older_version_is_the_last_for_who_does_not_see_the_newer(
    there: Instance, open_collection: str
) -> None:
    first = indicator(name="first")
    later = {**first, "name": "later", "modified": LATER, "object_marking_refs": [RED]}
    there.post("xena", open_collection, first, later)
    for user, name in (("yves", "first"), ("yolanda", "later")):
        (shown,) = there.ask(user, f"{open_collection}objects/").json["objects"]
        assert shown["name"] == name


def test_a_token_of_a_page_is_good_for_one_user_and_one_question(
    there: Instance, open_collection: str
) -> None:
    there.post("xena", open_collection, *(indicator(f"a{n}.example") for n in range(5)))
    path = f"{open_collection}objects/?limit=2"
    token = there.ask("yves", path).json["next"]
    assert there.ask("yves", f"{path}&next={token}").status == 200
    assert (
        there.ask("yves", f"{open_collection}objects/?limit=1&next={token}").status
        == 200
    )
    for user, target in (
        ("yolanda", f"{path}&next={token}"),
        ("yves", f"{path}&match[type]=indicator&next={token}"),
        ("yves", f"{open_collection}manifest/?limit=2&next={token}"),
        ("yves", f"{path}&next={token[:-2]}AA"),
        ("yves", f"{path}&next=x"),
        ("yves", f"{path}&next="),
    ):
        assert there.ask(user, target).status == 400


def test_a_collection_that_one_may_not_read_does_not_exist(there: Instance) -> None:
    closed = there.collection("closed", "--read", "xena", "--write", "xena")
    listed = there.ask("yves", "/intel/collections/").json["collections"]
    assert all(one["title"] != "closed" for one in listed)
    for ending in ("", "objects/", "manifest/", "objects/x/", "objects/x/versions/"):
        said = there.ask("yves", f"{closed}{ending}")
        none = "00000000-0000-4000-8000-000000000000"
        absent = there.ask("yves", f"/intel/collections/{none}/{ending}")
        assert (
            (said.status, said.body) == (absent.status, absent.body) == (404, said.body)
        )
    assert there.post("yves", closed, indicator()).status == 404
