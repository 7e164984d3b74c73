"""What the server answers to requests that are wrong, and how pages go on."""

from pathlib import Path

import pytest
from support.taxii import Instance, indicator, instance, served


def test_without_credentials_there_is_nothing(there: Instance) -> None:
    for path in ("/taxii2/", "/intel/", "/nothing/", "/intel/collections/"):
        for method in ("GET", "POST", "DELETE", "PUT", "PATCH"):
            said = there.ask(None, path, method=method)
            assert said.status == 401
            assert said.fields["content-type"] == "application/taxii+json;version=2.1"
            assert said.fields["x-content-type-options"] == "nosniff"


def test_what_is_no_taxii_is_refused(there: Instance, open_collection: str) -> None:
    objects = f"{open_collection}objects/"
    for fields, method, status in (
        ({"Accept": "text/html"}, "GET", 406),
        ({"Accept": "application/taxii+json;version=2.0"}, "GET", 406),
        ({"Content-Type": "application/json"}, "POST", 415),
    ):
        said = there.ask(
            "xena", objects, method=method, body={"objects": []}, fields=fields
        )
        assert said.status == status
    for query in ("?limit=0", "?limit=x", "?added_after=x", "?match[version]=x"):
        assert there.ask("xena", objects + query).status == 400
    assert there.ask("xena", objects, method="PUT", body={}).status == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"{", 422, id="no JSON"),
        pytest.param(b'{"objects":' + b"[" * 200 + b"]" * 200 + b"}", 422, id="deep"),
        pytest.param(b'{"objects":{}}', 422, id="no list"),
        pytest.param(b"[]", 422, id="no envelope"),
    ],
)
def test_a_body_that_is_no_envelope_changes_nothing(
    there: Instance, open_collection: str, body: bytes, status: int
) -> None:
    objects = f"{open_collection}objects/"
    assert there.ask("xena", objects, method="POST", body=body).status == status
    assert there.seen("xena", open_collection) == set()


def test_one_bad_object_does_not_keep_the_others_out(
    there: Instance, open_collection: str
) -> None:
    good = indicator()
    long = indicator(pattern="[a:b = '" + "x" * 70_000 + "']")
    wrong = {**indicator(), "id": "malware--" + good["id"].partition("--")[2]}
    said = there.post("xena", open_collection, long, good, wrong, {"id": 1}).json
    assert (said["success_count"], said["failure_count"]) == (1, 3)
    assert said["total_count"] == 4
    assert there.seen("xena", open_collection) == {good["id"]}


def test_a_status_is_told_to_who_asked_for_it(
    there: Instance, open_collection: str
) -> None:
    id = there.post("xena", open_collection, indicator()).json["id"]
    assert there.ask("xena", f"/intel/status/{id}/").json["id"] == id
    assert there.ask("yves", f"/intel/status/{id}/").status == 404


def test_every_object_comes_exactly_once_by_all_three_ways_of_paging(
    there: Instance, open_collection: str
) -> None:
    sent = [indicator(f"n{number}.example") for number in range(2_500)]
    there.post("xena", open_collection, *sent)
    ids = [one["id"] for one in sent]

    pages, token = [], ""
    while True:
        said = there.ask("yves", f"{open_collection}objects/?limit=700{token}")
        pages += said.ids
        if not said.json["more"]:
            break
        token = f"&next={said.json['next']}"
    assert pages == ids

    for name, header in (("objects", True), ("manifest", False)):
        got: list[str] = []
        after = "2000-01-01T00:00:00Z"
        path = f"{open_collection}{name}/?limit=700&added_after="
        while (page := there.ask("yves", path + after)).json:
            got += page.ids
            last = page.json["objects"][-1]
            head = page.fields["x-taxii-date-added-last"]
            after = head if header else last["date_added"]
        assert got == ids


def test_wrong_passwords_are_counted_for_every_method(tmp_path: Path) -> None:
    """The address is shut as well, so this one has a server of its own."""
    one = instance(tmp_path, f"sqlite:///{tmp_path}/intel.db")
    one.user("zoe", "Org Z")
    right = one.passwords["zoe"]
    one.passwords["zoe"] = "wrong"
    methods = ["GET", "POST", "DELETE", "PUT", "PATCH"]
    with served(one):
        said = [
            one.ask("zoe", "/intel/", method=methods[n % 5]).status for n in range(13)
        ]
        assert said == [401] * 11 + [429] * 2
        one.passwords["zoe"] = right
        refused = one.ask("zoe", "/intel/")
        assert refused.status == 429
        assert 0 < int(refused.fields["retry-after"]) <= 61
