"""The service's settings: from the environment (``PAIBAN_*``), else the file ``paiban.toml``, else as they come."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from centre.errors import Faults

PREFIX = "PAIBAN_"
FILE = "paiban.toml"
FILE_NAMED_BY = "PAIBAN_CONFIG"
NOT_SETTINGS = {FILE_NAMED_BY, "PAIBAN_TRACE"}
TWO_YEARS = 731
"""Days. **Source:** ArbZG § 16(2), 工资支付暂行规定 art. 6: two years; 29 CFR 516.5 asks for three, which is the default."""
SECRETS = {"master_key", "smtp_password"}


class ServiceSettings(BaseModel):
    """Every setting; its name in the environment is ``PAIBAN_`` and its name here in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(
        Path("paiban-data"), description="folder of the database, the master key and the list of erasures"
    )
    database: str = Field(
        "",
        description="URL of the database, sqlite:///FILE or postgresql://...; empty: a SQLite file in `data`",
    )
    master_key: str = Field(
        "", description="32 bytes in base64 that names are sealed with; empty: the file master.key in `data`"
    )
    wait_seconds: float = Field(
        5.0, gt=0, le=300, description="how long a request waits for the database before it answers 503"
    )
    connections: int = Field(
        10, ge=1, le=1000, description="the most connections to the database a process opens"
    )
    host: str = Field("127.0.0.1", description="address that `paiban serve` listens on")
    port: int = Field(8000, ge=0, le=65535, description="port that `paiban serve` listens on")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="the least grave lines that the log has"
    )
    body_megabytes: int = Field(64, ge=1, le=4096, description="the largest body of a request that is read")
    unpacked_megabytes: int = Field(
        512, ge=1, le=16384, description="the most that a zip or spreadsheet may hold once it is unpacked"
    )
    rows: int = Field(500_000, ge=1, le=50_000_000, description="the most rows of a table that is sent")
    body_seconds: float = Field(
        60.0, gt=0, le=3600, description="how long the body of a request may take to arrive"
    )
    requests_a_minute: int = Field(
        600,
        ge=1,
        le=1_000_000,
        description="requests of one member, or refused ones of one address, a minute",
    )
    session_hours: float = Field(
        12.0, gt=0, le=720, description="how long a session of the page lasts at most"
    )
    keep_sessions_days: int = Field(
        7, ge=0, le=36_500, description="days that sessions of the page are kept after they ended"
    )
    keep_answers_days: int = Field(
        7, ge=1, le=36_500, description="days that answers to requests with an Idempotency-Key are kept"
    )
    keep_notices_days: int = Field(
        30, ge=1, le=36_500, description="days that notices are kept that nobody waits for any more"
    )
    keep_job_events_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="days that progress of jobs that ended is kept, and the queue's entries",
    )
    keep_job_results_days: int = Field(
        365, ge=1, le=36_500, description="days that results and files of jobs that ended are kept"
    )
    keep_drafts_days: int = Field(
        1096,
        ge=TWO_YEARS,
        le=36_500,
        description="days after a rota's last that versions which agents never saw are kept; two years at least, "
        "for laws ask for records of working time",
    )
    keep_requests_days: int = Field(
        1096,
        ge=TWO_YEARS,
        le=36_500,
        description="days after theirs that swaps, leave requests and call-outs are kept; two years at least",
    )
    keep_leave_reasons_days: int = Field(
        730,
        ge=1,
        le=36_500,
        description="days after its end that it is kept why somebody was on leave or protected; the leave itself stays",
    )
    keep_unused_days: int = Field(
        7, ge=1, le=36_500, description="days that contents are kept that nothing names any more"
    )

    oidc_issuer: str = Field("", description="issuer of bearer tokens; empty: none are taken")
    oidc_audience: str = Field("", description="audience that a bearer token must name")
    oidc_jwks: str = Field("", description="file or https URL of the issuer's public keys")
    oidc_algorithms: tuple[str, ...] = Field(("RS256", "ES256"), description="signatures that are taken")

    smtp_host: str = Field("", description="mail server for notices by e-mail; empty: none are sent")
    smtp_port: int = Field(587, ge=1, le=65535, description="port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the connection to the mail server is encrypted"
    )
    smtp_user: str = Field("", description="user at the mail server; empty: no login")
    smtp_password: str = Field("", description="password at the mail server")
    smtp_from: str = Field("", description="address that notices by e-mail come from")
    allow_private_webhooks: bool = Field(
        False, description="notices may go to addresses inside this network, and over plain http"
    )

    jobs_database: str = Field(
        "",
        description="URL of the database of the queue's own tables; empty: jobs.sqlite beside a SQLite `database`, "
        "else the schema paiban_jobs of the same PostgreSQL database",
    )
    jobs_running: int = Field(2, ge=1, le=1000, description="jobs of one member that run at the same time")
    jobs_queued: int = Field(50, ge=1, le=100_000, description="jobs of one member that may wait")
    worker_jobs: int = Field(
        1, ge=1, le=256, description="jobs that one `paiban worker` works at the same time"
    )
    lease_seconds: float = Field(
        8.0,
        ge=1,
        le=600,
        description="how long a worker is thought alive after its last sign of life; then another takes over its jobs",
    )

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.database or f"sqlite:///{self.data.absolute() / 'paiban.sqlite'}"

    @property
    def jobs_database_url(self) -> str:
        """Where the queue's own tables are."""
        if self.jobs_database or not self.database_url.startswith("sqlite"):
            return self.jobs_database or self.database_url
        folder = Path(self.database_url.removeprefix("sqlite:///")).parent
        return f"sqlite:///{folder / 'jobs.sqlite'}"


@dataclass(frozen=True)
class Told:
    """A setting as `paiban doctor` tells it: its value (a secret is hidden) and where it came from."""

    name: str
    value: str
    source: str
    description: str


def read_settings(environment: Mapping[str, str] | None = None) -> tuple[ServiceSettings, list[Told]]:
    """The settings, and where each came from.

    Raises
    ------
    BadInput
        with everything that is wrong, or unknown, in the environment and the file.
    """
    environment = os.environ if environment is None else environment
    faults, path = Faults(), Path(environment.get(FILE_NAMED_BY, FILE))
    told = {
        name: (value, str(path))
        for name, value in _of_file(path, FILE_NAMED_BY in environment, faults).items()
    }
    told |= {name: (value, PREFIX + name.upper()) for name, value in _of_environment(environment, faults)}
    try:
        settings = ServiceSettings(**{name: value for name, (value, _) in told.items()})
    except ValidationError as error:
        for each in error.errors():
            _add(faults, each["loc"], each["msg"], each["input"], told)
    faults.raise_if_any()
    _check_oidc(settings, faults)
    _check_smtp(settings, faults)
    faults.raise_if_any()
    sources = {name: source for name, (_, source) in told.items()}
    return settings, list(_told(settings, sources))


def _of_file(path: Path, named: bool, faults: Faults) -> dict[str, Any]:
    if not path.exists() and not named:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        faults.add(str(path), f"a file that can be read: {getattr(error, 'strerror', 'not UTF-8')}")
    except tomllib.TOMLDecodeError as error:
        faults.add(str(path), f"a TOML file: {error}")
    return {}


def _of_environment(environment: Mapping[str, str], faults: Faults) -> Iterator[tuple[str, Any]]:
    for variable, value in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable in NOT_SETTINGS:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in ServiceSettings.model_fields:
            yield name, tuple(value.replace(",", " ").split()) if name == "oidc_algorithms" else value
        else:
            faults.add(variable, "a setting that `paiban doctor` tells, or no such variable")


def _add(
    faults: Faults,
    place: tuple[int | str, ...],
    message: str,
    found: Any,
    told: Mapping[str, tuple[Any, str]],
) -> None:
    name = str(place[0])
    source = told[name][1] if name in told else name
    unknown = name not in ServiceSettings.model_fields
    expected = "a setting that `paiban doctor` tells" if unknown else message[:1].lower() + message[1:]
    faults.add(source, expected, found="" if unknown or name in SECRETS else found, column=name)


def _check_oidc(settings: ServiceSettings, faults: Faults) -> None:
    from api.access.bearer import ALGORITHMS

    oidc = {name: getattr(settings, name) for name in ("oidc_issuer", "oidc_audience", "oidc_jwks")}
    if any(oidc.values()):
        for name in (name for name, value in oidc.items() if not value):
            faults.add("settings", "a value, since bearer tokens are taken", column=name)
    for name in set(settings.oidc_algorithms) - set(ALGORITHMS):
        faults.add("settings", f"one of {', '.join(ALGORITHMS)}", found=name, column="oidc_algorithms")


def _check_smtp(settings: ServiceSettings, faults: Faults) -> None:
    sender = re.fullmatch(r"[^@\s]+@[^@\s]+", settings.smtp_from)
    if settings.smtp_host and not sender:
        faults.add("settings", "an address, since notices are sent by e-mail", column="smtp_from")
    if settings.smtp_user and not settings.smtp_password:
        faults.add("settings", "a value, since there is an smtp_user", column="smtp_password")
    if settings.smtp_user and settings.smtp_security == "none":
        faults.add("settings", "starttls or tls, since a password is sent", column="smtp_security")


def _without_password(found: re.Match[str]) -> str:
    return f"{found[1]}:***@" if found[1] is not None else f"{found[2]}***"


def _told(settings: ServiceSettings, sources: Mapping[str, str]) -> Iterator[Told]:
    for name, field in ServiceSettings.model_fields.items():
        value = getattr(settings, name)
        shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        if name in SECRETS:
            shown = "(hidden)" if shown else ""
        shown = re.sub(r"(://[^/@:]*):.*@|([?&]password=)[^&]*", _without_password, shown)
        yield Told(name, shown, sources.get(name, "default"), field.description or "")
