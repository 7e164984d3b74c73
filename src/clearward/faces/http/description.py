"""The OpenAPI document of this face, from the file beside this one."""

import os
import tomllib
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from clearward import __version__

_FILE = os.path.join(os.path.dirname(__file__), "openapi.toml")


@cache
def document() -> dict[str, Any]:
    """The document, as plain values."""
    with open(_FILE, "rb") as file:
        read = tomllib.load(file)
    read["info"]["version"] = __version__
    paths = read["paths"]
    # Kaspersky's interface has two versions that are alike.
    for path in [path for path in paths if path.startswith("/api/v3.0/")]:
        paths[path.replace("v3.0", "v3.1")] = paths[path]
    return read


async def answer(_request: Request) -> Response:
    """The document, for everybody."""
    return JSONResponse(document())
