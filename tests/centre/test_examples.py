"""The example folders: read without fault, say where they come from, and are what their generator writes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from centre.folder import Centre, read_centre
from centre.instants import Grid, from_timestamps
from centre.opening import open_mask

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "us-bank": ROOT / "examples" / "us-bank",
    "us-bank-15min": ROOT / "examples" / "us-bank-15min",
    "anonbank": ROOT / "examples" / "anonbank",
    "small": ROOT / "scenarios" / "examples" / "small",
}


@pytest.fixture(scope="module", params=list(FOLDERS))
def centre(request: pytest.FixtureRequest) -> Centre:
    return read_centre(FOLDERS[request.param])


def test_read_without_fault_or_warning(centre: Centre) -> None:
    assert centre.warnings == ()
    assert len(centre.history) > 1000
    assert len(centre.leave) > 0
    assert len(centre.requests) > 0
    names = "".join(agent.name for agent in centre.agents)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in names)
    assert any(letter.isascii() for letter in names)


def test_every_contract_and_shift_is_used(centre: Centre) -> None:
    used = {agent.contract for agent in centre.agents}
    assert used == {contract.name for contract in centre.settings.contract}
    shifts = {name for contract in centre.settings.contract for name in contract.shifts}
    assert shifts == {shift.name for shift in centre.settings.shift}


def test_contacts_are_handled_in_opening_hours(centre: Centre) -> None:
    """What nobody answers may arrive at night; what is handled lies in the opening hours, but for strays."""
    info, history = centre.settings.centre, centre.history
    starts = from_timestamps(history["interval_start"])
    first = int(starts.min() // 1440) - 1
    grid = Grid(info.timezone, first, int(starts.max() // 1440) - first + 2, info.interval_minutes)
    handled = history["handled"] if "handled" in history else history["offered"]
    inside = np.zeros(len(history), dtype=bool)
    for queue in centre.settings.queue:
        inside |= (history["queue"] == queue.name).to_numpy() & open_mask(queue, grid, {})[
            np.searchsorted(grid.starts, starts)
        ]
    assert handled[~inside].sum() < 0.01 * handled.sum()


def test_volumes_of_the_real_series() -> None:
    """Totals of the sources, counted independently of the generator."""
    half_hours = read_centre(FOLDERS["us-bank"]).history
    quarters = read_centre(FOLDERS["us-bank-15min"]).history
    assert half_hours["offered"].sum() == quarters["offered"].sum()
    assert len(quarters) == 2 * len(half_hours) == 164 * 56
    assert half_hours["offered"].head(3).tolist() == [560, 609, 1050]
    calls = read_centre(FOLDERS["anonbank"]).history
    assert (calls["offered"] == calls["handled"] + calls["abandoned"]).all()


def test_a_second_agents_file_is_a_part_of_the_first() -> None:
    folder = FOLDERS["us-bank"]
    everyone = read_centre(folder).agents
    fewer = read_centre(folder, agents=folder / "agents_290.csv").agents
    assert (len(everyone), len(fewer)) == (320, 290)
    assert set(fewer) < set(everyone)


@pytest.mark.parametrize("name", list(FOLDERS))
def test_each_says_what_is_real_and_what_invented(name: str) -> None:
    words = (FOLDERS[name] / ("centre.toml" if name == "small" else "NOTICE.md")).read_text(encoding="utf-8")
    assert "nvented" in words
    assert name == "small" or "Source" in words


def test_the_generator_writes_the_same_again(tmp_path: Path) -> None:
    """What is invented comes from a fixed seed: a second run gives the same bytes."""
    code = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[1:3]\n"
        "import anonbank, small, us_bank; out = Path(sys.argv[3])\n"
        "us_bank.write(out, None); anonbank.write(out, None); small.write(out / 'small')\n"
    )
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    arguments = [str(ROOT / "examples" / "generate"), str(ROOT), str(tmp_path)]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)
    written = list(tmp_path.rglob("*.csv"))
    assert len(written) == 4 + 4 + 3 + 4
    for path in written:
        assert path.read_bytes() == (FOLDERS[path.parent.name] / path.name).read_bytes(), path.name
