"""What judging a rota needs beyond what exists for whoever asks, and what of the findings they are told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from api.access.scope import machine
from api.asking import Asking
from api.store import centres, people, rotas
from api.store.csv_rows import beside_others
from api.store.errors import NotFound
from scheduler.rules.rule import Violation

PROTECTED = ":protected"
WITHOUT_REASON = "A law protects this person in this period."


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
        replace(each, source="", explanation=WITHOUT_REASON)
        if each.rule.endswith(PROTECTED) and each.agent_id
        else each
        for each in told
    ]
