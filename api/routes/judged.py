"""What judging a rota needs beyond what exists for whoever asks, and what of the findings they are told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from api.access.scope import machine
from api.asking import Asking
from api.store import centres, people, rotas
from api.store.csv_rows import CsvRows, beside_others
from api.store.errors import NotFound
from scheduler.rules.rule import Violation

PROTECTED = ":protected"
WITHOUT_REASON = {"source": "", "explanation": "A law protects this person in this period."}
"""What is told of a finding to whoever may not know why a law protects somebody."""


def everything(asking: Asking, centre_id: str) -> tuple[int, dict[str, bytes]]:
    """The revision and all files of a centre that exists for whoever asks, for judging alone: nothing of them is handed out."""
    with asking.read() as transaction:
        found = centres.get(transaction, centre_id)
    with asking.service.store.read(machine("audit")) as transaction:
        files = centres.export(transaction, centre_id, found.revision, names=False, reasons=True)
    return found.revision, files


def whole_rows(
    asking: Asking, rota_id: str, rows: bytes | None, version: int | None
) -> tuple[rotas.Rota, bytes]:
    """A rota and all rows of a version of it, with ``rows`` in place of those of the people of whoever asks."""
    with asking.read() as transaction:
        found = rotas.get(transaction, rota_id)
        agents = people.visible(transaction, found.centre_id)
        newest = rotas.versions(transaction, rota_id, limit=1)[0].version
    if rows is not None and agents is None:
        return found, rows
    with asking.service.store.read(machine("audit")) as transaction:
        kept = rotas.content(transaction, rota_id, version or newest)
    if rows is None:
        return found, kept
    merged = beside_others(kept, rows, agents or set())
    if merged is None:
        raise NotFound("person")
    return found, merged


def only_theirs(asking: Asking, centre_id: str, agent_ids: Iterable[str]) -> None:
    """Raise `NotFound` where rows tell of people who do not exist for whoever asks."""
    with asking.read() as transaction:
        agents = people.visible(transaction, centre_id)
    if agents is not None and not {*agent_ids} <= agents:
        raise NotFound("person")


def own_findings(asking: Asking, centre_id: str, findings: Sequence[Violation]) -> list[Violation]:
    """The findings about people who exist for whoever asks, and about the whole rota; why a law protects somebody is told to few."""
    with asking.read() as transaction:
        agents = people.visible(transaction, centre_id)
    told = [each for each in findings if agents is None or not each.agent_id or each.agent_id in agents]
    if asking.may("leave.reasons"):
        return told
    return [
        replace(each, source=WITHOUT_REASON["source"], explanation=WITHOUT_REASON["explanation"])
        if is_protected(each.rule, each.agent_id)
        else each
        for each in told
    ]


def is_protected(rule: str, agent_id: str) -> bool:
    """Whether a finding says that a law protects somebody, of which the law would tell why."""
    return rule.endswith(PROTECTED) and bool(agent_id)


def result_without_reasons(told: Any) -> Any:
    """What a command told, as plain data, without the laws by which people are protected."""
    if isinstance(told, list):
        return [result_without_reasons(each) for each in told]
    if not isinstance(told, dict):
        return told
    hidden = WITHOUT_REASON if is_protected(str(told.get("rule", "")), str(told.get("agent_id", ""))) else {}
    return {name: hidden.get(name, result_without_reasons(each)) for name, each in told.items()}


def tells_reasons(content: bytes) -> bool:
    """Whether a table is one of findings of which any says by which law somebody is protected."""
    table = CsvRows.of(content)
    return any(map(is_protected, table.column("rule"), table.column("agent_id")))


def table_without_reasons(content: bytes) -> bytes:
    """A table of findings, such as ``violations.csv``, as `result_without_reasons`; any other as it is."""
    if not tells_reasons(content):
        return content
    table = CsvRows.of(content)
    told = [result_without_reasons(dict(zip(table.header, row, strict=True))) for row in table.rows]
    return CsvRows(table.header, [list(row.values()) for row in told]).bytes()
