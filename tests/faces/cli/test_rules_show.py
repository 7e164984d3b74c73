"""Behaviour of `clearward rules show`."""

from pathlib import Path

from support.command import clearward


def test_what_a_rule_says_of_itself_is_not_taken_for_what_is_known(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.yar").write_text(
        'rule lies { meta: origin = "bundle" source = "ours" author = "A. B." '
        'strings: $a = "a mark that nobody has" condition: $a }\n'
    )
    ran = clearward("rules", "show", "lies", "--rules", tmp_path / "a.yar")
    lines = dict(line.split(": ", 1) for line in ran.out.decode().splitlines())
    assert lines["origin"].strip() == "local"
    assert lines["source"].strip().endswith("a.yar")
    assert lines["meta.origin"].strip() == "bundle"
    assert lines["meta.author"].strip() == "A. B."
