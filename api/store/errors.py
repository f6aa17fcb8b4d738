"""What can go wrong between the service and what it keeps.

PaibanError
└── StoreError
    ├── StoreUnavailable   locked, full, or not to be reached: nothing was changed, try again later (HTTP 503)
    ├── Stale              somebody changed it since it was read (HTTP 412)
    ├── NotFound           not there, or not for whoever asks (HTTP 404)
    ├── Conflict           what is there does not allow it (HTTP 409)
    ├── SchemaError        the database is of another release of Paiban, or not one of Paiban
    └── Tampered           the audit log or a stored file is not what was written
"""

from centre.errors import PaibanError


class StoreError(PaibanError):
    """Root of the store's errors."""


class StoreUnavailable(StoreError):
    """The database is locked, full or not to be reached; the whole transaction was undone."""


class Stale(StoreError):
    """What was to be changed is no longer as it was when it was read.

    Parameters
    ----------
    what : what was to be changed, such as ``centre``
    expected, found : the version that was read, and the one there now
    """

    def __init__(self, what: str, expected: int, found: int | None = None) -> None:
        self.what, self.expected, self.found = what, expected, found
        now = "" if found is None else f"; it is now at {found}"
        super().__init__(f"the {what} is no longer at version {expected}{now}")


class NotFound(StoreError):
    """There is no such thing, or whoever asks may not know of it."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"there is no such {what}")


class Conflict(StoreError):
    """What is there does not allow what was asked."""


class SchemaError(StoreError):
    """The database's tables are not those that this release of Paiban works with."""


class Tampered(StoreError):
    """The audit log or a stored file is not what was written."""
