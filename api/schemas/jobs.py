"""Jobs: what may be asked of them, how they stand, what they told and made."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from api.schemas.common import PLAIN, Day, Digest, Id, Instant, Strict, Version
from api.store import jobs

State = Literal["queued", "running", "done", "failed", "cancelled"]
Text = Annotated[str, Field(max_length=2000, pattern=PLAIN)]
Days = Annotated[int, Field(ge=1, le=800, examples=[7])]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, examples=[1])]
Effort = Annotated[int, Field(ge=1, le=10_000, examples=[1])]
Workers = Annotated[int, Field(ge=1, le=64, examples=[2])]
Language = Literal["en", "zh"]
MOST_CONTENT = 20_000_000


class FileAsked(Strict):
    """A file that a job works on: one of a job's, the rows of a rota, or a text that you send."""

    job_id: Id | None = None
    name: Annotated[str | None, Field(max_length=200, pattern=PLAIN, examples=["forecast.csv"])] = None
    rota_id: Id | None = None
    version: Annotated[int | None, Field(ge=1, examples=[None], description="none: the newest")] = None
    content: Annotated[str | None, Field(max_length=MOST_CONTENT, examples=[None])] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        told = [self.job_id, self.rota_id, self.content]
        if sum(each is not None for each in told) != 1 or (self.job_id is None) != (self.name is None):
            raise ValueError("give job_id with name, or rota_id, or content")
        if self.version is not None and self.rota_id is None:
            raise ValueError("version belongs to rota_id")
        return self


AFile = Annotated[
    FileAsked, Field(examples=[{"job_id": "0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f", "name": "forecast.csv"}])
]
ARota = Annotated[FileAsked, Field(examples=[{"rota_id": "0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"}])]


class Asked(Strict):
    """What may be asked of a kind of job: its files are named in ``FILES``, everything else is an option of its command."""

    FILES: ClassVar[dict[str, str]] = {}

    def options(self) -> dict[str, Any]:
        """Options of the command by name."""
        told = self.model_dump(mode="json", exclude_none=True, exclude=set(self.FILES))
        return {name.replace("_", "-"): value for name, value in told.items()}

    def files(self) -> dict[str, FileAsked]:
        """Files by the name that the kind of job has for them."""
        told = {option: getattr(self, name) for name, option in self.FILES.items()}
        return {option: each for option, each in told.items() if each is not None}


Teams = Annotated[
    list[Text] | None,
    Field(
        min_length=1,
        max_length=200,
        examples=[None],
        description="these teams alone; everybody else stays as the rota has it. For team leads: theirs",
    ),
]


class ForecastAsked(Asked):
    """A forecast of the days from ``start`` on."""

    start: Day
    days: Days
    seed: Seed | None = None
    lang: Language | None = None


class RequirementAsked(Asked):
    """Agents needed for a forecast."""

    FILES: ClassVar = {"forecast": "forecast"}
    forecast: AFile


class PlanAsked(Asked):
    """Forecast, requirement and rota of the days from ``start`` on."""

    FILES: ClassVar = {"keep": "keep"}
    start: Day
    days: Days
    seconds: Annotated[float | None, Field(gt=0, le=86_400, examples=[60.0])] = None
    effort: Effort | None = None
    seed: Seed | None = None
    workers: Workers | None = None
    lang: Language | None = None
    keep: ARota | None = None
    team: Teams = None


class RotaAsked(PlanAsked):
    """A rota for a requirement."""

    FILES: ClassVar = {"keep": "keep", "requirement": "requirement"}
    requirement: AFile


class ScenarioAsked(Asked):
    """What-ifs beside today's plan; words as `paiban whatif --help` tells them."""

    start: Day
    days: Days
    change: Annotated[list[Text], Field(max_length=50, examples=[["volume=+10%"]])] | None = None
    scenario: Annotated[list[Text], Field(max_length=50, examples=[["hire: hire:full-time=3"]])] | None = None
    level: Literal["staffing", "bound", "rota"] | None = None
    effort: Effort | None = None
    seed: Seed | None = None
    workers: Workers | None = None
    lang: Language | None = None


class SweepAsked(Asked):
    """Many scenarios, told by a sweep file."""

    FILES: ClassVar = {"sweep": ""}
    sweep: Annotated[FileAsked, Field(examples=[{"content": '[[factor]]\nvolume = ["-10%", "+10%"]\n'}])]
    effort: Effort | None = None
    seed: Seed | None = None
    workers: Workers | None = None
    lang: Language | None = None


class AuditAsked(Asked):
    """A large rota judged as a job; small ones are judged at once by ``POST .../audits``."""

    FILES: ClassVar = {"rota": "", "before": "before", "against": "against", "legend": "legend"}
    rota: ARota
    before: AFile | None = None
    against: ARota | None = None
    legend: AFile | None = None
    start: Day | None = None
    days: Days | None = None


class SimulationAsked(Asked):
    """A rota played contact by contact against a forecast."""

    FILES: ClassVar = {"rota": "rota", "forecast": "forecast"}
    rota: ARota
    forecast: AFile
    replications: Annotated[int | None, Field(ge=2, le=10_000, examples=[100])] = None
    seed: Seed | None = None
    workers: Workers | None = None


class BidsAsked(Asked):
    """The lines of a rota given anew by what people bid for; ``performance`` is for that order alone."""

    FILES: ClassVar = {"rota": "rota", "bids": "bids", "performance": "performance"}
    rota: ARota
    bids: Annotated[FileAsked, Field(examples=[{"content": "agent_id,line,rank\nA001,L003,1\n"}])]
    order: Literal["seniority", "performance", "rotation"]
    performance: Annotated[FileAsked | None, Field(examples=[None])] = None


class ReplanAsked(Asked):
    """Today repaired from now on; words as `paiban replan --help` tells them."""

    FILES: ClassVar = {
        "rota": "rota", "forecast": "forecast", "requirement": "requirement", "actuals": "actuals",
    }  # fmt: skip
    rota: ARota
    now: Annotated[str, Field(max_length=40, pattern=PLAIN, examples=["2026-03-02T10:15"])]
    forecast: AFile | None = None
    requirement: AFile | None = None
    actuals: AFile | None = None
    absent: Annotated[list[Text], Field(max_length=500, examples=[["A001"]])] | None = None
    late: Annotated[list[Text], Field(max_length=500, examples=[["A002:2026-03-02T11:00"]])] | None = None
    team: Teams = None


class CloseAsked(Asked):
    """Days that were worked, closed: hours by pay class, ledger and rota before as they are then; ``POST /jobs/{id}/apply`` keeps these."""

    FILES: ClassVar = {"rota": "rota", "worked": "worked"}
    rota: ARota
    worked: Annotated[
        FileAsked | None,
        Field(examples=[None], description="what was really worked; none: the rota, as planned"),
    ] = None
    start: Day | None = None
    days: Days | None = None


class RobustAsked(Asked):
    """A rota that holds against many ways demand may go."""

    start: Day
    days: Days
    ways: Annotated[int | None, Field(ge=2, le=1000, examples=[100])] = None
    measure: Literal["expected", "p90"] | None = None
    change: Annotated[list[Text], Field(max_length=50, examples=[["volume=+10%"]])] | None = None
    seconds: Annotated[float | None, Field(gt=0, le=86_400, examples=[None])] = None
    effort: Effort | None = None
    seed: Seed | None = None
    workers: Workers | None = None


class CapacityAsked(Asked):
    """When to hire how many over the months and years to come, told by a capacity file."""

    FILES: ClassVar = {"plan": "plan"}
    plan: Annotated[FileAsked, Field(examples=[{"content": "[supply]\nusable_share = 0.9\n"}])]
    start: Day
    weeks: Annotated[int | None, Field(ge=1, le=160, examples=[52])] = None
    effort: Effort | None = None
    seconds: Annotated[int | None, Field(ge=1, le=86_400, examples=[None])] = None
    seed: Seed | None = None
    lang: Language | None = None


class BacktestAsked(Asked):
    """How far off every model would have been at earlier dates; ``by`` breaks it down, such as by day of the horizon."""

    origins: Annotated[int | None, Field(ge=1, le=200, examples=[8])] = None
    days: Annotated[int | None, Field(ge=1, le=366, examples=[28])] = None
    by: Literal["weekday", "special", "week_ahead", "horizon_day"] | None = None


class RehearsalAsked(Asked):
    """A peak played beforehand: with its levers, without them, with permanent staff for the same money."""

    start: Day
    days: Days
    replications: Annotated[int | None, Field(ge=1, le=10_000, examples=[200])] = None
    peak_day: Day | None = None
    seconds: Annotated[float | None, Field(gt=0, le=86_400, examples=[None])] = None
    effort: Effort | None = None
    seed: Seed | None = None
    workers: Workers | None = None


class Job(Strict):
    """A job and how it stands; ``progress`` has step, incumbent, bound and gap where the work has them."""

    id: Id
    kind: Annotated[str, Field(examples=["plan"])]
    centre_id: Id
    centre_revision: Version
    member_id: Annotated[str, Field(examples=["0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"])]
    state: State
    attempt: Annotated[int, Field(examples=[1])]
    args: Annotated[dict[str, Any], Field(examples=[{"options": {"start": "2026-03-02", "days": 7}}])]
    progress: Annotated[dict[str, Any] | None, Field(examples=[{"step": "solve", "gap": 0.02}])]
    problem: Annotated[dict[str, Any] | None, Field(examples=[None])]
    result: Annotated[dict[str, Any] | None, Field(examples=[None])]
    created_at: Instant
    started_at: Annotated[Instant | None, Field(examples=[None])]
    ended_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: jobs.Job) -> Self:
        """Of the store's."""
        return cls(**{name: value for name, value in vars(found).items() if name in cls.model_fields})


class JobFile(Strict):
    """A file that a job made."""

    name: Annotated[str, Field(examples=["rota.csv"])]
    digest: Digest


class JobFiles(Strict):
    """The files that a job made."""

    items: list[JobFile]


class JobEvent(Strict):
    """What was told of a job; ``seq`` is the event's id in the stream."""

    seq: Annotated[int, Field(examples=[3])]
    at: Instant
    kind: Annotated[str, Field(examples=["progress"])]
    data: Annotated[dict[str, Any], Field(examples=[{"step": "solve", "gap": 0.02}])]

    @classmethod
    def of(cls, found: jobs.Event) -> Self:
        """Of the store's."""
        return cls(**{name: value for name, value in vars(found).items() if name in cls.model_fields})
