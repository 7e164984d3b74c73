"""New rules: another tag, and what they find, on connections that are open already."""

from pathlib import Path

from support.icap_client import connect, reqmod
from support.icap_server import running
from support.marks import MARK, mark_rule
from support.serving import desk, play

OPTIONS = b"OPTIONS icap://h/avscan ICAP/1.0\r\n\r\n"


def test_new_rules_have_another_tag_and_refuse_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "none.yar").write_text("rule none { condition: false }\n")

    async def scene() -> None:
        async with desk(folder) as known, running(known, tmp_path) as icap:
            client = await connect(icap.port)
            before = await client.ask(reqmod(MARK, "Allow: 204"))
            assert before.status == 204
            mark_rule(folder)
            known.reload()
            while known.reloading:
                during = await client.ask(reqmod(b"hello", "Allow: 204"))
                assert during.status == 204
            after = await client.ask(reqmod(MARK, "Allow: 204"))
            assert "x-infection-found" in after.fields
            assert after.fields["istag"] != before.fields["istag"]
            again = await client.ask(OPTIONS)
            assert again.fields["istag"] == after.fields["istag"]
            await client.close()

    play(scene)
