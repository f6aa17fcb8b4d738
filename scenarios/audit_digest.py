"""A digest of an audit: what was judged, by which rules and what was found, so that both can be checked later.

audit.json without its digest -> SHA-256 of each part -> SHA-256 of those = the digest

The canonical form of a part is its JSON in UTF-8 with keys sorted and without spaces. Nothing in it tells a
time or a place, so the same input gives the same digest. A digest alone only shows that files belong together;
who could change a finding could work it out anew. A signature (HMAC-SHA256) needs a key that only HR keeps.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHOD = "SHA-256 of the SHA-256 of each part in canonical JSON"
SIGNING = "HMAC-SHA256 of digest, signed_at and the SHA-256 of each file"
NOT_DIGESTED = ("digest", "signature", "files")
SHORTEST_KEY_BYTES = 16


def canonical(value: object) -> bytes:
    """The canonical form of plain data: equal data have equal bytes.

    Examples
    --------
    >>> canonical({"b": [1, 2.5], "a": "班"}) == canonical({"a": "班", "b": (1, 2.5)})
    True
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def sha256_of(value: object) -> str:
    """SHA-256 of plain data in canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """The digest of an audit's data: ``method``, ``parts`` (SHA-256 by name) and ``value``.

    Parameters
    ----------
    told : what audit.json holds; digest, signature and checksums of files in it are left out
    """
    parts = {name: sha256_of(part) for name, part in told.items() if name not in NOT_DIGESTED}
    return {"method": METHOD, "parts": parts, "value": sha256_of(parts)}


def finding_id(cells: Sequence[str]) -> str:
    """A short name for a finding that stays the same from audit to audit: 12 digits of the SHA-256 of ``cells``."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8")).hexdigest()[:12]


def signature_of(digest: str, files: Mapping[str, str], key: bytes, signed_at: str) -> dict[str, str]:
    """The signature of a digest and of the files beside it, with the time at which it was made."""
    value = hmac.new(key, canonical([digest, signed_at, dict(files)]), hashlib.sha256).hexdigest()
    return {"method": SIGNING, "signed_at": signed_at, "value": value}


@dataclass(frozen=True, slots=True)
class Check:
    """What checking a report came to: sentences on what is as it was, and on what is not."""

    kept: tuple[str, ...]
    changed: tuple[str, ...]


def checked(
    told: Mapping[str, Any], table: Sequence[Sequence[str]], files: Mapping[str, str], key: bytes | None
) -> Check:
    """A report as it is now against what it says of itself.

    Parameters
    ----------
    told : audit.json
    table : the cells of violations.csv, header first
    files : SHA-256 of the other files of the report by name
    key : the key that it should be signed by; None where no signature is asked for
    """
    kept: list[str] = []
    changed = [*_parts_changed(told), *_findings_changed(told, table), *_files_changed(told, files)]
    if not changed:
        kept.append(f"The digest is that of the report: {_text(told, 'digest', 'value')}.")
    signed = _signature_changed(told, key)
    if key is not None and signed is None:
        kept.append(f"Signed with this key at {_text(told, 'signature', 'signed_at')}.")
    elif key is None and isinstance(told.get("signature"), dict):
        kept.append("The report is signed; give --sign-key to check by whom.")
    return Check(tuple(kept), (*changed, *([signed] if signed else [])))


def _parts_changed(told: Mapping[str, Any]) -> list[str]:
    """Parts of audit.json that are not what its digest was made of."""
    was = told.get("digest")
    if not isinstance(was, dict) or not isinstance(was.get("parts"), dict):
        return ["audit.json: it holds no digest."]
    now = digest_of(told)
    names = sorted({*now["parts"], *was["parts"]})
    changed = [name for name in names if now["parts"].get(name) != was["parts"].get(name)]
    sentences = [f"audit.json: {name} changed since the audit." for name in changed]
    if not changed and now["value"] != was.get("value"):
        sentences.append("audit.json: the digest is not that of its parts.")
    return sentences


def _findings_changed(told: Mapping[str, Any], table: Sequence[Sequence[str]]) -> list[str]:
    """Rows of violations.csv that audit.json does not hold so, and the reverse."""
    findings = told.get("findings")
    columns = told.get("columns")
    if not isinstance(findings, list) or not isinstance(columns, list):
        return ["audit.json: it holds no findings."]
    if not table or list(table[0]) != columns:
        return ["violations.csv: its columns are not those of the audit."]
    now = {row[-1]: list(row) for row in table[1:] if row}
    was = {row[-1]: row for row in findings if isinstance(row, list) and row}
    sentences = [f"violations.csv: finding {name} is missing." for name in was if name not in now]
    sentences += [f"violations.csv: finding {name} was not in the audit." for name in now if name not in was]
    sentences += [
        f"violations.csv: finding {name} has another {columns[k]}."
        for name, row in now.items()
        if name in was
        for k in range(min(len(columns), len(row)))
        if row[k] != was[name][k]
    ]
    if not sentences and [list(row) for row in table[1:]] != findings:
        sentences.append("violations.csv: its rows are in another order or doubled.")
    return sentences


def _files_changed(told: Mapping[str, Any], files: Mapping[str, str]) -> list[str]:
    """Files of the report that are missing or not as they were written."""
    was = told.get("files")
    if not isinstance(was, dict):
        return ["audit.json: it does not say which files were written."]
    missing = [f"{name}: it is missing." for name in sorted(was) if name not in files]
    return missing + [
        f"{name}: it is not as it was written." for name in sorted(was) if files.get(name, was[name]) != was[name]
    ]  # fmt: skip


def _signature_changed(told: Mapping[str, Any], key: bytes | None) -> str | None:
    """What is wrong with the signature; None where it is right or not asked for."""
    if key is None:
        return None
    was = told.get("signature")
    if not isinstance(was, dict):
        return "signature: the report is not signed."
    files = told.get("files")
    again = signature_of(
        _text(told, "digest", "value"),
        files if isinstance(files, dict) else {},
        key,
        str(was.get("signed_at")),
    )
    if not hmac.compare_digest(again["value"].encode(), str(was.get("value")).encode()):
        return "signature: it was made with another key, or the report was changed after it was signed."
    return None


def _text(told: Mapping[str, Any], *names: str) -> str:
    value: Any = told
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return str(value)
