"""No rule learns anything but bytes: neither path nor owner, host or time."""

import dataclasses
from pathlib import Path

from support.command import clearward

from clearward.jail.wire import Request

TOLD = """
import "time"
rule path { condition: filename matches /minister/ or filepath matches /cabinet/ }
rule kind { condition: extension contains "txt" or filetype matches /./ }
rule owner { condition: owner matches /./ or owner != "" }
rule clock { condition: time.now() > 1 }
rule nothing_told { condition: filename == "" and filepath == "" and owner == "" }
"""


def test_a_scan_tells_rules_nothing_of_a_file_but_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "cabinet").mkdir()
    (tmp_path / "rules").mkdir()
    path = tmp_path / "cabinet" / "minister.txt"
    path.write_text("An ordinary letter.")
    (tmp_path / "rules" / "told.yar").write_text(TOLD)
    ran = clearward(
        *("scan", path, "--rules", tmp_path / "rules", "--no-default-rules"),
        *("--all-matches", "--json"),
    )
    names = [rule["name"] for row in ran.rows for rule in row["rules"]]
    assert names == ["nothing_told"]


def test_what_crosses_the_wall_has_no_room_for_a_name() -> None:
    """Servers and the guard ask the jail with the same request as a scan."""
    fields = {field.name: field.type for field in dataclasses.fields(Request)}
    assert not {str(kind) for kind in fields.values()} & {"str", "bytes"}
    assert not {"path", "name", "owner", "host", "time"} & set(fields)
