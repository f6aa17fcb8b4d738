"""What the service tells of itself: health, readiness, figures, kinds of problem, its own description."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import Field

from api.access.scope import machine
from api.errors import KINDS, PLACE
from api.schemas.common import Strict
from api.store import schema
from api.store.errors import NotFound

TEXT = {"schema": {"type": "string"}, "example": "# TYPE paiban_requests_total counter"}
router = APIRouter(tags=["service"])


class Health(Strict):
    """Whether it is well."""

    status: Annotated[str, Field(examples=["ok"])]


class ProblemKind(Strict):
    """A kind of problem."""

    type: Annotated[str, Field(examples=["/api/v1/problems/stale"])]
    status: Annotated[int, Field(examples=[412])]
    title: Annotated[str, Field(examples=["It has been changed since"])]
    meaning: Annotated[str, Field(examples=["If-Match does not name the version that is there."])]


@router.get("/healthz", response_model=Health)
async def healthz() -> Health:
    """Whether the process answers."""
    return Health(status="ok")


@router.get("/readyz", response_model=Health)
def readyz(request: Request) -> Health:
    """Whether the database answers and has this release's tables; else 503."""
    store = request.app.state.service.store
    schema.check(store.engine)
    with store.read(machine("readyz")):
        return Health(status="ok")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"description": "figures for Prometheus", "content": {"text/plain": TEXT}}},
)
async def metrics(request: Request) -> Response:
    """Figures for Prometheus; nothing in them names anybody."""
    content = generate_latest(request.app.state.figures.registry)
    return Response(content, headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})


@router.get(PLACE, response_model=list[ProblemKind])
async def list_problem_kinds() -> list[ProblemKind]:
    """Every kind of problem."""
    return [_told(name) for name in KINDS]


@router.get(PLACE + "/{kind}", response_model=ProblemKind)
async def get_problem_kind(
    kind: Annotated[str, Path(pattern="^[a-z-]{1,40}$", examples=["stale"])],
) -> ProblemKind:
    """What a kind of problem means."""
    if kind not in KINDS:
        raise NotFound("kind of problem")
    return _told(kind)


def _told(name: str) -> ProblemKind:
    kind = KINDS[name]
    return ProblemKind(type=f"{PLACE}/{name}", status=kind.status, title=kind.title, meaning=kind.meaning)
