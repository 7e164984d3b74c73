"""Behaviour of imports, searches and exports, as their commands show it."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.command import clearward
from support.postgres import fresh, postgres_folder
from support.taxii import Instance, indicator, instance, stix

from clearward.intel.tlp import Tlp

__all__ = ["postgres_folder"]

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture(params=["sqlite", "postgresql"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Instance:
    url = f"sqlite:///{tmp_path}/intel.db"
    if request.param == "postgresql":
        url = fresh(request.getfixturevalue("postgres_folder"))
    return instance(tmp_path, url)


def _file(there: Instance, name: str, text: str | dict[str, Any]) -> str:
    path = there.folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return str(path)


def _rows(there: Instance, *words: str) -> list[dict[str, Any]]:
    ran = clearward("intel", *words, "--json", environment=there.environment)
    assert ran.status == 0, ran.err
    return ran.rows


def _export(there: Instance, *words: str) -> bytes:
    ran = clearward("intel", "export", *words, environment=there.environment)
    assert ran.status == 0, ran.err
    return ran.out


def test_a_value_is_one_indicator_however_it_is_written(there: Instance) -> None:
    lines = [
        "domain\tEvil.Example\tmalware\tfamily\thttps://ref.example/",
        "domain\tevil[.]example.\tmalware\tfamily\t",
        "url\thxxp://evil[.]example:80/A\t\t\t",
        "url\thttp://EVIL.example/A\t\t\t",
        "ipv6\t2001:0DB9::0001\t\t\t",
        "ipv6\t2001:db9::1\t\t\t",
        "md5\t" + "A" * 32 + "\t\t\t",
        "sha256\t" + "b" * 63 + "\t\t\t",
        "nothing\tx\t\t\t",
    ]
    path = _file(there, "a.tsv", "\n".join(lines) + "\n")
    counts = there.run("import", path)
    del counts["seconds"]
    assert counts == {
        "objects": 9,
        "new": 4,
        "duplicate": 3,
        "rejected": 2,
        "quarantined": 0,
    }
    again = there.run("import", path)
    assert (again["new"], again["duplicate"]) == (0, 7)
    (found,) = _rows(there, "search", "EVIL[.]example")
    assert found["pattern"] == "[domain-name:value = 'evil.example']"
    assert found["labels"] == ["malware", "family"]
    assert found["x_clearward"]["source"] == "file a.tsv"
    assert _export(there, "--format", "domains") == b"evil.example\n"
    assert _export(there, "--format", "hashes") == b"a" * 32 + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("cidr\t0.0.0.0/0", id="everything"),
        pytest.param("cidr\t10.1.0.0/16", id="private network"),
        pytest.param("cidr\t12.0.0.0/7", id="shorter than 8"),
        pytest.param("ipv4\t127.0.0.1", id="loopback"),
        pytest.param("ipport\t192.168.1.1:80", id="private address"),
        pytest.param("ipv6\t::", id="unspecified"),
        pytest.param("url\thttp://127.0.0.1/a", id="address in a URL"),
        pytest.param("domain\tGoogle.com", id="everybody's name"),
        pytest.param(f"sha256\t{EMPTY}", id="empty file"),
        pytest.param("domain\twww.listed.example", id="on a list of names"),
        pytest.param("ipv4\t93.184.216.34", id="on a list of networks"),
        pytest.param("md5\t" + "c" * 32, id="on a list of strings"),
    ],
)
def test_what_would_hit_everybody_is_kept_and_shown_and_not_given_out(
    tmp_path: Path, line: str
) -> None:
    there = instance(tmp_path, f"sqlite:///{tmp_path}/intel.db")
    for type, entry in (
        ("hostname", "listed.example"),
        ("cidr", "93.184.216.0/24"),
        ("string", "C" * 32),
    ):
        said = {"name": f"my {type}", "type": type, "list": [entry], "version": 1}
        there.run("warninglist", "add", _file(there, f"{type}.json", said))
    path = _file(there, "a.tsv", f"{line}\t\t\t\ndomain\tevil.example\t\t\t\n")
    counts = there.run("import", path)
    assert (counts["new"], counts["quarantined"]) == (1, 1)
    (found,) = _rows(there, "search", line.partition("\t")[2])
    assert found["x_clearward"]["state"] == "quarantined"
    assert found["x_clearward"]["why"]
    bundle = json.loads(_export(there, "--format", "stix"))
    assert len(bundle["objects"]) == 1
    assert _export(there, "--format", "hashes") == b""


def test_objects_come_out_as_they_went_in(there: Instance) -> None:
    odd = '{ "type": "identity",  "name": "\\u00e4 \\ud83d\\ude00", "x_own": 1.50,'
    odd += '"created":"2024-01-01T00:00:00Z","modified":"2024-01-01T00:00:00.1Z",'
    odd += '"spec_version":"2.1","id":"identity--11111111-1111-4111-8111-111111111111"}'
    path = _file(there, "b.json", '{"type":"bundle","objects":[' + odd + "]}")
    assert there.run("import", path)["new"] == 1
    out = _export(there, "--format", "stix")
    assert odd.encode() in out


def test_an_export_holds_what_its_level_may_see(there: Instance) -> None:
    clear, red = indicator("a.example"), indicator("b.example")
    red["object_marking_refs"] = [Tlp.RED.marking]
    own = indicator("c.example")
    own["object_marking_refs"] = ["marking-definition--" + clear["id"][11:]]
    report = stix("report", name="r", object_refs=[clear["id"], red["id"]])
    bundle = {"type": "bundle", "objects": [clear, red, own, report]}
    there.run("import", _file(there, "c.json", bundle), "--org", "X")
    told = json.loads(_export(there, "--format", "stix"))["objects"]
    assert [one["id"] for one in told] == [clear["id"], report["id"]]
    assert told[1]["object_refs"] == [clear["id"]]
    assert _export(there, "--format", "domains") == b"a.example\n"
    red_too = _export(there, "--format", "domains", "--tlp", "red")
    assert red_too == b"a.example\nb.example\n"


def test_what_is_over_or_taken_back_is_on_no_list(there: Instance) -> None:
    objects = [
        indicator("a.example", valid_until="2024-02-01T00:00:00Z"),
        indicator("b.example", revoked=True),
        indicator("c.example", valid_until="2999-01-01T00:00:00Z"),
    ]
    path = _file(there, "d.json", {"type": "bundle", "objects": objects})
    there.run("import", path)
    assert _export(there, "--format", "domains") == b"c.example\n"


def test_a_seed_that_is_exported_can_be_imported(
    there: Instance, tmp_path: Path
) -> None:
    objects = [indicator(f"n{number}.example") for number in range(5)]
    path = _file(there, "e.json", {"type": "bundle", "objects": objects})
    there.run("import", path, "--collection", "mine")
    seed = tmp_path / "seed.json"
    there.run("export", "--format", "taxii-seed", "-o", str(seed))
    other = instance(tmp_path, f"sqlite:///{tmp_path}/other.db")
    assert other.run("import", str(seed))["new"] == 5
    assert json.loads(_export(other, "--format", "taxii-seed")) == json.loads(
        seed.read_bytes()
    )


def test_a_search_for_a_network_shows_what_is_in_it(there: Instance) -> None:
    lines = ["ipv4\t93.184.1.2", "ipport\t93.184.1.3:80", "cidr\t93.184.1.0/28"]
    lines += ["ipv4\t93.184.2.2", "ipv4\t93.1.1.2"]
    there.run("import", _file(there, "f.tsv", "".join(f"{x}\t\t\t\n" for x in lines)))
    assert len(_rows(there, "search", "93.184.1.0/24")) == 3
    assert len(_rows(there, "search", "93.184.0.0/15")) == 4
    assert len(_rows(there, "search", "--substring", "184.1")) == 3
    assert _rows(there, "search", "x.example") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param('{"type":"bundle","objects":{}}', id="no list"),
        pytest.param("\0\1\2", id="nothing known"),
        pytest.param("", id="empty"),
    ],
)
def test_a_file_of_no_known_form_is_one_line(tmp_path: Path, text: str) -> None:
    there = instance(tmp_path, f"sqlite:///{tmp_path}/intel.db")
    path = _file(there, "g.bin", text)
    ran = clearward("intel", "import", path, environment=there.environment)
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1
    assert ran.out == b""
