"""Sealing: what is personal is encrypted by a key of that person, and that key by the service's master key.

The master key is never in the database, so that neither its files nor its backups tell a name; without a person's key, theirs is gone.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.store.errors import Tampered
from centre.errors import BadInput, Fault

KEY_BYTES = 32
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Vault:
    """Seals and opens with the master key, 32 bytes."""

    master_key: bytes = field(repr=False)

    def new_secret(self, place: str) -> bytes:
        """A new key, sealed; ``place`` says whose it is, and it opens nowhere else."""
        return _seal(self.master_key, secrets.token_bytes(KEY_BYTES), place)

    def seal(self, text: str, secret: bytes, place: str) -> bytes:
        """``text`` encrypted by a sealed key."""
        return _seal(_open(self.master_key, secret, place), text.encode(), place)

    def open(self, sealed: bytes, secret: bytes, place: str) -> str:
        """The text that `seal` was given; `Tampered` where it is not what was sealed there."""
        return _open(_open(self.master_key, secret, place), sealed, place).decode()

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        """``content`` encrypted by the master key itself."""
        return _seal(self.master_key, content, place)

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The content that `seal_bytes` was given."""
        return _open(self.master_key, sealed, place)


def read_master_key(text: str, file: Path) -> bytes:
    """The master key: ``text`` where there is any, else the file's, made with a new key (mode 0600) where it is missing.

    Raises
    ------
    BadInput
        where the key is not 32 bytes in base64.
    """
    if text:
        return _decoded(text, "PAIBAN_MASTER_KEY")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _decoded(file.read_text().strip(), str(file))
    key = secrets.token_bytes(KEY_BYTES)
    with os.fdopen(handle, "wb") as stream:
        stream.write(base64.b64encode(key) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    return key


def _decoded(text: str, told: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadInput([Fault(told, f"a master key: {KEY_BYTES} bytes in base64", column="master_key")])
    return key


def _seal(key: bytes, content: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _open(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise Tampered(
            "something sealed does not open: it was changed, or the master key is not the one it was sealed with"
        ) from None
