"""Chains of requests along the document's links (schemathesis, stateful): a centre, its files, rotas, jobs, members, from one to the next.

`PAIBAN_TEST_CHAINS` sets how many chains are walked; `benchmarks/api_soak.py` walks many.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from schemathesis import Case, Response
from schemathesis.specs.openapi.stateful import OpenAPIStateMachine

from api.documentation import OPEN
from api.links import LINKS
from tests.api.http.service import CSV, FILES, ZIP, Api, zipped
from tests.api.http.test_fuzzed import CHECKS, described, fuzzed  # noqa: F401
from tests.api.http.test_http_rotas import ROTA
from tests.api.http.test_who_may import ASKED, TOLD

CHAINS = int(os.environ.get("PAIBAN_TEST_CHAINS", "6"))
STEPS = 20
IDS = {operation["operationId"]: address for address, methods in TOLD["paths"].items() for operation in methods.values()}  # fmt: skip
LINKED = sorted({*LINKS, *(target for told in LINKS.values() for *_, targets in told for target in targets)})
"""Operations without links are in `test_fuzzed.py`."""
SENT = {
    "import_centre": (zipped(FILES), ZIP),
    "replace_centre": (zipped(FILES), ZIP),
    "upload_rota": (ROTA.encode(), CSV),
    "put_rows": (ROTA.encode(), CSV),
    "append_history": (FILES["history.csv"].encode(), CSV),
}
"""Bodies that the chains go on behind; what is generated for these operations alone is refused nearly always."""


def test_chains_along_the_links_hold(described: Any, fuzzed: tuple[Api, dict[str, str]]) -> None:  # noqa: F811
    api, ids = fuzzed
    walked: Counter[str] = Counter()

    file = Path(str(api.store.engine.url.database))
    api.store.engine.dispose()
    before = file.read_bytes()

    class Chains(described.include(operation_id=LINKED).as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            api.store.engine.dispose()  # every chain begins with the same store
            file.write_bytes(before)

        def before_call(self, case: Case) -> None:
            name = case.operation.definition.raw["operationId"]
            if IDS[name] not in OPEN:
                case.headers["Authorization"] = f"Bearer {api.keys['admin']}"
            if name in SENT:
                content, media = SENT[name]
                case.body, case.media_type, case.query = content, media, {}
                case.headers["Content-Type"] = media
            noun = name.removeprefix("ask_").replace("_", "-")
            if name.startswith("ask_") and noun in ASKED:
                case.body, case.query = ASKED[noun], {}
            if name == "follow_job" and not _ended(api, case):
                case.path_parameters["job_id"] = ids["job_id"]

        def after_call(self, response: Response, case: Case) -> None:
            if response.status_code < 300:
                walked[case.operation.definition.raw["operationId"]] += 1

        def validate_response(self, response: Response, case: Case, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    assert issubclass(Chains, OpenAPIStateMachine)
    Chains.run(
        settings=settings(
            max_examples=CHAINS, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )
    )  # fmt: skip
    print(json.dumps(walked))
    assert walked["import_centre"]
    if CHAINS >= 50:
        assert {"upload_rota", "publish_rota", "undo_rota", "cancel_job", "rerun_job", "undo_change"} <= {
            *walked
        }


def _ended(api: Api, case: Case) -> bool:
    """Streams of jobs that nobody works would be followed for minutes."""
    told = api.get(f"jobs/{case.path_parameters['job_id']}")
    return told.status_code != 200 or told.json()["state"] == "cancelled"
