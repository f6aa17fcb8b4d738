"""``paiban bench``: what a public benchmark asks for, solved and judged, in the benchmark's own terms."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import count, number_from_zero, seconds
from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.errors import BadInput, Fault, Stopped

if TYPE_CHECKING:
    from scheduler.nrp import Judgement, NrpInstance
    from scheduler.solve.nrp_result import NrpResult

ABOUT = "Solve an instance of a public benchmark: nrp, the shift scheduling of Curtois and Qu."
EXAMPLE = "paiban bench nrp Instance1.txt --seconds 60 --workers 2 --seed 1 --out roster.json"
MOST_BREACHES = 5  # told in the one sentence about a roster that is not written


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("benchmark", choices=("nrp",), metavar="nrp", help="the benchmark that the file is of")
    add("instance", type=Path, metavar="INSTANCE", help="instance file of the benchmark")
    add("--seconds", type=seconds, default=60.0, metavar="S", help="stop after S seconds (default 60)")
    add("--workers", type=count, default=2, metavar="N", help="threads (default 2)")
    add(
        "--seed",
        type=number_from_zero,
        default=1,
        metavar="N",
        help="start of every random choice (default 1)",
    )
    add("--out", type=Path, required=True, metavar="FILE", help="roster with its penalty and bound, as JSON")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, solve, judge, write, tell."""
    from centre.writing import write_text
    from scheduler.nrp import judge, read_instance
    from scheduler.solve.nrp import solve_nrp

    _check_writable(args.out)
    instance = read_instance(args.instance)
    progress(
        f"{instance.name}: {len(instance.staff)} people, {instance.days} days, {len(instance.shifts)} shifts"
    )
    result = solve_nrp(instance, args.seconds, args.workers, args.seed, progress)
    if result.status == "infeasible":
        sentence = f"{instance.name}: no roster keeps the hard constraints; nothing was written"
        return Outcome(FINDINGS, [sentence], {"instance": instance.name, "status": result.status})
    if result.assignments is None:
        raise Stopped(f"{instance.name}: no roster was found in {args.seconds:g} s; try more --seconds")
    rows = instance.triples(result.assignments)
    judged = judge(instance, rows)
    _refuse_if_wrong(judged, result)
    told = {
        "instance": instance.name, "penalty": judged.penalty, "bound": result.bound,
        "seconds": round(result.seconds, 3),
    }  # fmt: skip
    write_text(args.out, _written(told, rows))
    return Outcome(DONE, _lines(instance, result, judged, args.out), told | _more(result, judged, args.out))


def _check_writable(out: Path) -> None:
    """Tell before the search, not after it, that there is no place for its result."""
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise BadInput([Fault("--out", "a file in a folder that is there", str(out))])


def _refuse_if_wrong(judged: "Judgement", result: "NrpResult") -> None:
    """Raise Stopped for a roster that breaks a rule, or whose penalty or bound is not what the judge counts."""
    if judged.breaches:
        named = "; ".join(map(str, judged.breaches[:MOST_BREACHES]))
        raise Stopped(
            f"the roster breaks {len(judged.breaches)} hard constraint(s), nothing was written: {named}"
        )
    if judged.penalty != result.penalty or judged.penalty < result.bound:
        said = f"penalty {result.penalty} and bound {result.bound}"
        raise Stopped(f"the solver says {said}, the judge counts {judged.penalty}; nothing was written")


def _written(told: dict[str, Any], rows: list[tuple[str, int, str]]) -> str:
    """The file: a line for the figures, a line for each assignment."""
    head = json.dumps(told, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{head}, "assignments": [\n{lines}\n]}}\n'


def _lines(instance: "NrpInstance", result: "NrpResult", judged: "Judgement", out: Path) -> list[str]:
    proof = "proven optimal" if result.status == "optimal" else f"bound {result.bound:,}"
    return [
        f"{instance.name}: penalty {judged.penalty:,}, {proof}, {result.seconds:.1f} s",
        f"Requests on {judged.requests_on:,}, off {judged.requests_off:,}; "
        f"cover under {judged.cover_under:,}, over {judged.cover_over:,}",
        f"Roster: {out}",
    ]


def _more(result: "NrpResult", judged: "Judgement", out: Path) -> dict[str, Any]:
    """What machines are told beside the figures of the file."""
    names = ("requests_on", "requests_off", "cover_under", "cover_over")
    terms = {name: getattr(judged, name) for name in names}
    return {"status": result.status, "terms": terms, "out": str(out)}
