"""Rest and hours: what breaks or nearly breaks a rule, by rule, team and week, of a rota that is kept or of any file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from fastapi import APIRouter, Response

from api.asking import Asking
from api.judging import Judged, judge_file
from api.page.edits import known
from api.page.screen import Screen, Visit, Visited
from api.routes.judged import everything, only_theirs, own_findings
from api.store import centres, people, rotas
from api.uploads import Limits, checked
from centre.errors import BadInput, Fault
from scenarios.audit_groups import tables_of
from scenarios.audit_page_views import views
from scenarios.audit_page_words import words
from scenarios.audit_report import AuditData, findings_of, rules_of
from scenarios.report_data import Language
from scenarios.report_words import Format
from scheduler.evidence import evidence
from scheduler.near import near_misses
from scheduler.rota import Flags
from scheduler.rules.presets.about import DISCLAIMER, DISCLAIMER_ZH

router = APIRouter(route_class=Screen, include_in_schema=False)
NEAR_MINUTES = 30


@router.get("/centres/{centre_id}/rest")
def show_rest(visit: Visited, centre_id: str, rota: str = "") -> Response:
    """The dashboard of a rota of the centre: of the newest, or of the one chosen."""
    asking = visit.asking("rota.audit")
    with asking.read() as transaction:
        found = rotas.find(transaction, centre_id, limit=500)[::-1]
    chosen = next((each for each in found if each.id == rota), found[0] if found else None)
    judged = None if chosen is None else known(asking, chosen.id).told.judged
    return _shown(visit, asking, centre_id, judged, found=found, chosen=chosen)


@router.post("/centres/{centre_id}/rest")
def audit_file(visit: Visited, centre_id: str) -> Response:
    """The audit of any rota file by the centre's rules and people; nothing of it is kept."""
    asking = visit.asking("rota.audit")
    name, content = visit.form.files.get("file", ("", b""))
    suffix = Path(name).suffix.lower()
    if suffix not in (".csv", ".xlsx") or not content:
        raise BadInput([Fault("file", "a file .csv or .xlsx that is not empty", name[:60])])
    content = checked(f"rota{suffix}", content, Limits.of(asking.service.settings))
    _, files = everything(asking, centre_id)
    judged = judge_file(files, f"rota{suffix}", content)
    only_theirs(asking, centre_id, judged.rota.agent_ids)
    return _shown(visit, asking, centre_id, judged, name=name)


def audit_data(asking: Asking, centre_id: str, judged: Judged, language: Language) -> AuditData:
    """What of an audit is told to whoever asks, near misses among it."""
    rota, facts = judged.rota, judged.facts
    findings = [*judged.findings, *near_misses(rota, judged.rules, facts, NEAR_MINUTES)]
    findings = own_findings(asking, centre_id, findings)
    with asking.read() as transaction:
        agents = people.visible(transaction, centre_id)
    if agents is not None:
        rota = rota.narrowed(_of_people(judged, agents))
        facts = replace(
            facts, people={name: each for name, each in (facts.people or {}).items() if name in agents}
        )
    told = evidence(findings, rota, facts)
    zones = {
        name: each.zone
        for name, each in (facts.people or {}).items()
        if each.zone and each.zone != facts.zone
    }
    duties = rota.duties
    return AuditData(
        zone=facts.zone, first_day=facts.first_day, days=facts.days, rows=len(rota), shifts=len(duties),
        people=len(set(duties.agent.tolist())), rules=rules_of(judged.rules),
        findings=findings_of(told, {}, facts.zone, zones, language),
        tables=tables_of(told, rota, facts, [(rule.name, rule.source) for rule in judged.rules]),
        inputs=(), versions={}, week_start=facts.week_start, near_minutes=NEAR_MINUTES, zones=zones,
        disclaimer=DISCLAIMER_ZH if language == "zh" else DISCLAIMER, language=language,
    )  # fmt: skip


def _of_people(judged: Judged, agents: set[str]) -> Flags:
    known_ = np.array([name in agents for name in judged.rota.agent_ids], dtype=bool)
    return known_[judged.rota.agent]


def _shown(
    visit: Visit, asking: Asking, centre_id: str, judged: Judged | None, *,
    found: Sequence[rotas.Rota] = (), chosen: rotas.Rota | None = None, name: str = "",
) -> Response:  # fmt: skip
    language: Language = "zh" if visit.language == "zh" else "en"
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
        names = {each.agent_id: each.name for each in people.find(transaction, centre_id)}
    data = None if judged is None else audit_data(asking, centre_id, judged, language)
    w = words(language)
    return visit.show(
        "rest.html.jinja", centre=centre, rotas=found, chosen=chosen, file=name, data=data, a=w, names=names,
        shown=None if data is None else views(data, Format(language, data.zone, ""), w),
    )  # fmt: skip
