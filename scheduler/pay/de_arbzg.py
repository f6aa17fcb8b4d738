"""Pay beside the Arbeitszeitgesetz (Germany): a night premium that courts put at 25 %; overtime by contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from centre.model import Contract
from scheduler.pay.contract import SOURCE, contract_rates, contract_steps
from scheduler.pay.law import Asked, Rated, WeeklyStep
from scheduler.pay.paid_time import PaidTime

LAW = "Arbeitszeitgesetz"
NIGHT_FROM, NIGHT_TO = 1380, 360


@dataclass(frozen=True)
class GermanyPay:
    """+25 % for work between 23:00 and 06:00 in shifts with more than two hours of it; overtime as the contract says.

    The law asks for an "appropriate" premium or days off for night workers and names no figure; 25 % is what courts
    usually find (30 % for permanent nights: set ``night``). Who is a night worker by how many nights a year is not
    looked at. Sundays and holidays bring a substitute day (§ 11), no rate.

    **Source:** § 6(5) second-hand; 25 % and 30 %: practice of the Bundesarbeitsgericht as a law firm and headnotes
    (10 AZR 256/20) give it; § 2(3), (4): read by the preset ``de-arbzg``.
    """

    night: float = 0.25
    counts_minutes: Annotated[int, Ge(0)] = 120
    name: ClassVar[str] = "de-arbzg"
    title: ClassVar[str] = "Arbeitszeitgesetz (Germany), § 6(5)"
    words: ClassVar[str] = (
        "+25 % from 23:00 to 06:00 in shifts with over two hours of it; overtime by contract."
    )
    counts: ClassVar[str] = (
        "Night by the minute, from two hours in the shift's day on; overtime by the shift's day."
    )
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": SOURCE,
        "night": f"{LAW} § 6(5), 25 % is court practice",
    }
    daily_minutes: ClassVar[int | None] = None
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """The contract's overtime."""
        return contract_steps(contract)

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """The contract's overtime, then the night on top."""
        rates, told = contract_rates(time.in_nights("night", NIGHT_FROM, NIGHT_TO), asked)
        time = rates.time
        in_night = time.total(time.day, time.work & time["night"])
        night = time.work & time["night"] & (in_night > self.counts_minutes)
        rates.add("night", night, self.night)
        for k in np.flatnonzero(night):
            words = f"{self.sources['night']}: {in_night[k]:,} paid min between 23:00 and 06:00"
            rates.sources[k] = f"{rates.sources[k]}; {words}" if rates.code[k] else words
        return rates.rated(told=told)
