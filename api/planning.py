"""What ``paiban plan`` and ``paiban rota`` have in common: their limits, and how a finished plan is told."""

import argparse
import hashlib
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from api.any_rota import any_rota, rota_file
from api.findings import breach_lines, counted
from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.errors import Faults
from centre.folder import Centre, read_rota
from centre.instants import day_number, from_minutes
from scenarios.clashes import price_lines, ways_out
from scenarios.cost_told import mix_sentence, mixes_told
from scenarios.figures import daily_service, total_service, verdicts
from scenarios.plan import Plan
from scenarios.results import plan_json
from scheduler.cost import MONEY
from scheduler.rota import Rota
from scheduler.rules.shared.call_outs import call_outs
from scheduler.solution import Clash, Limits

DEFAULT_SECONDS = 60.0
EFFORT_PER_SECOND = 0.6
SHOWN = 12
WAPE = "of contacts (WAPE by interval)"


def limits_of(args: argparse.Namespace) -> Limits:
    """The limits asked for. Seconds are turned into as much work as a slow machine does in them, so that the clock
    seldom has to cut a run and the same seconds mostly give the same rota.
    """
    if args.effort is not None:
        return Limits(effort=args.effort, seconds=None, seed=args.seed, workers=args.workers)
    seconds = args.seconds or DEFAULT_SECONDS
    return Limits(
        effort=math.ceil(seconds * EFFORT_PER_SECOND), seconds=seconds, seed=args.seed, workers=args.workers
    )


def warmed(centre: Centre, args: argparse.Namespace) -> tuple[Centre, Rota | None]:
    """The rota of ``--warm-start``, where it is given, and the centre that names it among its files; raises `BadInput` with its faults."""
    if args.warm_start is None:
        return centre, None
    rota = Rota.from_frame(read_rota(args.warm_start, centre.settings.centre.timezone))
    sums = {f"--warm-start {name}": digest for name, digest in checksum(args.warm_start).items()}
    return replace(centre, checksums=centre.checksums | sums), rota


def checksum(path: Path) -> dict[str, str]:
    """SHA-256 of a file by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}


def keeping(centre: Centre, args: argparse.Namespace) -> Centre:
    """The centre with the rota of ``--keep``, where it is given, as the earlier one; raises `BadInput` with every fault of the file."""
    if args.keep is None:
        return centre
    listed = {agent.agent_id for agent in centre.agents}
    read = any_rota(args.keep, None, centre.settings.centre.timezone, listed)
    first = day_number(args.start)
    inside = read.rota.narrowed((read.rota.day >= first) & (read.rota.day < first + args.days))
    told = [f"--keep: {note.explanation}" for note in read.notes]
    if not listed.intersection(inside.agent_ids):
        told.append(
            "--keep: nobody of this centre works in that rota on the days planned, so nothing is kept"
        )
    file = rota_file(args.keep)
    sums = checksum(file) if file.is_file() else {}
    return replace(
        centre,
        rota_earlier=read.rota.to_frame(),
        warnings=(*centre.warnings, *told),
        checksums=centre.checksums | {f"--keep {name}": digest for name, digest in sums.items()},
    )


def people_of_teams(centre: Centre, args: argparse.Namespace) -> frozenset[str] | None:
    """Who is planned by ``--team``; None for everybody.

    Raises
    ------
    BadInput
        for teams that nobody is in, or where no earlier rota tells what everybody else works.
    """
    if not args.team:
        return None
    known, faults = sorted({agent.team for agent in centre.agents}), Faults()
    for team in args.team:
        if team not in known:
            faults.add("--team", f"one of {', '.join(known)}", found=team)
    if centre.rota_earlier is None:
        faults.add("--keep", "a rota of these days, for --team leaves everybody else as they are in it")
    faults.raise_if_any()
    return frozenset(agent.agent_id for agent in centre.agents if agent.team in args.team)


def with_prices(plan: Plan, args: argparse.Namespace, progress: Progress) -> Plan:
    """The plan with what rules cost, where ``--price-rules`` asks for it."""
    if not args.price_rules or plan.problem is None:
        return plan
    from scheduler.solve.explain_prices import price_of_rules

    return replace(plan, rule_prices=price_of_rules(plan.problem, progress=progress))


def planned(command: str, plan: Plan, out: Path) -> Outcome:
    """The outcome of a finished plan whose results are in ``out``."""
    lines = [
        f"Report: {out / 'report.html'}",
        *_forecast(plan),
        *_service(plan),
        *(f"L{lever.sentence[1:]}" for lever in (plan.levers.levers if plan.levers else ())),
        *_backup(plan),
        *_search(plan),
        *_audit(plan),
    ]
    data = {"command": command, "out": str(out), "report": str(out / "report.html")} | plan_json(plan)
    return Outcome(FINDINGS if plan.has_findings else DONE, lines, data, plan.warnings)


def _forecast(plan: Plan) -> Iterator[str]:
    for queue, error in plan.held_back_wape.items():
        yield f"Forecast error of the weeks held back, {queue}: {_percent(error)} {WAPE}"
    if plan.forecast_report is not None and not plan.held_back_wape:
        for queue, model in plan.forecast_report.model.items():
            error = plan.forecast_report.wape[queue][model]
            yield f"Forecast error at earlier weeks, {queue}: {_percent(error)} {WAPE}"


def _service(plan: Plan) -> Iterator[str]:
    for row in daily_service(plan):
        if not row["queue"]:
            short = (
                f", {row['agent_hours_short']:.1f} agent-hours short"
                if row["agent_hours_short"] >= 0.05
                else ""
            )
            served = f"{_percent(row['service_level'])} of {row['expected_contacts']:,.0f} contacts"
            yield f"Service planned {row['day']}: {served}{short}"
    yield f"Service planned in all: {_percent(total_service(plan)['service_level'])}"


def _backup(plan: Plan) -> Iterator[str]:
    """Who is called out in advance, what triggers will add, who stands by."""
    currency, calls = plan.centre.settings.centre.currency, call_outs(plan.rota)
    if plan.centre.settings.backup:
        hours = float((calls.end - calls.start).sum()) / 60
        yield f"Backup: {len(calls)} call-outs planned, {hours:,.1f} hours"
    for each in plan.backup_rounds:
        if each.chosen:
            told = f"{each.live_call_outs:,.1f} people called for {each.live_cost:,.0f} {currency} more"
            yield f"Triggers, played on a quick rota like this one: {told}, {_percent(each.in_time)} in time"
    if plan.standby is not None:
        money = (
            f"{plan.standby.cost:,.0f} {currency} to expect, {plan.standby.saved:,.0f} of shortage avoided"
        )
        yield f"Standing by: {len(plan.standby.windows)} windows over {plan.standby.paths} ways of demand; {money}"


def _search(plan: Plan) -> Iterator[str]:
    solution, currency = plan.solution, plan.centre.settings.centre.currency
    pay = sum(solution.cost.get(name, 0.0) for name in MONEY)
    priced = ", ".join(f"{name} {amount:,.0f}" for name, amount in solution.cost.items())
    yield f"Cost: {pay:,.0f} {currency} in wages; weighed in all {solution.objective:,.0f} ({priced})"
    yield f"Gap to the bound: {_percent(solution.gap, 2)} of the controllable cost; status {solution.status}"
    yield from (mix_sentence(mix) for mix in mixes_told(plan))
    if solution.reproducible:
        yield "Reproducible: yes, the same inputs, effort, seed and workers give the same rota"
    else:
        yield "Reproducible: no, the clock stopped the search; --effort N gives the same rota every time"


def _audit(plan: Plan) -> Iterator[str]:
    count = verdicts(plan)
    yield f"Violations: {count['breach']} ({count['near']} near a limit, {count['not_checked']} not checked)"
    for clash in plan.solution.clashes:
        yield from _clash(clash, plan)
    yield from price_lines(plan.rule_prices, plan.solution.objective, plan.centre.settings.centre.currency)
    if plan.breaches:
        yield from breach_lines(plan.breaches, plan.grid.zone)
        told = ", ".join(f"{rule} {number}" for rule, number in counted(plan.breaches).items())
        yield f"Breaches by rule: {told}"


def _clash(clash: Clash, plan: Plan) -> Iterator[str]:
    """A clash with its ways out; one whose members are not told, with the rules, people and intervals that it names."""
    if clash.members:
        yield f"Clash: {clash.sentence}"
    else:
        times = [f"{from_minutes(start, plan.grid.zone):%Y-%m-%d %H:%M}" for start in clash.interval_starts]
        parts = [("rules", clash.rules), ("people", clash.agents), ("intervals", times)]
        told = [f"{name}: {_shown(list(values))}" for name, values in parts if any(values)]
        yield f"Clash: {clash.sentence} [{'; '.join(told)}]" if told else f"Clash: {clash.sentence}"
    for way in ways_out(clash, plan.centre.settings.centre.currency):
        yield f"  way out: {way}"


def _shown(values: list[str]) -> str:
    """The first of a long list; plan.json has them all."""
    more = f" and {len(values) - SHOWN} more (all in plan.json)" if len(values) > SHOWN else ""
    return ", ".join(values[:SHOWN]) + more


def _percent(share: float | None, digits: int = 1) -> str:
    return "–" if share is None or not math.isfinite(share) else f"{100 * share:.{digits}f} %"
