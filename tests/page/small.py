"""The small example as a centre of a site."""

from api.access.scope import machine
from api.store import centres
from api.store.centre_files import prepare
from tests.api.conftest import SMALL


def files_of_small() -> dict[str, bytes]:
    """Its files."""
    return {path.name: path.read_bytes() for path in SMALL.iterdir() if path.is_file()}


def new_centre(site, files: dict[str, bytes] | None = None) -> str:
    """The id of a new centre of these files, else of the example's."""
    with site.store.write(machine("tests")) as transaction:
        return centres.create(transaction, prepare(files or files_of_small())).id
