"""Jobs of team leads: the days of their people are planned or repaired beside everybody else's, and of these alone they are told."""

from dataclasses import dataclass
from typing import Any

from api.access.errors import Forbidden
from api.access.scope import machine
from api.asking import Asking
from api.judging import centre_of
from api.routes.judged import everything
from api.schemas.jobs import Asked, PlanAsked, ReplanAsked
from api.store import people, rotas
from api.store.csv_rows import CsvRows
from api.store.errors import NotFound

KINDS = ("plan", "rota", "replan")
"""Kinds of job that team leads may ask for."""
BY_PERSON, BY_QUEUE = (
    ("rota.csv", "violations.csv"),
    ("forecast.csv", "requirement.csv", "curves.csv", "coverage.csv"),
)
FIGURES = (
    "command", "start", "days", "status", "seed", "gap", "reproducible", "now", "until", "alternative", "new_breaches", "exit_code",
)  # fmt: skip
"""What of a job's result tells of nobody."""
WHOLE = "a plan beside everybody else's goes out from a rota that is kept: name it by rota_id"


@dataclass(frozen=True)
class Theirs:
    """Whom and which queues of a centre a job's reader may be told of."""

    agents: frozenset[str]
    queues: frozenset[str]

    def table(self, name: str, content: bytes) -> bytes:
        """A table of a job's; raises `Forbidden` for files that tell of everybody."""
        if name in BY_PERSON:
            return CsvRows.of(content).where("agent_id", {*self.agents, ""}.__contains__).bytes()
        if name in BY_QUEUE:
            return CsvRows.of(content).where("queue", self.queues.__contains__).bytes()
        raise Forbidden(f"this file tells of everybody; {', '.join((*BY_PERSON, *BY_QUEUE))} are for you")

    def result(self, told: dict[str, Any] | None) -> dict[str, Any] | None:
        """What a job told at its end."""
        return None if told is None else {name: told[name] for name in FIGURES if name in told}

    def problem(self, told: dict[str, Any] | None) -> dict[str, Any] | None:
        """What went wrong, without what was found, which may be others'."""
        if told is None:
            return None
        return told | {"faults": [fault | {"found": ""} for fault in told["faults"]]}


def theirs(asking: Asking, centre_id: str) -> Theirs | None:
    """What a team lead may be told of a centre's jobs; None for those who may be told all, leads of every team among them."""
    if asking.member.scope.teams is None:
        return None
    with asking.read() as transaction:
        agents = people.visible(transaction, centre_id) or set()
    known = centre_of(everything(asking, centre_id)[1]).agents
    if {each.agent_id for each in known} <= agents:
        return None
    queues = {queue for each in known if each.agent_id in agents for queue, _ in each.skills}
    return Theirs(frozenset(agents), frozenset(queues))


def beside_others(asking: Asking, centre_id: str, kind: str, wanted: Asked) -> tuple[Asked, dict[str, bytes]]:
    """What a team lead's job is asked, with the teams that it is for, and whole rotas by the option that names them.

    Where a plan names no rota to keep, it is the newest of the same days; where there is none either, everybody is planned.

    Raises
    ------
    Forbidden
        for kinds of job that are of everybody, teams of others, and rotas that are not named by ``rota_id``.
    NotFound
        for people and rotas that do not exist for whoever asks.
    """
    scope = asking.member.scope
    if scope.agent_id is not None or kind not in KINDS:
        raise Forbidden(
            "a job of this kind works on everybody of the centre, not on some teams: ask a planner"
        )
    mine = theirs(asking, centre_id)
    if mine is None:
        return wanted, {}
    assert isinstance(wanted, PlanAsked | ReplanAsked)
    known = centre_of(everything(asking, centre_id)[1]).agents
    own = sorted({each.team for each in known if each.agent_id in mine.agents})
    if not own or not {*(wanted.team or own)} <= {*own}:
        raise Forbidden("these are not your teams" if own else "nobody is in your teams")
    option = "rota" if isinstance(wanted, ReplanAsked) else "keep"
    named = wanted.rota if isinstance(wanted, ReplanAsked) else wanted.keep
    if named is not None and named.rota_id is None:
        raise Forbidden(WHOLE)
    if isinstance(wanted, ReplanAsked):
        _only(mine, [*(wanted.absent or ()), *(wanted.late or ())])
    found = _same_days(asking, centre_id, wanted) if named is None else (named.rota_id, named.version)
    if found is None:
        return wanted, {}
    return wanted.model_copy(update={"team": wanted.team or own}), {option: _whole(asking, centre_id, *found)}


def _only(mine: Theirs, told: list[str]) -> None:
    if not {each.partition(":")[0] for each in told} <= mine.agents:
        raise NotFound("person")


def _same_days(asking: Asking, centre_id: str, wanted: Any) -> tuple[str, int | None] | None:
    """The newest rota of the days of a plan."""
    after, last = "", None
    with asking.read() as transaction:
        while found := rotas.find(transaction, centre_id, after=after):
            after = found[-1].id
            for each in found:
                if (each.start, each.days) == (wanted.start, wanted.days):
                    last = each
    return None if last is None else (last.id, None)


def _whole(asking: Asking, centre_id: str, rota_id: str | None, version: int | None) -> bytes:
    """Everybody's rows of a rota that exists for whoever asks: for a job, of which they are told their people's alone."""
    with asking.read() as transaction:
        found = rotas.get(transaction, str(rota_id))
    if found.centre_id != centre_id:
        raise NotFound("rota")
    with asking.service.store.read(machine("jobs")) as transaction:
        return rotas.content(transaction, found.id, version or found.version)
