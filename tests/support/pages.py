"""What pages and scripts are made of, in pieces that mean something to a normaliser."""

MARKUP = [
    b"<", b">", b" ", b"\n", b"=", b"'", b'"', b"<a ", b"<img ", b"href=", b" src = ",
    b"data:", b"data:,x", b";base64,", b"QUJD", b"&", b"&lt;", b"&Xi;", b"&#65",
    b"&#x4", b"&#", b";", b"<!", b"--", b"<script>", b"<script ", b"</script>",
    b"<style>", b"</style ", b"language=", b'"jscript.encode"', b"vbscript.Encode",
    b"#@~^AAAAAA==", b"abc@&@#@*", b"AAAAAA==^#~@", b"\0", b"\1", b"\2",
    b"<A ", b"href", b"HREF", b"<Head>", b"<object", b"DATA:", b"<ifram", b"<table",
    b"\xe3\x80\x82", b"\xef\xbc\x8e", b"\xef\xb9\x92", b"\xe9", b"x", b"B",
]  # fmt: skip
SCRIPT = [
    b"/", b"var ", b"function ", b"f", b"(", b")", b"{", b"}", b",", b".", b"+", b"\\",
    b"*", b"//", b"/*", b"*/", b"1", b".5e3", b"007", b"eval(", b"unescape(", b"%41",
    b"%u20ac", b"\\u0041", b"\\x41", b"\\", b"return ", b"[", b"]", b"?", b"a", b"b;",
    b"eval('", b"')", b"\r\n", b"\x7f", b"\xff", b"$_", b"1.0e999", b"\2", b"\0", b" ",
    b"'", b'"', b"=", b"=/", b"=/[", b"&", b"\n",
]  # fmt: skip
