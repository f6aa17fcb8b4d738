"""``paiban swap``: whether people may exchange shifts or give one away; if not, why not and who else could take it."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.any_rota import rota_file
from api.options import add_rota
from api.outcome import DONE, FINDINGS, Outcome, Progress

if TYPE_CHECKING:
    from scenarios.rota_at_hand import RotaAtHand
    from scenarios.swaps import SwapTold

ABOUT = "Check a swap or an offer of a shift: rules, skills and cover for both; who else could take it."
EXAMPLE = "paiban swap my-centre --rota week --give A007:2026-03-02 --with A012"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_rota(parser)
    parser.add_argument("--give", required=True, metavar="AGENT:DATE", help="the shift that somebody gives")
    parser.add_argument(
        "--with", dest="with_", metavar="AGENT[:DATE]",
        help="who takes it, giving their own shift of that day, if any, or of another day (default: whoever could)",
    )  # fmt: skip
    parser.add_argument(
        "--requirement",
        type=Path,
        metavar="FILE",
        help="what is needed (default: requirement.csv beside the rota, if any)",
    )
    parser.add_argument(
        "--agents", type=Path, metavar="FILE", help="take the people of this file, not the folder's"
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, check, tell."""
    progress("read the centre folder and the rota")
    from centre.folder import read_centre, read_requirement, read_rota
    from scenarios.replan_earlier import MARK, with_earlier
    from scenarios.rota_at_hand import horizon_beside, rota_at_hand
    from scenarios.swaps import swap

    centre = read_centre(args.centre, agents=args.agents)
    zone, file = centre.settings.centre.timezone, rota_file(args.rota)
    table = read_rota(file, zone)
    at_hand = rota_at_hand(centre, table, *horizon_beside(file.parent, table, zone))
    at_hand = with_earlier(at_hand, file.parent / MARK)
    beside = file.parent / "requirement.csv"
    path = args.requirement or (beside if beside.is_file() else None)
    needed = None if path is None else read_requirement(path, zone)
    progress("check the swap")
    made = swap(at_hand, args.give, args.with_, needed)
    code = DONE if made.allowed else FINDINGS
    return Outcome(
        code, list(_lines(made, at_hand)), _data(made, at_hand), (*centre.warnings, *at_hand.warnings)
    )


def _lines(made: "SwapTold", at_hand: "RotaAtHand") -> Iterator[str]:
    from scenarios.swaps import shifts_told, words_of

    if made.answer is not None:
        yield f"{'Yes' if made.answer.allowed else 'No'}: {words_of(made.answer, at_hand)}"
        for agent_id, violation in made.answer.breaches:
            yield f"  {agent_id}: {violation.rule} ({violation.source}), {_figures(violation)}"
    else:
        told = shifts_told(made.given, at_hand)
        yield f"{'Yes' if made.others else 'No'}: {made.given.agent_id} offers {told}"
    if made.others:
        yield "Who could take it:"
        yield from (f"  {words_of(other, at_hand)}" for other in made.others)
    elif not made.allowed:
        yield "Nobody else could take it."
    if made.before is not None and made.after is not None:
        hours, share = (
            made.after.short_hours - made.before.short_hours,
            made.after.in_time - made.before.in_time,
        )
        yield (
            f"Service of these days: {made.after.short_hours:,.1f} agent-hours short ({hours:+,.1f}),"
            f" {_share(made.after.in_time)} of contacts in time ({100 * share:+.2f} points)"
        )


def _figures(violation: Any) -> str:
    if violation.found is None or violation.limit is None:
        return "not allowed"
    return f"{violation.found:g} found, {violation.limit:g} {violation.unit} required or allowed"


def _share(value: float) -> str:
    return "–" if value != value else f"{100 * value:.1f} %"


def _data(made: "SwapTold", at_hand: "RotaAtHand") -> dict[str, Any]:
    from centre.instants import day_of
    from scenarios.figures import known
    from scenarios.swaps import words_of

    def service(of: Any) -> dict[str, Any] | None:
        return (
            None
            if of is None
            else {"agent_hours_short": round(of.short_hours, 4), "in_time": known(of.in_time)}
        )

    return {
        "command": "swap",
        "give": {"agent_id": made.given.agent_id, "day": day_of(made.given.day).isoformat()},
        "with": None if made.answer is None else made.answer.takes,
        "allowed": made.allowed,
        "breaches": [
            {
                "agent_id": who,
                "rule": v.rule,
                "source": v.source,
                "found": v.found,
                "limit": v.limit,
                "unit": v.unit,
            }
            for who, v in (made.answer.breaches if made.answer else ())
        ],
        "others": [
            {
                "agent_id": other.takes,
                "gives": None if other.back is None else day_of(other.back.day).isoformat(),
                "words": words_of(other, at_hand),
            }
            for other in made.others
        ],
        "service_before": service(made.before),
        "service_after": service(made.after),
    }
