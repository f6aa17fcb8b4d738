"""Sessions off the queue on a day that turned bad: what stays, moves to later or is given up, before shifts and pauses are changed."""

from collections.abc import Sequence

from centre.folder import Centre
from scenarios.activities import lengths_of, needed_agents
from scheduler.activities.desk import Cover, Desk
from scheduler.activities.moving import Moved, moved, sessions_in
from scheduler.activities.sessions import Session, given_up, with_sessions
from scheduler.duty import duty_rows
from scheduler.intraday.absence import Absence, without
from scheduler.intraday.lawful import TROUBLE
from scheduler.intraday.repair import Asked, days_of
from scheduler.intraday.window import window_of
from scheduler.problem import RotaProblem, cover_of
from scheduler.rota import Rota


def moved_sessions(
    centre: Centre, asked: Asked, absences: Sequence[Absence], lead_minutes: int
) -> tuple[Rota, tuple[Moved, ...]]:
    """The rota of a day with its sessions where they cost least, and what was changed.

    Sessions that start within ``lead_minutes`` of now stay. One whose leader is absent, or of whose people too few are there, is given
    up. Others are moved to later on the day, or given up, where that saves more than it costs: a moved session as much as a moved pause
    of each person, an hour of one that is given up as much as an agent missing for an hour, for it has to be made up for.
    """
    settings, info = asked.settings, asked.settings.centre
    window = window_of(asked.rota, asked.now, info.timezone, info.interval_minutes)
    missing, _ = without(asked.rota, asked.facts, absences)
    grid, span = days_of(window), (asked.now + lead_minutes, window.end)
    planned = {(s.activity.name, s.start): s for s in sessions_in(asked.rota, settings.activity, *span)}
    left = [s for s in sessions_in(missing, settings.activity, *span) if s.end <= grid.end]
    broken = [s for s in left if _broken(s, planned.get((s.activity.name, s.start)))]
    whole = [s for s in left if s not in broken]
    queues = tuple(queue.name for queue in settings.queue)
    required, floors = cover_of(settings, asked.requirement, queues, grid)
    problem = RotaProblem(
        grid, queues, required, floors if asked.minimum is None else asked.minimum, (), (), settings.objective
    )
    cover = Cover(
        queues, problem.cover_prices(), needed_agents(problem, asked.requirement), problem.minimum,
        duty_rows(settings, asked.agents, grid, asked.facts.holidays, centre.calendar),
        tuple(agent.agent_id for agent in asked.agents), tuple(asked.agents),
    )  # fmt: skip
    desk = Desk(given_up(missing, left), grid, cover, lengths_of(settings.activity))
    trouble = TROUBLE["break"] * settings.objective.change
    changes = [Moved(session, None, 0.0) for session in broken]
    changes += moved(desk, whole, trouble, settings.objective.shortage_per_agent_hour)
    rota = given_up(asked.rota, [change.session for change in changes])
    return with_sessions(rota, [c.to for c in changes if c.to is not None]), tuple(changes)


def _broken(session: Session, planned: Session | None) -> bool:
    """Whether a session cannot be held: its leader is not there, or too few people are."""
    led = planned is not None and bool(planned.leader)
    return (led and not session.leader) or len(session.attendees) < session.activity.least_size
