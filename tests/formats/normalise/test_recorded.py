"""The recorded pages of ClamAV's own tests, where the shared material is there."""

import json
import os
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
from backports import zstd

from clearward.formats.normalise.views import Kind, views

NAMES = {
    "nocomment.html": "written",
    "notags.html": "spoken",
    "javascript": "script",
    "nocomment.ref": "written",
    "notags.ref": "spoken",
    "js.ref": "script",
}


def members(archive: Path, names: set[str]) -> dict[str, bytes]:
    found = {}
    with zstd.open(archive) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            name = member.name.removeprefix("./").partition("clamav-cases/")[2]
            content = tar.extractfile(member)
            for wanted in names & {name or member.name.removeprefix("./")}:
                found[wanted] = content.read() if content else b""
    return found


def test_recorded_pages_have_the_views_that_were_recorded() -> None:
    shared = os.environ.get("CLEARWARD_SHARED")
    if not shared:
        pytest.skip("CLEARWARD_SHARED does not say where the shared material is")
    archive = Path(shared) / "corpora/clamav-cases.tar.zst"
    lines = members(archive, {"cases.jsonl"})["cases.jsonl"].splitlines()
    cases = [case for case in map(json.loads, lines) if "htmlnorm" in case["id"]]
    inputs = members(archive, {case["inputs"][0]["path"] for case in cases})
    assert cases
    for case in cases:
        seen = views(Kind.PAGE, inputs[case["inputs"][0]["path"]]).views
        made = {view.name: sha256(view.data).hexdigest() for view in seen}
        recorded = case["upstream_reference_sha256"] or case["sigtool_1_4_6_sha256"]
        for file, digest in recorded.items():
            assert made[NAMES[file]] == digest, (case["id"], file)
