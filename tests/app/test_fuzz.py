"""schemathesis against the running API: `make fuzz` asks for more examples through FUZZ_EXAMPLES."""

import os
import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import SecretStr
from schemathesis import GenerationMode
from schemathesis import checks as general_checks
from schemathesis.specs.openapi import checks as openapi_checks

from app.main import create_app
from app.settings import ApiSettings
from tests.app.servers import free_port, wait_until

# schemathesis's annotations leave types open.
GENERAL: Any = general_checks
OPENAPI: Any = openapi_checks
CHECKS: list[Any] = [
    GENERAL.not_a_server_error,
    OPENAPI.status_code_conformance,
    OPENAPI.content_type_conformance,
    OPENAPI.response_headers_conformance,
    OPENAPI.response_schema_conformance,
    OPENAPI.negative_data_rejection,
    OPENAPI.unsupported_method,
    OPENAPI.allow_header_conformance,
]
PERCENT_EACH = {
    ("/predict", "POST"): 10,
    # Its bodies take longest to make up, and differ from the one above by a list only.
    ("/predict/batch", "POST"): 4,
    ("/predictions", "GET"): 11,
    ("/predictions/{prediction_id}", "GET"): 25,
}
"""Of all examples, for each operation in each mode."""
WITHOUT_INPUT = ["/health", "/ready", "/metrics", "/metrics/liveness"]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))


@pytest.fixture(scope="module")
def live_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API behind a real server, in this process."""
    database = tmp_path_factory.mktemp("fuzz") / "predictions.db"
    app = create_app(ApiSettings(database_url=SecretStr(f"sqlite:///{database}"), log_level="ERROR"))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the API")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def schema(live_url: str) -> Any:  # noqa: ANN401 (schemathesis's own)
    """What the API says of itself."""
    return schemathesis.openapi.from_url(f"{live_url}/openapi.json")


def test_the_fuzzed_operations_are_all_there_are(schema: Any) -> None:  # noqa: ANN401 (schemathesis's own)
    found = {(found.ok().path, found.ok().method.upper()) for found in schema.get_all_operations()}
    assert found == {*PERCENT_EACH, *((path, "GET") for path in WITHOUT_INPUT)}


@pytest.mark.no_cover  # what makes the examples up would be traced too, at twice the price
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), PERCENT_EACH)
def test_no_input_makes_a_server_error_or_an_answer_outside_the_schema(
    schema: Any,  # noqa: ANN401 (schemathesis's own)
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    examples = EXAMPLES * PERCENT_EACH[path, method] // 100
    sent = 0

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(cast("Any", HealthCheck)),
    )
    def ask(case: Any) -> None:  # noqa: ANN401 (schemathesis's own)
        nonlocal sent
        sent += 1
        case.call_and_validate(checks=CHECKS, session=session)

    with requests.Session() as session:
        # Else each request looks for a proxy in the environment.
        session.trust_env = False
        ask()
    assert sent >= examples


@pytest.mark.parametrize("path", WITHOUT_INPUT)
def test_what_takes_no_input_answers_as_documented(schema: Any, path: str) -> None:  # noqa: ANN401 (schemathesis's own)
    schema[path]["GET"].Case().call_and_validate(checks=CHECKS)
