"""What always holds where a centre is known: contracts, shift templates, employment, leave, hours of the week, patterns, skills."""

from scheduler.rules.availability import Availability
from scheduler.rules.backup_call_outs import BackupCallOuts
from scheduler.rules.contract_days import ContractDays
from scheduler.rules.contract_minutes import ContractMinutes
from scheduler.rules.contract_shifts import ContractShifts
from scheduler.rules.employment import Employment
from scheduler.rules.induction_no_cover import InductionNoCover
from scheduler.rules.known_people import KnownPeople
from scheduler.rules.leave import Leave
from scheduler.rules.mentor_beside import MentorBeside
from scheduler.rules.mentor_load import MentorLoad
from scheduler.rules.one_shift_a_day import OneShiftADay
from scheduler.rules.overlap import Overlap
from scheduler.rules.rotation_pattern import RotationPattern
from scheduler.rules.rule import Rule
from scheduler.rules.shift_template import ShiftTemplateRule
from scheduler.rules.skills import Skills

NAME = "centre"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        KnownPeople("agents.csv", NAME),
        Employment("starts_on and leaves_on in agents.csv", NAME),
        Leave("leave.csv", NAME),
        Availability("available in agents.csv", NAME),
        RotationPattern("[[pattern]] in centre.toml", NAME),
        Skills("skills in agents.csv", NAME),
        Overlap("nobody is in two places at once", NAME),
        OneShiftADay("a shift belongs to the day on which it starts", NAME),
        ShiftTemplateRule("shift template in centre.toml", NAME),
        ContractShifts("contract in centre.toml", NAME),
        ContractMinutes("contract in centre.toml", NAME),
        ContractDays("contract in centre.toml", NAME),
        BackupCallOuts("backup pools in centre.toml", NAME),
        InductionNoCover("stage in agents.csv and passes.csv (policy P10)", NAME),
        MentorBeside("stage and mentor in agents.csv (policy P10)", NAME),
        MentorLoad("mentor_load in centre.toml (policy P10)", NAME),
    )
