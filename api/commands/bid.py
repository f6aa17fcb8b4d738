"""``paiban bid``: the lines of a rota given anew by what people bid for."""

import argparse
from pathlib import Path

from api.any_rota import rota_file
from api.options import add_out, add_rota
from api.outcome import Outcome, Progress

ABOUT = "Give the lines of a rota anew by bids, in order of seniority, performance or rotation; same cover, no new breach."
EXAMPLE = "paiban bid my-centre --rota week --bids bids.csv --order seniority --out after-bids"
ORDERS = ("seniority", "performance", "rotation")
MARK = "bids.json"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_rota(parser)
    parser.add_argument(
        "--bids", type=Path, required=True, metavar="FILE",
        help="agent_id, line (an agent_id whose line it is, or L001...), rank (1 is wanted most)",
    )  # fmt: skip
    parser.add_argument(
        "--order", choices=ORDERS, required=True,
        help="who chooses first: longest employed, highest score, or who came last the last time",
    )  # fmt: skip
    parser.add_argument(
        "--performance", type=Path, metavar="FILE", help="agent_id, score: for --order performance"
    )
    add_out(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, share the lines out, write, tell."""
    progress("read the centre folder, the rota and the bids")
    import pandas as pd

    from centre.bids_file import read_bids, read_scores
    from centre.errors import BadInput, Fault
    from centre.folder import read_centre, read_rota
    from centre.instants import day_of
    from centre.writing import result_folder, write_csv, write_text
    from scenarios.bidding import bid, line_names, rank_rows
    from scenarios.rota_at_hand import horizon_beside, rota_at_hand
    from scenarios.text import json_text

    if (args.order == "performance") != (args.performance is not None):
        words = "a file with agent_id and score for --order performance, and for no other order"
        raise BadInput([Fault("--performance", words, str(args.performance or "none"))])
    centre = read_centre(args.centre, agents=args.agents)
    zone, file = centre.settings.centre.timezone, rota_file(args.rota)
    table = read_rota(file, zone)
    at_hand = rota_at_hand(centre, table, *horizon_beside(file.parent, table, zone))
    names, people = line_names(at_hand), {agent.agent_id for agent in centre.agents}
    bids = read_bids(args.bids, people, names)
    scores = read_scores(args.performance, people) if args.performance else None
    with result_folder(args.out, MARK) as folder:
        progress("share the lines out")
        made = bid(at_hand, bids, args.order, scores)
        answers = [
            (one.bid.agent_id, one.bid.told, one.bid.rank, one.outcome, one.reason) for one in made.answers
        ]
        columns = ["agent_id", "line", "rank", "decision", "reason"]
        write_csv(folder / "rota.csv", made.rota.to_frame())
        write_csv(folder / "bids_result.csv", pd.DataFrame(answers, columns=columns))
        of_line = {line: who for who, line in made.has.items()}
        told = [
            (name, line, of_line[line]) for name, line in names.items() if name != line and line in of_line
        ]
        write_csv(folder / "lines.csv", pd.DataFrame(told, columns=["line", "before", "after"]))
        if args.order == "rotation":
            write_csv(folder / "ledger.csv", rank_rows(made, at_hand))
        first, days = at_hand.facts.first_day, at_hand.facts.days
        data = {
            "start": day_of(first).isoformat(),
            "days": days,
            "order": args.order,
            "bids": len(answers),
            "bidders": len({one.bid.agent_id for one in made.answers}),
            "granted": sum(one.outcome == "granted" for one in made.answers),
            "first_choices": made.first_choices,
            "moved": sum(who != line for who, line in made.has.items()),
        }
        write_text(folder / MARK, json_text(data))
    lines = [
        f"{data['granted']} of {data['bidders']} bidders have a line that they asked for, {data['first_choices']} the one wanted most; "
        f"{data['moved']} people have another line than before",
        f"Results: {args.out}",
    ]
    told_ = {"command": "bid", "out": str(args.out), **data}
    return Outcome(lines=lines, data=told_, warnings=(*centre.warnings, *at_hand.warnings))
