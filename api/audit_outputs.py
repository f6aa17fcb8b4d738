"""What ``paiban audit`` hands out once it has judged: files, lines and data; and the checking of such files later."""

import argparse
import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import number_from_zero
from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scenarios.audit_report import AuditData, InputRead
    from scheduler.rota import Rota
    from scheduler.rules.facts import Facts
    from scheduler.rules.rule import Rule, Violation

NOT_INPUTS = ("out", "report", "verify", "sign_key")
REPORT_MARK = "audit.json"
MOST_MENDS, MOST_CHANGES = 200, 100
MANY_FINDINGS = 5_000  # more take a while to write
READ_IN_FOLDERS = (".csv", ".toml", ".xlsx", ".json")


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Options on what is written, and on checking it."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="write all findings as violations.csv")
    parser.add_argument(
        "--report", type=Path, metavar="DIR",
        help="write violations.csv, audit.xlsx, audit.html and audit.json into a folder; an earlier report is replaced",
    )  # fmt: skip
    parser.add_argument(
        "--near",
        type=number_from_zero,
        metavar="MINUTES",
        help="tell also what keeps a limit by no more than this",
    )
    parser.add_argument(
        "--mend", action=argparse.BooleanOptionalAction, help="look for the smallest change that mends each breach "
        "(default: with --report)",
    )  # fmt: skip
    parser.add_argument(
        "--lang", choices=("en", "zh"), default="en", help="language of the report (default en)"
    )
    parser.add_argument(
        "--sign-key",
        type=Path,
        metavar="FILE",
        help="sign the report by a key of at least 16 bytes that only HR keeps",
    )
    parser.add_argument(
        "--verify", type=Path, metavar="DIR",
        help="check an earlier report instead: does it still say what it said? With ROTA: was it made from this file?",
    )  # fmt: skip


def check_options(args: argparse.Namespace) -> None:
    """Options that do not go together, before anything is read."""
    from centre.writing import check_replaceable

    faults = []
    if args.verify is None:
        if args.rota is None:
            faults.append(
                Fault(
                    "ROTA", "a rota file, or a results folder that holds rota.csv: see `paiban audit --help`"
                )
            )
        if not args.rules and not args.centre:
            faults.append(
                Fault("command line", "what `paiban audit --help` says: one of --rules and --centre")
            )
        if args.protections and (args.centre or not args.agents):
            faults.append(Fault("--protections", "--agents and --rules: a centre has a file of its own"))
        if args.sign_key and not args.report:
            faults.append(Fault("--sign-key", "--report too: it is the report that is signed"))
    if faults:
        raise BadInput(faults)
    signing_key(args.sign_key)
    if args.report:
        check_replaceable(args.report, REPORT_MARK, "--report")


def handed_out(
    args: argparse.Namespace, rota: "Rota", rules: "Sequence[Rule]", facts: "Facts", findings: "list[Violation]",
    progress: Progress,
) -> Outcome:  # fmt: skip
    """Look for near misses and mends where asked, write what was asked for and tell the rest."""
    from api.findings import audit_outcome
    from centre.writing import write_csv

    key = signing_key(args.sign_key)
    if args.near is not None:
        findings = _with_near(rota, rules, facts, findings, args.near)
    data = _data(args, rota, rules, facts, findings, progress)
    if args.out:
        write_csv(args.out, data.frame)
    outcome = audit_outcome(data, args.out)
    if args.report:
        outcome.data["report"] = str(args.report)
        if len(findings) > MANY_FINDINGS:
            progress(f"write {len(findings):,} findings to {args.report}")
        outcome.data["digest"] = digest = _reported(data, args.report, key)
        outcome.lines.append(f"Report: {args.report / 'audit.html'} (digest {digest})")
    return outcome


def _with_near(
    rota: "Rota", rules: "Sequence[Rule]", facts: "Facts", findings: "list[Violation]", margin_minutes: int
) -> "list[Violation]":
    """Findings and near misses in the order of findings, those about files last."""
    from scheduler.near import near_misses

    near = near_misses(rota, rules, facts, margin_minutes)
    order = {id(v): k for k, v in enumerate(findings)}
    return sorted(
        [*findings, *near],
        key=lambda v: (v.agent_id, v.start or 0, v.rule, v.source, v.end or 0, order.get(id(v), -1)),
    )


def _reported(data: "AuditData", folder: Path, key: bytes | None) -> str:
    """Write the report's folder whole or not at all."""
    from centre.writing import result_folder
    from scenarios.audit_report import write_audit_report

    signed_at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}" if key else ""
    with result_folder(folder, REPORT_MARK, "--report") as partial:
        return write_audit_report(data, partial, key, signed_at)


def _data(
    args: argparse.Namespace, rota: "Rota", rules: "Sequence[Rule]", facts: "Facts", findings: "list[Violation]",
    progress: Progress,
) -> "AuditData":  # fmt: skip
    """Everything that the outputs show."""
    from scenarios.audit_groups import tables_of
    from scenarios.audit_report import AuditData, findings_of, rules_of
    from scenarios.versions import version_of
    from scheduler.evidence import evidence
    from scheduler.rules.presets.about import DISCLAIMER, DISCLAIMER_ZH

    people = facts.people or {}
    clocks = {name: person.zone for name, person in people.items() if person.zone}
    zones = {name: zone for name, zone in clocks.items() if zone != facts.zone}
    told = evidence(findings, rota, facts)
    mends, left_out = _mends(args, rota, rules, facts, findings, zones, progress)
    duties = rota.duties
    judged = (duties.day >= facts.first_day) & (duties.day < facts.end_day)
    return AuditData(
        zone=facts.zone, first_day=facts.first_day, days=facts.days, rows=len(rota), shifts=int(judged.sum()),
        people=len(set(duties.agent[judged].tolist())), rules=rules_of(rules),
        findings=findings_of(told, mends, facts.zone, zones, args.lang),
        tables=tables_of(told, rota, facts, [(rule.name, rule.source) for rule in rules]),
        inputs=inputs_of(args), versions={name: version_of(name) for name in ("paiban", "holidays", "tzdata")},
        week_start=facts.week_start, near_minutes=args.near, mends_sought=mends_wanted(args),
        mends_left_out=left_out, zones=zones,
        disclaimer=DISCLAIMER_ZH if args.lang == "zh" else DISCLAIMER, language=args.lang,
    )  # fmt: skip


def _mends(
    args: argparse.Namespace, rota: "Rota", rules: "Sequence[Rule]", facts: "Facts", findings: "list[Violation]",
    zones: "dict[str, ZoneInfo]", progress: Progress,
) -> "tuple[dict[Violation, str], int]":  # fmt: skip
    """The smallest change for each of the first breaches in words, and for how many none was looked for."""
    from scenarios.audit_evidence import mends_told
    from scheduler.mends import mends

    breaches = sum(v.verdict == "breach" for v in findings)
    if not breaches or not mends_wanted(args):
        return {}, 0
    progress(f"smallest changes for {min(breaches, MOST_MENDS)} of {breaches:,} breaches")
    found = mends(findings, rota, rules, facts, most=MOST_MENDS)
    return mends_told(found.advice, zones, facts.zone, args.lang), found.left_out


def mends_wanted(args: argparse.Namespace) -> bool:
    """Whether to look for mends: as said, else with a report."""
    return bool(args.report) if args.mend is None else bool(args.mend)


def inputs_of(args: argparse.Namespace) -> "tuple[InputRead, ...]":
    """Every file that an option names, and those of folders, with their SHA-256; ROTA first."""
    from scenarios.audit_report import InputRead, file_sha256

    found = []
    for option, value in vars(args).items():
        if option in NOT_INPUTS or not isinstance(value, Path):
            continue
        inside = (
            sorted(each for each in value.iterdir() if each.suffix in READ_IN_FOLDERS)
            if value.is_dir()
            else [value]
        )
        if option == "rota" and value.is_dir():
            inside = [each for each in inside if each.name in ("rota.csv", "plan.json")]
        found += [InputRead(option, each.name, file_sha256(each)) for each in inside if each.is_file()]
    return tuple(sorted(found, key=lambda each: (each.option != "rota", each.option, each.file)))


def signing_key(path: Path | None) -> bytes | None:
    """The key of a file, line ends at its end left out; None where no file was named."""
    from scenarios.audit_digest import SHORTEST_KEY_BYTES

    if path is None:
        return None
    key = path.read_bytes().rstrip(b"\r\n")
    if len(key) < SHORTEST_KEY_BYTES:
        raise BadInput(
            [Fault("--sign-key", f"a file of at least {SHORTEST_KEY_BYTES} bytes", f"{len(key)} bytes")]
        )
    return key


def verified(args: argparse.Namespace) -> Outcome:
    """An earlier report checked: exit code 0 where it is as it was, 1 where anything changed."""
    from scenarios.audit_digest import checked
    from scenarios.audit_report import DATA, TABLE, file_sha256

    told, table = _read_told(args.verify / DATA), _read_table(args.verify / TABLE)
    names = told.get("files")
    present = (
        [args.verify / name for name in names if Path(name).name == name] if isinstance(names, dict) else []
    )
    files = {path.name: file_sha256(path) for path in present if path.is_file() and path.name != TABLE}
    files |= (
        {TABLE: names[TABLE]} if isinstance(names, dict) and TABLE in names else {}
    )  # judged by its cells
    check = checked(told, table, files, signing_key(args.sign_key))
    changed = [*check.changed, *_other_rota(args, told)]
    more = len(changed) - MOST_CHANGES
    lines = [*changed[:MOST_CHANGES], *([f"... and {more:,} more changes"] if more > 0 else []), *check.kept]
    lines.append(f"{args.verify}: " + ("CHANGED since the audit" if changed else "unchanged"))
    data = {"command": "audit", "verified": not changed, "changed": changed, "kept": list(check.kept)}
    return Outcome(FINDINGS if changed else DONE, lines, data)


def _other_rota(args: argparse.Namespace, told: dict[str, Any]) -> list[str]:
    """Whether the rota named now is not the one that was judged."""
    if args.rota is None:
        return []
    now = {each.sha256 for each in inputs_of(argparse.Namespace(rota=args.rota)) if each.file != "plan.json"}
    inputs = told.get("inputs")
    was = (
        {each.get("sha256") for each in inputs if isinstance(each, dict)}
        if isinstance(inputs, list)
        else set()
    )
    return [] if now and now <= was else [f"{args.rota}: it is not the file that was judged."]


def _read_told(path: Path) -> dict[str, Any]:
    expected = "the audit.json of a report that `paiban audit --report` wrote"
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        raise BadInput([Fault(str(path), expected)]) from None
    if not isinstance(told, dict):
        raise BadInput([Fault(str(path), expected)])
    return told


def _read_table(path: Path) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, ValueError, csv.Error):
        raise BadInput(
            [Fault(str(path), "the violations.csv of a report that `paiban audit --report` wrote")]
        ) from None
