"""The public shift-scheduling benchmark of Curtois and Qu: its instances read, and a judge of rosters for them."""

from scheduler.nrp.check import Breach, Judgement, judge
from scheduler.nrp.instance import OFF, NrpInstance
from scheduler.nrp.reading import read_instance

__all__ = ["OFF", "Breach", "Judgement", "NrpInstance", "judge", "read_instance"]
