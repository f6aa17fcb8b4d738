"""The OpenAPI document: current, complete, with examples that are what they are examples of."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from api.commands.serve import document
from api.documentation import OPEN, operations
from api.links import LINKS
from tests.api.http.service import Api

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_the_committed_document_is_current(sqlite_api: Api) -> None:
    assert COMMITTED.read_text(encoding="utf-8") == document(), (
        "run: paiban serve --openapi docs/openapi.json"
    )
    assert sqlite_api.get("openapi.json").json() == json.loads(document())


def test_every_operation_is_explained_with_examples() -> None:
    told = json.loads(document())
    for address, method, operation in operations(told):
        where = f"{method} {address}"
        assert operation["summary"], where
        assert operation["description"].strip(), where
        assert operation["operationId"], where
        assert address in OPEN or operation["security"] == [{"key": []}], where
        for parameter in operation["parameters"]:
            assert "example" in parameter or "default" in parameter["schema"] or _bare(parameter), (
                where,
                parameter,
            )
        for content in _contents(operation):
            schema = content.get("schema", {})
            assert "example" in content or "example" in schema, (where, content)
            if "example" in content and "itemSchema" not in content:
                whole = {"components": told["components"], **schema}
                jsonschema_rs.validator_for(whole).validate(content["example"])


def _bare(parameter: dict[str, Any]) -> bool:
    return parameter["in"] == "query" and not parameter["required"]


def _contents(operation: dict[str, Any]) -> list[dict[str, Any]]:
    sent = list(operation.get("requestBody", {}).get("content", {}).values())
    return sent + [
        content
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
    ]


def test_every_link_leads_to_an_operation_that_has_its_parameters() -> None:
    told = json.loads(document())
    by_id = {operation["operationId"]: operation for _, _, operation in operations(told)}
    assert LINKS.keys() <= by_id.keys()
    for name in LINKS:
        links = [
            link for each in by_id[name]["responses"].values() for link in each.get("links", {}).values()
        ]
        assert links, name
        for link in links:
            known = {f"{each['in']}.{each['name']}" for each in by_id[link["operationId"]]["parameters"]}
            assert link["parameters"].keys() <= known, (name, link)
