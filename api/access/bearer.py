"""Bearer tokens of an OIDC provider: signed by a key that the settings name, for us, and not expired."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.access.errors import NotKnown
from api.access.scope import machine
from api.store import members
from api.store.engine import Store
from api.store.members import Member
from centre.errors import BadInput, Fault

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a provider's private key alone: with HMAC its public key would be the secret."""
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 5.0
MOST_BYTES = 1_000_000
MOST_TOKEN = 16_384


@dataclass
class Provider:
    """Who signs tokens and how they are judged.

    Parameters
    ----------
    issuer, audience : what a token must say
    jwks : file or https URL of the provider's public keys, read once
    algorithms : those of `ALGORITHMS` that are taken
    """

    issuer: str
    audience: str
    jwks: str
    algorithms: Sequence[str] = ("RS256", "ES256")
    _keys: KeySet | None = None
    _lock: Lock = field(default_factory=Lock)

    def subject(self, token: str, now: Callable[[], int] | None = None) -> str:
        """Who a token is of.

        Raises
        ------
        NotKnown
            for a token that is not one, is not signed by the provider, is for somebody else, or holds no more or not yet.
        """
        claims = {"iss": self.issuer, "aud": self.audience}
        wanted: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in claims.items()}
        registry = jwt.JWTClaimsRegistry(
            now=now, leeway=LEEWAY_SECONDS, exp={"essential": True}, sub={"essential": True}, **wanted
        )
        if len(token) > MOST_TOKEN:
            raise NotKnown
        try:
            told = jwt.decode(token, self._read(), algorithms=list(self.algorithms))
            registry.validate(told.claims)
        except (JoseError, ValueError, TypeError):
            raise NotKnown from None
        return str(told.claims["sub"])

    def holder(self, store: Store, token: str) -> Member:
        """The member whose token it is; raises `NotKnown`, also where the provider's subject is no member."""
        subject = self.subject(token)
        with store.read(machine("access")) as transaction:
            found = members.of_subject(transaction, subject)
        if found is None:
            raise NotKnown
        return found

    def _read(self) -> KeySet:
        with self._lock:
            if self._keys is None:
                self._keys = read_jwks(self.jwks)
            return self._keys


def read_jwks(place: str) -> KeySet:
    """The public keys in a file or behind an https URL; raises `BadInput` where there are none."""
    try:
        content = _fetched(place) if "://" in place else Path(place).read_bytes()
        return KeySet.import_key_set(json.loads(content))
    except (OSError, ValueError, KeyError, TypeError, JoseError):
        raise BadInput(
            [Fault("settings", "a file or https URL of a JSON Web Key Set", column="oidc_jwks")]
        ) from None


def _fetched(url: str) -> bytes:
    if not url.startswith("https://"):
        raise ValueError(url)
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
        return bytes(answer.read(MOST_BYTES))
