"""Centres, their revisions and files."""

from typing import Annotated, Self

from pydantic import Field

from api.schemas.common import Digest, Id, Instant, Note, Strict, Version
from api.store import centres


class Centre(Strict):
    """A centre; ``revision`` is its version, and the ETag of it and its parts."""

    id: Id
    name: Annotated[str, Field(examples=["Customer desk"])]
    revision: Version
    created_at: Instant
    archived_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: centres.Centre) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class ChangedCentre(Centre):
    """A centre after a change, with what the user should see of the files that were read."""

    warnings: Annotated[list[str], Field(examples=[["2 unknown columns of agents.csv were left out"]])]

    @classmethod
    def after(cls, found: centres.Centre, warnings: tuple[str, ...] = ()) -> Self:
        """Of the store's."""
        return cls(**vars(found), warnings=list(warnings))


class Revision(Strict):
    """A state of a centre; ``shows`` is an earlier revision after an undo."""

    revision: Version
    shows: Version
    at: Instant
    actor_id: Annotated[str, Field(examples=["paiban:serve"], description="id of the member")]
    note: Note

    @classmethod
    def of(cls, found: centres.Revision) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class CentreFile(Strict):
    """A file of a centre; the digest is of what is kept, which has no names."""

    name: Annotated[str, Field(examples=["agents.csv"])]
    digest: Digest


class CentreFiles(Strict):
    """The files of a revision."""

    revision: Version
    items: list[CentreFile]
