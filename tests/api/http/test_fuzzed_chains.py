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

CHAINS = int(os.environ.get("PAIBAN_TEST_CHAINS", "4"))
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
"""Bodies that chains go on behind: what is generated for these is refused nearly always."""


def test_chains_along_the_links_hold(described: Any, fuzzed: tuple[Api, dict[str, str]]) -> None:  # noqa: F811
    api, ids = fuzzed
    walked: Counter[str] = Counter()
    asked: Counter[str] = Counter()

    file = Path(str(api.store.engine.url.database))
    api.store.engine.dispose()
    before = file.read_bytes()

    class Chains(described.include(operation_id=LINKED).as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            api.store.engine.dispose()  # every chain begins with the same store
            file.write_bytes(before)
            self.made_ids, self.walk_length = dict(ids), 0

        def before_call(self, case: Case) -> None:
            name, address = _name(case), IDS[_name(case)]
            self.walk_length += 1
            if address not in OPEN:
                case.headers["Authorization"] = f"Bearer {api.keys['admin']}"
            for each in {*case.path_parameters} & {*self.made_ids}:
                case.path_parameters[each] = self.made_ids[each]  # of what is made along the way the newest
            if name in SENT:
                case.body, case.media_type = SENT[name]
                case.query, case.headers["Content-Type"] = {}, SENT[name][1]
            noun = name.removeprefix("ask_").replace("_", "-")
            if name.startswith("ask_") and noun in ASKED:
                case.body, case.query = ASKED[noun], {}
            if name == "follow_job":
                case.path_parameters["job_id"] = ids[
                    "job_id"
                ]  # it has ended: others would be followed for minutes
            whole = "/".join(address.split("/")[:5]).format(**case.path_parameters)
            if "If-Match" in (case.headers or {}) and self.walk_length % 4:  # else as it was generated
                case.headers["If-Match"] = api.get(whole).headers.get("etag", '"1"')
                case.query = {"accept_breaches": True} if name == "publish_rota" else {}

        def after_call(self, response: Response, case: Case) -> None:
            asked[f"{_name(case)} {response.status_code}"] += 1
            if response.status_code < 300:
                walked[_name(case)] += 1
                for parameter, place, _ in LINKS.get(_name(case), ()):
                    if place.startswith("$response.body#/"):
                        told = response.json()
                        for part in place.partition("#/")[2].split("/"):
                            told = told[part]
                        self.made_ids[parameter] = told

        def validate_response(self, response: Response, case: Case, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    assert issubclass(Chains, OpenAPIStateMachine)
    Chains.run(
        settings=settings(
            max_examples=CHAINS, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )
    )  # fmt: skip
    print(json.dumps(asked))
    assert walked
    if CHAINS >= 30:
        assert {"import_centre", "upload_rota", "publish_rota", "ask_plans", "cancel_job", "undo_change"} <= {
            *walked
        }


def _name(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])
