"""What can go wrong with who somebody is.

PaibanError
└── AccessError
    ├── NotKnown    nobody is known by this key, token or session (HTTP 401)
    └── Forbidden   whoever it is may not do this (HTTP 403)
"""

from centre.errors import PaibanError


class AccessError(PaibanError):
    """Root of what is wrong with who somebody is or what they may do."""


class NotKnown(AccessError):
    """Nobody is known by what was shown; it is not said why, which would help whoever guesses."""

    def __init__(self) -> None:
        super().__init__("this key, token or session is not valid")


class Forbidden(AccessError):
    """Whoever it is may not do this."""
