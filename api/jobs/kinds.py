"""The kinds of job: each is a command of Paiban, run in a folder made of the centre's revision, with options that may be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.command_line import parsed
from centre.errors import BadInput, Fault, Faults

CENTRE, OUT, WARM = "centre", "out", "kept/rota.csv"
"""Places in a job's folder: the centre folder, the results, and the best rota so far."""
FOLDER_PREFIX = "paiban-job-"
ROLLED = ("ledger.csv", "rota_before.csv")
"""Files of a centre that closing days rolls forward."""
LIMITS = ("seconds", "effort", "seed", "workers")


@dataclass(frozen=True)
class Kind:
    """What a kind of job runs.

    Parameters
    ----------
    module : the command's
    words : its fixed words; ``OUT`` alone becomes the results, or the folder that holds them
    options : options that a job may set
    files : file in the job's folder by the option, or (``""``) positional word, that names it; a job gives its content by digest
    kept : files worth keeping while it runs, from which a run that was cut short goes on
    beside : files of the job's folder that are results too, by the name they get
    same : whether going on from what was kept gives the same answer as beginning anew
    """

    module: str
    words: tuple[str, ...]
    options: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    same: bool = False

    def command(self, args: Mapping[str, Any]) -> list[str]:
        """The words of the command line for a job's ``args``: ``options`` by name, and the digests of its ``files``.

        Raises
        ------
        BadInput
            with every option that this kind of job does not have, or that does not read.
        """
        faults, words = Faults(), list(self.words)
        options, files = args.get("options", {}), args.get("files", {})
        for name, value in options.items():
            if name not in self.options:
                faults.add(name, f"an option of this kind of job: {', '.join(self.options)}")
            else:
                words += _words(name, value)
        for name in files:
            if name not in self.files:
                expected = ", ".join(each or "(the file itself)" for each in self.files) or "none"
                faults.add(name, f"a file that this kind of job takes: {expected}")
            else:
                words += [f"--{name}={self.files[name]}"] if name else [self.files[name]]
        faults.raise_if_any()
        return words

    def check(self, args: Mapping[str, Any]) -> None:
        """Raise `BadInput` where the command would not take what is asked."""
        unknown = [Fault(name, "options or files") for name in args if name not in ("options", "files")]
        if unknown:
            raise BadInput(unknown)
        parsed(self.module, self.command(args))


def _words(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}"] if value else []
    return [f"--{name}={each}" for each in (value if isinstance(value, list) else [value])]


def kind_of(name: str) -> Kind:
    """A kind by its name; raises `BadInput` where there is none."""
    if name not in KINDS:
        raise BadInput([Fault("kind", f"one of {', '.join(KINDS)}", name)])
    return KINDS[name]


_PLANNED = ("start", "days", *LIMITS, "price-rules", "lang", "team")
KINDS: dict[str, Kind] = {
    "forecast": Kind(
        "api.commands.forecast",
        (CENTRE, f"--out={OUT}/forecast.csv", f"--by-day={OUT}/by_day.csv", f"--plot={OUT}/forecast.html", "--workers=1"),
        ("start", "days", "interval-minutes", "seed", "lang"),
    ),
    "requirement": Kind(
        "api.commands.staff",
        (CENTRE, f"--out={OUT}/requirement.csv", f"--curves={OUT}/curves.csv"),
        files={"forecast": "forecast.csv"},
    ),
    "plan": Kind(
        "api.commands.plan",
        (CENTRE, f"--out={OUT}"),
        _PLANNED,
        files={"keep": "earlier.csv"},
        kept=(WARM,),
    ),
    "rota": Kind(
        "api.commands.rota",
        (CENTRE, f"--out={OUT}"),
        _PLANNED,
        files={"requirement": "requirement.csv", "keep": "earlier.csv"},
        kept=(WARM,),
    ),
    "whatif": Kind(
        "api.commands.whatif",
        (CENTRE, f"--out={OUT}"),
        ("start", "days", "change", "scenario", "level", "effort", "replications", "seed", "workers", "lang"),
    ),
    "sweep": Kind(
        "api.commands.sweep",
        (f"--out={OUT}", "--yes"),
        ("effort", "seed", "workers", "lang"),
        files={"": "sweep.toml"},
        kept=(f"{OUT}/sweep.toml", f"{OUT}/cache/*.json"),
        same=True,
    ),
    "audit": Kind(
        "api.commands.audit",
        (f"--centre={CENTRE}", f"--out={OUT}/violations.csv"),
        ("start", "days", "published"),
        files={"": "rota.csv", "before": "before.csv", "against": "against.csv", "legend": "legend.csv"},
    ),
    "simulate": Kind(
        "api.commands.simulate",
        (CENTRE, f"--out={OUT}/simulation.csv"),
        ("replications", "seed", "workers"),
        files={"rota": "rota.csv", "forecast": "forecast.csv"},
    ),
    "bid": Kind(
        "api.commands.bid",
        (CENTRE, f"--out={OUT}"),
        ("order",),
        files={"rota": "rota.csv", "bids": "bids.csv", "performance": "performance.csv"},
    ),
    "close": Kind(
        "api.commands.close",
        (CENTRE, f"--out={OUT}/hours.csv"),
        ("start", "days"),
        files={"rota": "rota.csv", "worked": "worked.csv"},
        beside={name: f"{CENTRE}/{name}" for name in ROLLED},
    ),
    "robust": Kind(
        "api.commands.robust",
        (CENTRE, f"--out={OUT}"),
        ("start", "days", *LIMITS, "ways", "measure", "change"),
    ),
    "capacity": Kind(
        "api.commands.capacity",
        (CENTRE, f"--out={OUT}"),
        ("start", "weeks", "effort", "seconds", "seed", "lang"),
        files={"plan": "capacity.toml"},
    ),
    "backtest": Kind(
        "api.commands.backtest",
        (CENTRE, f"--out={OUT}/backtest.csv"),
        ("origins", "days", "by"),
    ),
    "rehearse": Kind(
        "api.commands.rehearse",
        (CENTRE, f"--out={OUT}"),
        ("start", "days", *LIMITS, "replications", "peak-day"),
    ),
    "replan": Kind(
        "api.commands.replan",
        (CENTRE, f"--out={OUT}"),
        ("now", "absent", "late", "outage", "most", "lead-minutes", "time-off", "team"),
        files={
            "rota": "rota.csv", "forecast": "forecast.csv", "requirement": "requirement.csv", "actuals": "actuals.csv",
        },
    ),
}  # fmt: skip
