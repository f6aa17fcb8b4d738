"""OpenAPI: what FastAPI tells of the routes, with problems, keys and an example of every request and answer."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.errors import KINDS, PROBLEM
from api.links import links_of
from api.schemas.common import ProblemTold

ADDRESS = "/api/v1/openapi.json"
OPEN = ("/healthz", "/readyz", "/metrics", "/api/v1/problems", "/api/v1/problems/{kind}")
"""What is told to everybody."""
ABOUT = """Workforce management for contact centres: history, forecast, agents needed, rota, audit.

Every request names a key: `Authorization: Bearer KEY`. A change of something names the version it goes out from: the `ETag` it was read
with, as `If-Match`. A change sent with an `Idempotency-Key` is done once however often it is sent. Lists come in pages: `after` is the
`next` of the page before. Errors are problems (RFC 9457), explained at their `type`.
"""
EVENT = 'event: progress\ndata: {"seq":3,"kind":"progress","data":{"step":"solve","gap":0.02}}\nid: 3\n\n'
_HEADERS = {
    "ETag": {"description": "the version, for If-Match", "schema": {"type": "string"}, "example": '"3"'},
    "X-Request-ID": {"description": "in the log, too", "schema": {"type": "string"}},
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "the same key and request get the same answer, and what was done is not done again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "import-2026-03-02",
}


def body_of(*media_types: str) -> dict[str, Any]:
    """The body of a route that takes files."""
    content = {media: {"schema": _file_schema(media)} for media in media_types}
    return {"requestBody": {"required": True, "content": content}}


def file_answer(*media_types: str) -> dict[str, Any]:
    """The answer of a route that hands out files, for its decorator."""
    content = {media: {"schema": _file_schema(media)} for media in media_types}
    from fastapi import Response

    return {"response_class": Response, "responses": {200: {"description": "the file", "content": content}}}


def openapi(app: FastAPI) -> dict[str, Any]:
    """The whole document, made once."""
    if app.openapi_schema is None:
        told = get_openapi(
            title="Paiban",
            version="1",
            description=ABOUT,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        _, schemas = models_json_schema(
            [(ProblemTold, "serialization")], ref_template="#/components/schemas/{model}"
        )
        parts = told.setdefault("components", {}).setdefault("schemas", {})
        parts |= schemas["$defs"]
        told["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for address, method, operation in operations(told):
            _complete(address, method, operation, parts)
        _link(told)
        for name in ("HTTPValidationError", "ValidationError"):
            parts.pop(name, None)
        app.openapi_schema = told
    return app.openapi_schema


def operations(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Address, method and description of every operation."""
    for address, methods in told["paths"].items():
        for method, operation in methods.items():
            yield address, method, operation


def query_names(app: FastAPI) -> dict[tuple[str, str], set[str]]:
    """The names that the query of each method and address may have."""
    return {
        (method.upper(), address): {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        }
        for address, method, operation in operations(openapi(app))
    }


def example_of(schema: dict[str, Any], parts: dict[str, Any]) -> Any:
    """An example of a schema, put together of those of its parts."""
    for key in ("example", "const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        return example_of(parts[schema["$ref"].rpartition("/")[2]], parts)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return example_of(schema[key][0], parts)
    return _by_type(schema, parts)


def _by_type(schema: dict[str, Any], parts: dict[str, Any]) -> Any:
    of = partial(example_of, parts=parts)
    kind = schema.get("type")
    if kind == "object":
        return {name: of(each) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [of(schema["items"])] if "items" in schema else []
    return {
        "string": "text",
        "integer": max(1, schema.get("minimum", 1)),
        "number": 1.5,
        "boolean": True,
    }.get(str(kind))


def _complete(address: str, method: str, operation: dict[str, Any], parts: dict[str, Any]) -> None:
    action = operation.pop("x-action", None)
    parameters = operation.setdefault("parameters", [])
    for each in parameters:
        each["schema"].pop("title", None)
        if each["name"] == "if-match":
            each |= {"name": "If-Match", "required": "description" not in each, "schema": {"type": "string"}}
            each |= {"example": '"3"', "description": each.get("description", "the ETag of what is changed")}
        if "examples" in each["schema"] and "example" not in each:
            each["example"] = each["schema"]["examples"][0]
    if method != "get":
        parameters.append(_IDEMPOTENCY)
    if address not in OPEN:
        operation["security"] = [{"key": []}]
        operation["x-paiban-action"] = action
        operation["description"] = f"{operation.get('description', '')}\n\nAction: `{action}`."
    _answers(address, operation, parts)
    if any(each["name"] == "If-None-Match" for each in parameters):
        operation["responses"]["304"] = {"description": "as you know it already", "headers": _HEADERS}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content.setdefault("example", example_of(content["schema"], parts))


def _link(told: dict[str, Any]) -> None:
    versioned = {
        operation["operationId"]
        for _, _, operation in operations(told)
        if any(each["name"] == "If-Match" and each["required"] for each in operation["parameters"])
    }
    for _, _, operation in operations(told):
        links = links_of(operation["operationId"], versioned)
        for status, answered in operation["responses"].items():
            if links and status < "300":
                answered["links"] = links


def _answers(address: str, operation: dict[str, Any], parts: dict[str, Any]) -> None:
    for status, told in operation["responses"].items():
        told["headers"] = told.get("headers", {}) | _HEADERS
        for media, content in told.get("content", {}).items():
            if media == "text/event-stream":
                content["example"] = EVENT
            if media == "application/json" and content.get("schema") and status < "400":
                content.setdefault("example", example_of(content["schema"], parts))
    statuses = (
        (404, 405, 422, 500, 503) if address in OPEN else sorted({kind.status for kind in KINDS.values()})
    )
    for status in statuses:
        operation["responses"][str(status)] = _problem(status)


def _problem(status: int) -> dict[str, Any]:
    name, kind = next((name, kind) for name, kind in KINDS.items() if kind.status == status)
    example = {"type": f"/api/v1/problems/{name}", "title": kind.title, "status": status}
    example |= {"detail": kind.meaning, "request_id": "0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"}
    schema = {"$ref": "#/components/schemas/ProblemTold"}
    return {"description": kind.title, "content": {PROBLEM: {"schema": schema, "example": example}}}


def _file_schema(media: str) -> dict[str, Any]:
    binary = media not in ("text/csv", "application/toml", "application/json")
    examples = {
        "text/csv": "interval_start,queue,offered,aht_seconds\n2026-03-02T08:00:00Z,calls,12,240\n",
        "application/toml": '[centre]\nname = "Customer desk"\ntimezone = "Asia/Shanghai"\n',
    }
    if media == "application/json":
        return {"type": "object"}
    told: dict[str, Any] = {"type": "string"} | ({"format": "binary"} if binary else {})
    return told | {"example": examples.get(media, "(the bytes of the file)")}
