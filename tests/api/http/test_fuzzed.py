"""Every operation, every field wrong in every way (schemathesis): never a 5xx, never an answer that the document does not tell.

`PAIBAN_TEST_EXAMPLES` sets how many examples each operation gets; `benchmarks/api_soak.py` runs many.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.documentation import ADDRESS, OPEN, operations
from tests.api.http.service import Api, serving
from tests.api.http.test_who_may import TOLD, world
from tests.databases import opened

EXAMPLES = int(os.environ.get("PAIBAN_TEST_EXAMPLES", "1"))
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
FILES = (
    "application/zip", "application/toml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip


@schemathesis.serializer(*FILES)
def as_bytes(context: Any, value: Any) -> bytes:
    """What is generated for a file, as it is sent."""
    return value if isinstance(value, bytes) else str(getattr(value, "data", value)).encode(errors="replace")


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory, empty_sqlite) -> Iterator[tuple[Api, dict[str, str]]]:  # type: ignore[no-untyped-def]
    place = tmp_path_factory.mktemp("fuzzed")
    file = place / "paiban.sqlite"
    file.write_bytes(empty_sqlite.read_bytes())
    with opened(f"sqlite:///{file}", place) as store, serving(store, jobs_queued=100_000) as api:
        yield api, world(api)


@pytest.fixture(scope="module")
def described(fuzzed: tuple[Api, dict[str, str]]) -> Any:
    """The API as schemathesis reads it; the many examples of its coverage phase only where many are asked for."""
    config = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": EXAMPLES >= 50}}})
    return schemathesis.openapi.from_asgi(ADDRESS, fuzzed[0].client.app, config=config)


@pytest.mark.parametrize("route", [f"{method.upper()} {address}" for address, method, _ in operations(TOLD)])
def test_no_request_brings_the_api_down(
    route: str, described: Any, fuzzed: tuple[Api, dict[str, str]]
) -> None:
    (api, ids), (method, _, address) = fuzzed, route.partition(" ")

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=described[address][method].as_strategy())
    def hold(case: Any) -> None:
        for name in {*(case.path_parameters or {})} & {*ids}:
            case.path_parameters[name] = ids[name]
        if address not in OPEN:
            case.headers["Authorization"] = f"Bearer {api.keys['admin']}"
        case.call_and_validate(checks=CHECKS)

    hold()
