"""Behaviour of `clearward intel match`."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command import Ran, clearward
from support.taxii import Instance, indicator, instance

from clearward.hunting.line import cut

INDICATORS = """\
domain	evil.example
domain	deep.sub.evil.example
domain	xn--mnchen-3ya.example
ipv4	93.184.216.34
ipport	93.184.216.35:8080
ipv4	93.184.216.35
cidr	93.184.0.0/16
cidr	93.184.217.0/24
ipv6	2001:db9::1
url	http://bad.example/a?b=C
md5	0123456789abcdef0123456789abcdef
domain	gated.example
"""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    folder: Path = tmp_path_factory.mktemp("match")
    one = instance(folder, f"sqlite:///{folder}/intel.db")
    table = folder / "a.tsv"
    table.write_text(INDICATORS.replace("\n", "\t\t\t\n"))
    assert one.run("import", str(table))["new"] == 12
    gone = indicator("gone.example", revoked=True)
    old = indicator("old.example", valid_until="2024-02-01T00:00:00Z")
    bundle = folder / "b.json"
    bundle.write_text(json.dumps({"type": "bundle", "objects": [gone, old]}))
    one.run("import", str(bundle))
    listed = {"name": "L", "type": "hostname", "list": ["gated.example"], "version": 1}
    (folder / "l.json").write_text(json.dumps(listed))
    one.run("warninglist", "add", str(folder / "l.json"))
    return one


def _match(there: Instance, text: bytes) -> Ran:
    words = ("intel", "match", "-", "--json")
    return clearward(*words, given=text, environment=there.environment)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET cdn.EVIL.example. HTTP/1.1", [("domain", "evil.example")]),
        ("a.deep.sub.evil.example", [("domain", "deep.sub.evil.example")]),
        ("notevil.example evil.example.org", []),
        ('{"host":"x.evil.example","n":1}', [("domain", "evil.example")]),
        ("user@evil.example", [("domain", "evil.example")]),
        ("www.münchen.example", [("domain", "xn--mnchen-3ya.example")]),
        ("93.184.216.34", [("ipv4", "93.184.216.34")]),
        ("src=93.184.216.34:443,x", [("ipv4", "93.184.216.34")]),
        ("93.184.216.35:8080", [("ipport", "93.184.216.35:8080")]),
        ("93.184.216.35:81", [("ipv4", "93.184.216.35")]),
        ("93.184.217.9", [("cidr", "93.184.217.0/24")]),
        ("93.184.9.9", [("cidr", "93.184.0.0/16")]),
        ("193.184.9.9 93.184.9.9.9", []),
        ("[2001:0db9:0::1]:80", [("ipv6", "2001:db9::1")]),
        ("<http://BAD.example:80/a?b=C>.", [("url", "http://bad.example/a?b=C")]),
        ("http://bad.example/a?b=c", []),
        ("https://u:p@x.evil.example:8443/a", [("domain", "evil.example")]),
        ("md5=0123456789ABCDEF0123456789ABCDEF;", [("md5", "0123456789abcdef" * 2)]),
        ("0123456789abcdef0123456789abcdef0", []),
        ("evil.example evil.example EVIL.example", [("domain", "evil.example")]),
        ("gone.example old.example", []),
    ],
)
def test_what_stands_in_a_line_is_found(
    there: Instance, line: str, expected: list[tuple[str, str]]
) -> None:
    ran = _match(there, line.encode() + b"\n")
    assert [(row["type"], row["value"]) for row in ran.rows] == expected
    assert ran.status == (1 if expected else 0)
    assert ran.summary["lines"] == 1


def test_hits_come_in_the_order_of_lines_and_name_their_indicator(
    there: Instance,
) -> None:
    ran = _match(there, b"x\na.evil.example\n\n93.184.9.9 evil.example")
    told: list[dict[str, Any]] = ran.rows
    assert [(row["line"], row["seen"]) for row in told] == [
        (2, "a.evil.example"),
        (4, "93.184.9.9"),
        (4, "evil.example"),
    ]
    assert all(row["indicator"].startswith("indicator--") for row in told)
    assert told[0]["indicator"] == told[2]["indicator"]
    assert ran.summary["lines"] == 4


def test_what_is_on_a_warning_list_is_shown_and_is_no_hit(there: Instance) -> None:
    ran = _match(there, b"www.gated.example\n")
    (row,) = ran.rows
    assert row["gated"] == "L"
    assert (ran.summary["hits"], ran.summary["gated"], ran.status) == (0, 1, 0)


@given(st.binary(max_size=400))
def test_any_line_is_cut_without_an_error(line: bytes) -> None:
    seen = list(cut(line.decode("utf-8", "replace")))
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "line",
    ["a." * 500_000, "1." * 500_000, "a://" * 250_000, ":" * 1_000_000, "a@" * 500_000],
)
def test_a_hostile_line_takes_time_in_proportion(line: str) -> None:
    start = time.process_time()
    list(cut(line))
    assert time.process_time() - start < 20  # what goes back and forth takes hours


def test_signs_around_a_name_do_not_hide_it() -> None:
    for before in "\"([ \t,=<|;'{":
        for behind in "\")] \t,>|;/:'}":
            (found,) = [one.text for one in cut(f"x{before}host.evil.example{behind}y")]
            assert found == "host.evil.example"
