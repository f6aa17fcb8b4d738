"""What a browser sends of a form, and what is asked with it."""

from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from centre.errors import BadInput, Fault

Wanted = TypeVar("Wanted", bound=BaseModel)


@dataclass(frozen=True)
class Form:
    """What a form holds: its fields, and files by field as name and content."""

    fields: dict[str, str]
    files: dict[str, tuple[str, bytes]]


def form_of(content_type: str, body: bytes) -> Form:
    """A form as a browser sends it, with or without files.

    Examples
    --------
    >>> form_of("application/x-www-form-urlencoded", b"team=%E7%94%B2&skill=").fields
    {'team': '甲', 'skill': ''}
    """
    if not content_type.startswith("multipart/form-data"):
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        return Form(dict(pairs), {})
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    fields, files = dict[str, str](), dict[str, tuple[str, bytes]]()
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is None:
            fields[name] = content.decode(errors="replace")
        else:
            files[name] = str(part.get_filename()), content
    return Form(fields, files)


def read(schema: type[Wanted], told: dict[str, Any]) -> Wanted:
    """What fields ask for: a text is a number or a day where that is meant, a blank is not told. Raises `BadInput` with every fault.

    Examples
    --------
    >>> from api.schemas.jobs import ForecastAsked
    >>> read(ForecastAsked, {"start": "2026-03-02", "days": "7", "seed": ""}).options()
    {'start': '2026-03-02', 'days': 7}
    """
    try:
        return schema.model_validate(
            {name: value for name, value in told.items() if value != ""}, strict=False
        )
    except ValidationError as error:
        faults = [
            Fault("/".join(map(str, each["loc"])), each["msg"], str(each["input"])[:20])
            for each in error.errors()
        ]
        raise BadInput(faults) from None


def whole(
    fields: dict[str, str], name: str, least: int, most: int, faults: list[Fault], blank: int | None = None
) -> int | None:
    """The whole number of a field, ``blank`` where it says nothing; None, and a fault, where it is no such number.

    Examples
    --------
    >>> faults = []
    >>> [whole({"draws": text}, "draws", 0, 100, faults, blank=0) for text in ("20", "", "many")], len(faults)
    ([20, 0, None], 1)
    """
    text = fields.get(name, "").strip()
    if not text:
        return blank
    try:
        number = int(text)
    except ValueError:
        number = most + 1
    if least <= number <= most:
        return number
    faults.append(Fault(name, f"a whole number from {least} to {most}", text[:20]))
    return None
