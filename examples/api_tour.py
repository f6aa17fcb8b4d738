"""The API from end to end, with the standard library alone: import a centre, plan a week, watch, publish, audit, export.

First `make serve` (or `paiban serve`), which prints a key; then:

    python examples/api_tour.py --key paiban_... [--centre examples/us-bank] [--start 2003-10-20] [--days 7]
"""

import argparse
import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parent / "us-bank"


class Api:
    """The API of one server, asked with one key."""

    def __init__(self, base: str, key: str) -> None:
        self.base, self.key = base.rstrip("/"), key

    def open(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """One request; a problem ends the tour with what it says."""
        address = path if path.startswith("/") else f"/api/v1/{path}"
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(self.base + address, body, told, method=method)
        try:
            return urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {address}: {error.read().decode()}") from None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request in JSON."""
        content = None if body is None else json.dumps(body).encode()
        with self.open(method, path, content, Content_Type="application/json", **headers) as answer:
            return json.load(answer)

    def events(self, path: str) -> Iterator[dict[str, Any]]:
        """Server-sent events; where the stream breaks off, it is asked for again behind the last event."""
        last, ended = "0", False
        while not ended:
            with self.open("GET", path, Last_Event_ID=last) as answer:
                for line in map(bytes.decode, answer):
                    name, _, value = line.rstrip("\n").partition(": ")
                    if name == "id":
                        last = value
                    elif name == "data":
                        told = json.loads(value)
                        ended = told["kind"] in ("done", "failed", "cancelled")
                        yield told


def zipped(folder: Path) -> bytes:
    """A centre folder as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".csv", ".toml", ".json", ".xlsx"):
                archive.write(path, path.name)
    return out.getvalue()


def main() -> None:
    """The tour."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--key", required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--centre", type=Path, default=EXAMPLE)
    parser.add_argument("--start", default="2003-10-20")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--out", type=Path, default=Path("api-tour.zip"))
    args = parser.parse_args()
    api = Api(args.url, args.key)

    with api.open("POST", "centres?note=tour", zipped(args.centre), Content_Type="application/zip") as answer:
        centre = json.load(answer)
    print(f"imported {centre['name']}: {centre['id']}, revision {centre['revision']}")

    wanted = {"start": args.start, "days": args.days, "seconds": args.seconds}
    job = api.ask("POST", f"centres/{centre['id']}/plans", wanted, Idempotency_Key=f"plan-{centre['id']}")
    for event in api.events(f"jobs/{job['id']}/events"):
        print(f"  {event['at']} {event['kind']} {json.dumps(event['data'], ensure_ascii=False)[:120]}")
    job = api.ask("GET", f"jobs/{job['id']}")
    if job["state"] != "done":
        raise SystemExit(f"the plan is {job['state']}: {job['problem']}")

    rota = api.ask("POST", f"jobs/{job['id']}/rota?note=tour")
    found = api.ask("GET", f"rotas/{rota['id']}/violations")
    print(f"draft {rota['id']}: {found['counts']}")
    published = api.ask(
        "POST", f"rotas/{rota['id']}/publish?accept_breaches=true", If_Match=f'"{rota["version"]}"'
    )
    print(f"published version {published['rota']['published_version']}")

    with api.open("GET", f"rotas/{rota['id']}/rows") as answer:
        rows = answer.read()
    with api.open("POST", f"centres/{centre['id']}/audits", rows, Content_Type="text/csv") as answer:
        print(f"the same rota uploaded and audited: {json.load(answer)['counts']}")
    with api.open("GET", f"centres/{centre['id']}/export") as answer:
        args.out.write_bytes(answer.read())
    print(f"exported to {args.out}")


if __name__ == "__main__":
    main()
