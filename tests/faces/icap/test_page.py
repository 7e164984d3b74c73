"""The page that a person sees."""

from clearward.faces.icap.page import MOST_ADDRESS, block_page


def test_the_page_names_what_was_found_and_where() -> None:
    page = block_page(["Eicar", "Other"], b"http://example.test/f").decode()
    assert "<b>Eicar, Other</b>" in page
    assert "<code>http://example.test/f</code>" in page


def test_nothing_from_outside_is_taken_for_html() -> None:
    page = block_page(['<i>"&'], b"http://x/<script>'\x1b\xff\xe2\x80\xae").decode()
    assert "<i>" not in page
    assert "<script>" not in page
    assert "&lt;i&gt;&quot;&amp;" in page
    assert "&lt;script&gt;&#x27;\\x1b\\xff\\u202e" in page


def test_a_long_address_is_cut() -> None:
    assert len(block_page(["x"], b"y" * 100_000)) < MOST_ADDRESS + 2000
    assert b"not known" in block_page(["x"], b"")
