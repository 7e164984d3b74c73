"""Tests of clearward.faces.http.description: the document is true.

Requests are made up from the document and sent over a socket; every answer has to be
one that the document knows, in the shape it says.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from faces.http.fake import FakeDesk, Running, running
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection

from clearward import __version__
from clearward.core.reasons import Reason
from clearward.faces.http import description
from clearward.faces.http.application import VERSIONS

SCHEMA = schemathesis.openapi.from_dict(description.document())
EXAMPLES = 12
# Any body is a file, so none is bad; what is not offered is an error of the server's.
UNLIKE: dict[str, list[Any]] = {
    "/v1/scan": [negative_data_rejection],
    "/api/v3.0/checkurl": [not_a_server_error],
    "/api/v3.1/checkurl": [not_a_server_error],
}


def _one(found: Any) -> Any:  # noqa: ANN401 - the library does not say
    return found.ok()


def operations() -> list[Any]:
    """Every operation with good data; those that take any, also with bad data."""
    found = [_one(each) for each in SCHEMA.get_all_operations()]
    return [
        pytest.param(each, mode, id=f"{each.label} {mode.value}")
        for each in found
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        if mode is GenerationMode.POSITIVE or each.body
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as one:
        yield one


@pytest.mark.parametrize(("operation", "mode"), operations())
def test_every_answer_is_one_that_the_document_knows(
    server: Running,
    operation: Any,  # noqa: ANN401 - the library does not say
    mode: GenerationMode,
) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Case[Any]) -> None:
        case.call_and_validate(
            base_url=f"http://127.0.0.1:{server.port}",
            excluded_checks=UNLIKE.get(operation.path, []),
        )

    asked()


@pytest.mark.parametrize(
    ("path", "status"), [("scanmemory", 503), ("scanfile", 403), ("checkurl", 501)]
)
def test_what_is_refused_has_the_shape_of_an_error(path: str, status: int) -> None:
    with running(desk=FakeDesk(Reason.WORKER_DIED)) as server:
        for version in VERSIONS:
            said = server.post(f"/api/{version}/{path}", {"object": ""})
            assert said.status == status
            answers = description.document()["paths"][f"/api/{version}/{path}"]
            assert status in {int(each) for each in answers["post"]["responses"]}
            assert {"error", "detail"} <= set(said.json)


def test_the_document_is_served_with_the_version_of_the_program(
    server: Running,
) -> None:
    said = server.ask("GET", "/openapi.json").json
    assert said["openapi"].startswith("3.1.")
    assert said["info"]["version"] == __version__
    assert said == description.document()
