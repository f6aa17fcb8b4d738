"""Audits: any rota judged at once, by a centre or by presets; nothing is kept."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query

from api.any_rota import any_rota
from api.asking import ROOT, Asked, Door, Raw, does
from api.documentation import body_of
from api.downloads import SPREADSHEET
from api.judging import judge_file
from api.routes.centres import ContentType
from api.routes.judged import everything, only_theirs, own_findings
from api.routes.rotas import Most
from api.schemas.common import DayAsked, IdInPath
from api.schemas.rotas import Audited, AuditedRota
from api.uploads import CSV, Limits, checked, table_name
from centre.errors import BadInput, Fault
from centre.instants import day_number, day_of
from centre.model import RuleSettings
from scheduler.audit import audit, inferred_facts
from scheduler.rules.presets import PRESETS, rules_in_force

router = APIRouter(prefix=ROOT, tags=["audits"], route_class=Door)
SHEETS = body_of(CSV, SPREADSHEET)
PRESET_NAMES = Annotated[
    str,
    Query(max_length=500, examples=["cn-labour,eu-wtd"], description="names of presets, separated by commas"),
]


@router.post("/centres/{centre_id}/audits", response_model=AuditedRota, **does("rota.audit", **SHEETS))
def audit_by_centre(
    asking: Asked, centre_id: IdInPath, body: Raw, content_type: ContentType = "",
    start: Annotated[DayAsked | None, Query(description="first day to judge; none: of the file")] = None,
    days: Annotated[int | None, Query(ge=1, le=800)] = None, violations: Most = 1000,
) -> AuditedRota:  # fmt: skip
    """Judge a rota that you send by the rules, people and shifts of a centre: rows of stretches, or a sheet of people by days."""
    name = table_name("rota", content_type)
    content = checked(name, body, Limits.of(asking.service.settings))
    _, files = everything(asking, centre_id)
    judged = judge_file(files, name, content, None if start is None else day_number(start), days)
    only_theirs(asking, centre_id, judged.rota.agent_ids)
    findings = own_findings(asking, centre_id, judged.findings)
    first = day_of(judged.first_day)
    told = Audited.of(findings, violations)
    return AuditedRota(**dict(told), start=first, days=judged.days, rows=len(judged.rota))


@router.post("/audits", response_model=AuditedRota, **does("rota.audit", **SHEETS))
def audit_by_presets(
    asking: Asked, body: Raw, presets: PRESET_NAMES, content_type: ContentType = "",
    timezone: Annotated[str, Query(max_length=100, examples=["Asia/Shanghai"])] = "UTC", violations: Most = 1000,
) -> AuditedRota:  # fmt: skip
    """Judge a rota that you send by presets alone; what they need to know of people beyond it is told as not checked."""
    name = table_name("rota", content_type)
    content = checked(name, body, Limits.of(asking.service.settings))
    names, zone = _presets(presets), _zone(timezone)
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / name
        path.write_bytes(content)
        read = any_rota(path, None, zone)
    facts = replace(inferred_facts(read.rota), zone=zone)
    rules = rules_in_force(RuleSettings(presets=names), with_centre=False)
    findings = [*audit(read.rota, rules, facts), *read.notes]
    told = Audited.of(findings, violations)
    return AuditedRota(**dict(told), start=day_of(facts.first_day), days=facts.days, rows=len(read.rota))


def _presets(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    wrong = [name for name in names if name not in PRESETS]
    if wrong or not names:
        known = f"presets: {', '.join(sorted(PRESETS))}"
        raise BadInput([Fault("presets", known, name[:60]) for name in wrong or [""]])
    return names


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput([Fault("timezone", "a time zone such as Asia/Shanghai", name[:60])]) from None
