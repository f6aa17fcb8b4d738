"""The HTTP API: `create_app` puts routes, guard and errors together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from api.access.bearer import Provider
from api.asking import Rate, Service
from api.documentation import ADDRESS, openapi, query_names
from api.errors import add_handlers
from api.guard import Figures, Guard
from api.jobs.client import Jobs
from api.page.router import router as page
from api.routes import (
    audit_log,
    audits,
    call_outs,
    centres,
    files,
    histories,
    imports,
    job_results,
    jobs,
    leave_requests,
    members,
    payroll,
    peaks,
    people,
    people_imports,
    rotas,
    rows,
    service,
    swaps,
    webhooks,
    work,
)
from api.settings import ServiceSettings
from api.store.engine import Store

NOUNS = (
    service, centres, files, histories, imports, rotas, swaps, call_outs, peaks, audits, work, jobs, job_results, rows, leave_requests,
    people, people_imports, members, audit_log, webhooks, payroll,
)  # fmt: skip
ROUTERS = tuple(noun.router for noun in NOUNS)


def create_app(store: Store, settings: ServiceSettings, jobs: Jobs) -> FastAPI:
    """The API over a store.

    Parameters
    ----------
    jobs : who works what takes long; see `api.jobs.client`
    """
    most = settings.body_megabytes << 20
    app = _Api(
        title="Paiban", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=_as_many_threads_as_connections,
    )  # fmt: skip
    provider = (
        Provider(settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks, settings.oidc_algorithms)
        if settings.oidc_issuer
        else None
    )
    app.state.service = Service(store, settings, provider, jobs, Rate(settings.requests_a_minute))
    app.state.figures = Figures()
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(page)
    app.add_route(ADDRESS, _document, include_in_schema=False)
    add_handlers(app)
    app.add_middleware(Guard, figures=app.state.figures, most_bytes=most, body_seconds=settings.body_seconds)
    app.state.query_names = query_names(app)
    return app


class _Api(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document as `api.documentation` completes it."""
        return openapi(self)


@asynccontextmanager
async def _as_many_threads_as_connections(app: FastAPI) -> AsyncIterator[None]:
    """No more requests at once than there are connections to the database: the others wait here, not there."""
    limiter = anyio.to_thread.current_default_thread_limiter()
    limiter.total_tokens = app.state.service.settings.connections
    yield


async def _document(request: Request) -> JSONResponse:
    return JSONResponse(openapi(request.app))
