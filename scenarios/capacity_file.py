"""A capacity plan as a planner asks for it (``capacity.toml``), read and checked against the centre: see docs/capacity.md."""

from datetime import date
from pathlib import Path
from typing import TypeGuard

from centre.cells import suggestion
from centre.errors import Faults
from centre.model import Settings
from centre.people_files import skills_reader
from scenarios.capacity_settings import (
    MONTHS,
    SWANSON,
    CapacitySettings,
    ClassSettings,
    PoolSettings,
    ScenarioSettings,
    Skills,
    Turnover,
)
from scenarios.toml_reading import (
    Row,
    TomlReading,
    between,
    is_day,
    is_number,
    is_text,
    is_texts,
    read_toml,
    whole,
)

TOP = (
    "supply", "class", "hiring", "attrition", "leave", "overtime", "backup", "shortage", "budget", "demand", "scenario",
    "objective",
)  # fmt: skip
CLASS = (
    "name", "contract", "skills", "smallest", "largest", "lead_time_weeks", "training_weeks", "ramp", "cost_per_hire",
    "most_at_once", "every_weeks", "first_start", "last_start", "closed",
)  # fmt: skip
TURNOVER = ("yearly", "newcomer_yearly", "newcomer_weeks")
LARGEST = 10_000  # people in a class, weeks of lead time or training
AMOUNT = "a number of at least 0"
SHARE = "a share from 0 to 1, such as 0.1"
USABLE = (
    "the share of paid hours, leave apart, that stand where work needs them: from 0.01 to 1, such as 0.85"
)
GROWTH = "a share such as 0.05 or -0.02"
WORST = "a share from 0.01 to 1, such as 0.1; 1 is the expected cost"
RAMP = "a list of shares from 0 to 1, one a week after training, such as [0.5, 0.8]"
any_amount, share, above_zero = between(0, 1e15), between(0, 1), between(1e-9, 1e15)


def read_capacity(path: Path, settings: Settings) -> CapacitySettings:
    """A capacity plan's file; raises `BadInput` with every fault of it."""
    faults = Faults()
    raw = read_toml(path, "a capacity file", faults)
    faults.raise_if_any()
    found = _Reading(path.name, faults, settings).all(raw)
    faults.raise_if_any()
    return found


class _Reading(TomlReading):
    """One capacity file being read, beside the centre it is for."""

    def __init__(self, file: str, faults: Faults, settings: Settings) -> None:
        super().__init__(file, faults)
        self.queues = {queue.name: queue for queue in settings.queue}
        self.contracts = {contract.name: contract for contract in settings.contract}

    def all(self, raw: Row) -> CapacitySettings:
        """The whole file."""
        self.known(raw, TOP, "")
        supply = self.table(raw, "supply", ("usable_share",))
        hiring = self.table(raw, "hiring", ("most_hires",))
        overtime = self.table(raw, "overtime", ("most_share", "factor"))
        shortage = self.table(raw, "shortage", ("price_per_hour", "allowed_share", "beyond_factor"))
        budget = self.table(raw, "budget", ("total", "per_quarter"))
        demand = self.table(raw, "demand", ("growth_per_year",))
        objective = self.table(raw, "objective", ("worst_share",))
        turnover, turnover_of = self._attrition(raw)
        found = CapacitySettings(
            usable_share=self.need(supply, "usable_share", between(0.01, 1), USABLE, 1.0, "supply."),
            classes=tuple(self._class(row, n) for n, row in enumerate(self.tables(raw, "class"), 1)),
            most_hires=self.maybe(hiring, "most_hires", whole(0, 10**6), "a whole number of at least 0", "hiring."),
            turnover=turnover, turnover_of=turnover_of, leave_by_month=self._leave(raw),
            overtime_share=self.maybe(overtime, "most_share", share, SHARE, "overtime."),
            overtime_factor=self.maybe(overtime, "factor", between(1, 100), "a factor of at least 1, such as 1.5", "overtime."),
            pools=tuple(self._pool(row, n) for n, row in enumerate(self.tables(raw, "backup"), 1)),
            shortage_price=self.maybe(shortage, "price_per_hour", above_zero, "a number above 0", "shortage."),
            allowed_shortage=self.default(shortage, "allowed_share", share, SHARE, 1.0, "shortage."),
            beyond_factor=self.default(shortage, "beyond_factor", between(1, 1000), "a factor from 1 to 1000", 10.0, "shortage."),
            budget=self.maybe(budget, "total", any_amount, AMOUNT, "budget."),
            budget_per_quarter=self.maybe(budget, "per_quarter", any_amount, AMOUNT, "budget."),
            growth_per_year=self.default(demand, "growth_per_year", between(-0.9, 10), GROWTH, 0.0, "demand."),
            scenarios=self._scenarios(raw),
            worst_share=self.default(objective, "worst_share", between(0.01, 1), WORST, 1.0, "objective."),
        )  # fmt: skip
        self.twice([each.name for each in found.classes], "class")
        self.twice([each.name for each in found.pools], "backup")
        self.twice([each.name for each in found.scenarios], "scenario")
        return found

    def _class(self, row: Row, number: int) -> ClassSettings:
        name, where = self._named(row, "class", number)
        self.known(row, CLASS, where)
        words = "a whole number of at least {}"
        smallest = self.default(row, "smallest", whole(1, LARGEST), words.format(1), 1, where)
        largest = self.need(row, "largest", whole(1, LARGEST), words.format(1), LARGEST, where)
        if smallest > largest:
            self.add(f"{where}smallest", f"at most largest, which is {largest}", smallest)
        ramp = self.default(row, "ramp", _shares, RAMP, [], where)
        training = self.default(row, "training_weeks", whole(0, LARGEST), words.format(0), 0, where)
        first, last = (
            self.maybe(row, key, is_day, "a date such as 2004-01-05", where) for key in ("first_start", "last_start")
        )  # fmt: skip
        if first is not None and last is not None and last < first:
            self.add(f"{where}last_start", "a date not before first_start", last)
        return ClassSettings(
            name, self._contract(row.get("contract"), f"{where}contract"), self._skills(row.get("skills"), f"{where}skills"),
            smallest, largest,
            self.need(row, "lead_time_weeks", whole(0, LARGEST), words.format(0), 0, where), training,
            (*(0.0,) * training, *map(float, ramp)),
            self.default(row, "cost_per_hire", any_amount, AMOUNT, 0.0, where),
            self.default(row, "most_at_once", whole(1, LARGEST), words.format(1), 1, where),
            self.default(row, "every_weeks", whole(1, LARGEST), words.format(1), 1, where),
            first, last, self._closed(row, where),
        )  # fmt: skip

    def _closed(self, row: Row, where: str) -> tuple[tuple[date, date], ...]:
        spans = row.get("closed", [])
        right = isinstance(spans, list) and all(
            isinstance(span, dict) and set(span) == {"from", "to"} and is_day(span["from"]) and is_day(span["to"])
            and span["from"] <= span["to"]
            for span in spans
        )  # fmt: skip
        if not right:
            self.add(f"{where}closed", "a list such as [{ from = 2003-12-15, to = 2004-01-04 }], from not after to", spans)  # fmt: skip
            return ()
        return tuple((span["from"], span["to"]) for span in spans)

    def _contract(self, name: object, where: str) -> str:
        if is_text(name) and name in self.contracts:
            return name
        close = suggestion(str(name), self.contracts)
        self.add(
            where, f"a contract of centre.toml: {', '.join(self.contracts) or 'there is none'}{close}", name
        )
        return ""

    def _skills(self, skills: object, where: str) -> Skills:
        if not is_texts(skills) or not skills:
            self.add(where, 'a list of queues of centre.toml, such as ["calls", "chat:0.8"]', skills)
            return ()
        try:
            return tuple(sorted(skills_reader(self.queues)(";".join(skills))))
        except ValueError as error:
            self.add(where, str(error), skills)
            return ()

    def _attrition(self, raw: Row) -> tuple[Turnover, dict[str, Turnover]]:
        table = self.table(raw, "attrition", (*TURNOVER, "contract"))
        usual = self._turnover(table, "attrition.", Turnover())
        own = {}
        for n, row in enumerate(self.tables(table, "contract"), 1):
            where = f"attrition.contract.{n}."
            self.known(row, (*TURNOVER, "name"), where)
            own[self._contract(row.get("name"), f"{where}name")] = self._turnover(row, where, usual)
        return usual, own

    def _turnover(self, row: Row, where: str, usual: Turnover) -> Turnover:
        rate = between(0, 0.999)
        words = "a share of people who leave within a year, from 0 to 0.999, such as 0.3"
        yearly = self.default(row, "yearly", rate, words, usual.yearly, where)
        newcomer = self.default(
            row, "newcomer_yearly", rate, words, max(usual.newcomer_yearly, yearly), where
        )
        words = "a whole number of weeks from 0 to 520"
        weeks = self.default(row, "newcomer_weeks", whole(0, 520), words, usual.newcomer_weeks, where)
        if "newcomer_yearly" in row and not weeks:
            self.add(f"{where}newcomer_weeks", "for how many weeks somebody is a newcomer")
        return Turnover(yearly, newcomer, weeks)

    def _leave(self, raw: Row) -> tuple[float, ...]:
        table = self.table(raw, "leave", ("by_month", "share"))
        if "by_month" not in table:
            away = between(0, 0.99)
            return (self.default(table, "share", away, "a share from 0 to 0.99, such as 0.08", 0.0, "leave."),) * MONTHS  # fmt: skip
        months = table["by_month"]
        if not _shares(months) or len(months) != MONTHS or max(months) > 0.99:
            self.add("leave.by_month", "12 shares of people away from 0 to 0.99, January first", months)
            return (0.0,) * MONTHS
        if "share" in table:
            self.add("leave.share", "either by_month or share", table["share"])
        return tuple(map(float, months))

    def _pool(self, row: Row, number: int) -> PoolSettings:
        name, where = self._named(row, "backup", number)
        self.known(row, ("name", "queues", "hours_a_week", "hourly_cost"), where)
        return PoolSettings(
            name, tuple(queue for queue, _ in self._skills(row.get("queues"), f"{where}queues")),
            self.need(row, "hours_a_week", any_amount, AMOUNT, 0.0, where),
            self.need(row, "hourly_cost", any_amount, AMOUNT, 0.0, where),
        )  # fmt: skip

    def _scenarios(self, raw: Row) -> tuple[ScenarioSettings, ...]:
        rows = self.tables(raw, "scenario")
        return tuple(self._scenario(row, n) for n, row in enumerate(rows, 1)) if rows else SWANSON

    def _scenario(self, row: Row, number: int) -> ScenarioSettings:
        name, where = self._named(row, "scenario", number)
        self.known(row, ("name", "weight", "percentile", "demand", "growth_per_year"), where)
        return ScenarioSettings(
            name, self.need(row, "weight", above_zero, "a number above 0; all of them together are taken as 1", 1.0, where),
            self.maybe(row, "percentile", between(1, 99), "a number from 1 to 99; none for the mean of the forecast", where),
            self.default(row, "demand", between(0, 100), "a factor of demand such as 1.1", 1.0, where),
            self.maybe(row, "growth_per_year", between(-0.9, 10), GROWTH, where),
        )  # fmt: skip

    def _named(self, row: Row, what: str, number: int) -> tuple[str, str]:
        """The name of a table and how its faults are told: by it, or by its number where it has none."""
        name = row.get("name")
        where = f"{what}.{name if is_text(name) and name else number}."
        if not is_text(name) or not name:
            self.add(f"{where}name", "a name", name)
        return str(name), where


def _shares(value: object) -> TypeGuard[list[float]]:
    return isinstance(value, list) and all(is_number(each) and 0 <= each <= 1 for each in value)
