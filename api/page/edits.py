"""Edits of the board, answered at once: rules broken and mended, service and cost; undo; publishing with who is affected."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from api.access import sessions
from api.asking import Asking, Expected
from api.judging import Files, centre_of
from api.page.judged_rota import Told, tell
from api.page.screen import Screen, Visit, Visited, rule_title, see
from api.routes.judged import everything, own_findings, whole_rows
from api.routes.rota_rows import edited
from api.schemas.rotas import RotaEdit
from api.store import blobs, centres, people, publishing, rotas
from api.store.engine import Transaction
from api.stretches import Days, days_of, follow
from centre.errors import BadInput, Fault
from scenarios.audit_page_findings import amount, window
from scenarios.audit_page_rules import law, rule_name, rule_words
from scenarios.audit_page_words import words
from scenarios.report_data import Language
from scenarios.report_words import Format
from scheduler.rules.rule import Violation

router = APIRouter(route_class=Screen, include_in_schema=False)
MOST_TOLD, A_DAY = 100, 1440


@dataclass(frozen=True)
class Known:
    """A version of a rota: what exists of it for whoever asks, and what is known of all of it.

    Parameters
    ----------
    agents, queues : the people who exist for whoever asks, and the queues that these can work; None for all
    """

    rota: rotas.Rota
    days: Days
    told: Told
    findings: list[Violation]
    undoable: bool
    agents: Set[str] | None
    queues: Set[str] | None

    @property
    def staffing(self) -> dict[str, list[tuple[int, float, float]]]:
        """Staffing of the queues that whoever asks may know."""
        return {queue: told for queue, told in self.told.staffing.items() if self._is_theirs(queue)}

    def figures(self, costs: bool) -> dict[str, Any]:
        """The figures that an edit changes: service and shortage of those queues, hours and perhaps wages of those people."""
        told = self.told
        contacts = {queue: counts for queue, counts in told.contacts.items() if self._is_theirs(queue)}
        offered, late = (sum(counts[k] for counts in contacts.values()) for k in (0, 1))
        paid = [each for name, each in told.paid.items() if self.agents is None or name in self.agents]
        return {
            "service": round(1 - late / offered, 4) if offered > 0 else None,
            "short_hours": round(sum(hours for queue, hours in told.short_hours.items() if self._is_theirs(queue)), 2),
            "cost": round(sum(cost for _, cost in paid), 2) if costs else None,
            "paid_hours": round(sum(hours for hours, _ in paid), 2),
        }  # fmt: skip

    def _is_theirs(self, queue: str) -> bool:
        return self.queues is None or queue in self.queues


@router.get("/session")
def session(visit: Visited) -> Response:
    """The token that a page loaded before a new sign-in needs to go on."""
    return JSONResponse({"csrf": sessions.csrf_token(visit.token)}, headers={"cache-control": "no-store"})


@router.get("/rotas/{rota_id}/state")
def state(visit: Visited, rota_id: str) -> Response:
    """A rota as it is now: for a page whose version is no longer the newest."""
    asking = visit.asking("rota.change")
    now = known(asking, rota_id)
    return JSONResponse(answer(visit, asking, None, now) | {"days": rows_of(now.days)})


@router.post("/rotas/{rota_id}/edits")
async def edit(visit: Visited, rota_id: str, expected: Expected) -> Response:
    """Change days of people as a new version."""
    from starlette.concurrency import run_in_threadpool

    body = await visit.request.body()
    return await run_in_threadpool(_edit, visit, rota_id, expected, body)


@router.post("/rotas/{rota_id}/undo")
def undo(visit: Visited, rota_id: str, expected: Expected) -> Response:
    """Take the last edit back, as a new version."""
    asking = visit.asking("rota.publish")
    with asking.read() as transaction:
        rotas.get_at(transaction, rota_id, expected)
    before = known(asking, rota_id)
    with asking.write() as transaction:
        rotas.undo(transaction, rota_id, expected)
    return JSONResponse(answer(visit, asking, before, known(asking, rota_id)))


@router.get("/rotas/{rota_id}/publish")
def show_publish(visit: Visited, rota_id: str) -> Response:
    """What publishing would change, and for whom."""
    asking = visit.asking("rota.publish")
    now = known(asking, rota_id)
    names = names_of(asking, now.rota.centre_id)
    with asking.read() as transaction:
        public = now.rota.published_version
        earlier = {} if public is None else days_of(rotas.content(transaction, rota_id, public))
    affected = Counter(
        agent_id
        for agent_id, day in {*earlier, *now.days}
        if earlier.get((agent_id, day)) != now.days.get((agent_id, day))
    )
    shown = [(agent_id, names.get(agent_id, ""), count) for agent_id, count in sorted(affected.items())]
    told = findings_told(visit, names, now.findings, now.told.zone)
    return visit.show(
        "publish.html.jinja", rota=now.rota, affected=shown, first=public is None,
        breaches=[each for each in told if each["verdict"] == "breach"],
        broken=sum(each.verdict == "breach" for each in now.findings),
    )  # fmt: skip


@router.post("/rotas/{rota_id}/publish")
def publish(visit: Visited, rota_id: str) -> Response:
    """Make the version that was looked at the one that agents see."""
    asking = visit.asking("rota.publish")
    number = visit.form.fields.get("version", "")
    if not number.isdecimal():
        raise BadInput([Fault("version", "the version that was looked at", number[:20])])
    now = known(asking, rota_id)
    broken = sum(each.verdict == "breach" for each in now.findings)
    if broken and visit.form.fields.get("accept") != "yes":
        raise BadInput([Fault("accept", "breaches accepted, or mended first", f"{broken} breaches")])
    with asking.write() as transaction:
        publishing.publish(transaction, rota_id, int(number))
    return see(f"/rotas/{rota_id}?published=1")


def known(asking: Asking, rota_id: str) -> Known:
    """The newest version of a rota."""
    found, whole = whole_rows(asking, rota_id, None, None)
    with asking.read() as transaction:
        newest = rotas.versions(transaction, rota_id, limit=1)[0]
        own = rotas.content(transaction, rota_id, newest.version)
        needed = requirement(asking, transaction, newest)
    _, files = everything(asking, found.centre_id)
    told = tell(files, whole, needed, found.start, found.days)
    findings = own_findings(asking, found.centre_id, told.judged.findings)
    with asking.read() as transaction:
        agents = people.visible(transaction, found.centre_id)
    queues = None if agents is None else _queues_of(files, agents)
    return Known(found, days_of(own), told, findings, newest.shows > 1, agents, queues)


def _queues_of(files: Files, agents: Set[str]) -> set[str]:
    return {queue for each in centre_of(files).agents if each.agent_id in agents for queue, _ in each.skills}


def requirement(asking: Asking, transaction: Transaction, version: rotas.Version) -> bytes | None:
    """What a rota was made for, for those who may see demand."""
    if version.requirement_digest is None or not asking.may("demand.read"):
        return None
    return blobs.get(transaction, version.requirement_digest)


def answer(visit: Visit, asking: Asking, before: Known | None, now: Known) -> dict[str, Any]:
    """What the board is told after a change: the days that changed, findings new and gone, figures before and after."""
    was = now if before is None else before
    changed = {key for key in {*was.days, *now.days} if was.days.get(key) != now.days.get(key)}
    new, gone = _differing(now.findings, was.findings), _differing(was.findings, now.findings)
    zone, costs = now.told.zone, asking.may("demand.read")
    names = names_of(asking, now.rota.centre_id)
    return {
        "version": now.rota.version, "published": now.rota.published_version, "undoable": now.undoable,
        "days": rows_of({key: now.days.get(key, []) for key in changed}),
        "counts": Counter(each.verdict for each in now.findings),
        "breaches": findings_told(visit, names, [f for f in now.findings if f.verdict == "breach"], zone),
        "added": findings_told(visit, names, new, zone),
        "mended": findings_told(visit, names, gone, zone),
        "figures": now.figures(costs), "figures_before": was.figures(costs), "staffing": now.staffing,
    }  # fmt: skip


def rows_of(days: Days) -> dict[str, list[list[Any]]]:
    """Days as the board's script has them: by person and day, each stretch as start, end, activity, shift, paid."""
    return {f"{agent_id}/{day}": [[*each] for each in told] for (agent_id, day), told in sorted(days.items())}


def names_of(asking: Asking, centre_id: str) -> dict[str, str]:
    """The names of people who exist for whoever asks."""
    with asking.read() as transaction:
        return {each.agent_id: each.name for each in people.find(transaction, centre_id)}


def findings_told(
    visit: Visit, names: Mapping[str, str], findings: Iterable[Violation], zone: ZoneInfo
) -> list[dict[str, str]]:
    """Breaches and near misses in the visitor's language: which rule, whom, when, how much, which law."""
    judged = [each for each in findings if each.verdict in ("breach", "near")][:MOST_TOLD]
    language: Language = "zh" if visit.language == "zh" else "en"
    form, w = Format(language, zone, ""), words(language)
    return [
        {
            "rule": rule_title(rule_name(each.rule, language)), "asks": rule_words(each.rule, "", language),
            "law": law(each.source, language), "agent_id": each.agent_id, "name": names.get(each.agent_id, ""),
            "when": " ".join(window(form, each.start, each.end)), "verdict": each.verdict,
            "found": amount(each.found, each.unit, form, w), "limit": amount(each.limit, each.unit, form, w),
            "short": amount(each.short, each.unit, form, w), "words": each.explanation,
        }
        for each in judged
    ]  # fmt: skip


def _differing(some: Iterable[Violation], others: Iterable[Violation]) -> list[Violation]:
    """Breaches among some that are not among others: one that only moved with its shift, or is smaller now, is among them."""
    left = [each for each in others if each.verdict == "breach"]
    told = []
    for each in some:
        if each.verdict != "breach":
            continue
        same = next((known for known in left if _is_same(each, known)), None)
        if same is None:
            told.append(each)
        else:
            left.remove(same)
    return told


def _is_same(found: Violation, known: Violation) -> bool:
    alike = (found.agent_id, found.rule, found.source) == (known.agent_id, known.rule, known.source)
    near = found.start is None or known.start is None or abs(found.start - known.start) < A_DAY
    return alike and near and (found.short or 0) <= (known.short or 0)


def _edit(visit: Visit, rota_id: str, expected: int, body: bytes) -> Response:
    asking = visit.asking("rota.change")
    try:
        wanted = RotaEdit.model_validate_json(body)
    except ValidationError as error:
        faults = [Fault("/".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        raise BadInput(faults) from None
    with asking.read() as transaction:
        found = rotas.get_at(transaction, rota_id, expected)
        _check_days(found, (each.day for each in wanted.days))
        kept = rotas.content(transaction, rota_id, expected)
    rows = edited(kept, wanted)
    follow(kept, wanted, rows)
    before = known(asking, rota_id)
    with asking.write() as transaction:
        revision = centres.get(transaction, found.centre_id).revision
        rotas.edit(transaction, rota_id, expected, rows, centre_revision=revision, note=wanted.note)
    return JSONResponse(answer(visit, asking, before, known(asking, rota_id)))


def _check_days(found: rotas.Rota, days: Iterable[date]) -> None:
    wrong = [day for day in days if not 0 <= (day - found.start).days < found.days]
    if wrong:
        raise BadInput([Fault("days", "days of the rota", str(day)) for day in wrong])
