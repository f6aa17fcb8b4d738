"""Every screen of the page, and its assets."""

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api.page import (
    asked,
    board,
    capacity,
    centres,
    demand,
    edits,
    exports,
    imports,
    peaks,
    people_import,
    persons,
    plans,
    requirement,
    rest,
    scenarios,
    shifts,
    sign_in,
    sweeps,
    versions,
    watched,
)  # fmt: skip
from api.store.errors import NotFound

ASSETS = Path(__file__).with_name("assets")
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
router = APIRouter(include_in_schema=False)
SCREENS = (
    sign_in, centres, plans, edits, exports, versions, rest, persons, shifts, asked, board, peaks, people_import, imports, demand,
    requirement, scenarios, sweeps, capacity, watched,
)  # fmt: skip
for screen in SCREENS:
    router.include_router(screen.router)


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """A file that pages load."""
    path = ASSETS / name
    if path.parent != ASSETS or path.suffix not in TYPES or not path.is_file():
        raise NotFound("asset")
    return FileResponse(path, media_type=TYPES[path.suffix], headers={"cache-control": "no-cache"})
