"""Call-outs that were made and released by hand, as the state of a pool that the rules of the day go on from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scheduler.live import ALWAYS, NEVER, Helper, PoolState


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody called at ``at`` and released at ``released``, None: not yet (UTC minutes).

    ``ahead`` : called before the day it is for began: a call had, but nobody on the way for it
    """

    agent_id: str
    at: float
    released: float | None = None
    ahead: bool = False


def state_of(calls: Iterable[Call], day_start: float) -> PoolState:
    """A pool as its calls left it; the triggers are looked at anew since somebody was last released this day.

    Parameters
    ----------
    calls : of this month, of those made ahead the ones for days up to this one
    day_start : when the local day began

    Examples
    --------
    >>> state = state_of([Call("B1", 600), Call("B2", 600, 700), Call("B3", 10, ahead=True)], 480)
    >>> {name: (each.where, each.batch) for name, each in state.helpers.items()}, state.looked
    ({'B3': ('off', 0), 'B1': ('coming', 1), 'B2': ('off', 1)}, 700)
    """
    helpers, batches, looked = dict[str, Helper](), dict[float, int](), ALWAYS
    for call in sorted(calls, key=lambda each: each.at):
        before = helpers.get(call.agent_id, Helper())
        had = (*before.calls, call.at)
        if call.ahead:
            helpers[call.agent_id] = replace(before, calls=had)
            continue
        batch = batches.setdefault(call.at, len(batches) + 1)
        if call.released is None:
            helpers[call.agent_id] = Helper("coming", had, ALWAYS, NEVER, before.left, batch)
            continue
        helpers[call.agent_id] = Helper("off", had, ALWAYS, NEVER, max(before.left, call.released), batch)
        looked = max(looked, call.released) if call.released >= day_start else looked
    return PoolState(helpers, looked=looked)
