"""The example folders: read without fault, say where they come from, and are what their generator writes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from centre.folder import Centre, read_centre
from centre.instants import Grid, from_timestamps
from centre.model import Queue, Settings
from centre.opening import open_mask

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "us-bank": ROOT / "examples" / "us-bank",
    "us-bank-15min": ROOT / "examples" / "us-bank-15min",
    "anonbank": ROOT / "examples" / "anonbank",
    "peak-week": ROOT / "examples" / "peak-week",
    "small": ROOT / "scenarios" / "examples" / "small",
    "customer-service": ROOT / "scenarios" / "examples" / "customer-service",
}
INVENTED = ("small", "customer-service")


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
    words = (FOLDERS[name] / ("centre.toml" if name in INVENTED else "NOTICE.md")).read_text(encoding="utf-8")
    assert "nvented" in words
    assert name in INVENTED or "Source" in words


def test_the_generator_writes_the_same_again(tmp_path: Path) -> None:
    """What is invented comes from a fixed seed: a second run gives the same bytes."""
    code = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[1:3]\n"
        "import anonbank, customer_service, small, us_bank; out = Path(sys.argv[3])\n"
        "us_bank.write(out, None); anonbank.write(out, None); small.write(out / 'small')\n"
        "customer_service.write(out / 'customer-service')\n"
    )
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    arguments = [str(ROOT / "examples" / "generate"), str(ROOT), str(tmp_path)]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)
    written = list(tmp_path.rglob("*.csv"))
    assert len(written) == 4 + 4 + 3 + 4 + 4
    for path in written:
        assert path.read_bytes() == (FOLDERS[path.parent.name] / path.name).read_bytes(), path.name


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_centre(FOLDERS["customer-service"]).settings


@pytest.fixture(scope="module")
def queues(settings: Settings) -> dict[str, Queue]:
    return {queue.name: queue for queue in settings.queue}


class TestPolicyRows:
    """Every row of the company's policies that touches staffing has its setting in the example that carries
    them.
    """

    def test_p1_first_enquiry_within_30_seconds(self, queues: dict[str, Queue]) -> None:
        chats = [queue for queue in queues.values() if queue.channel == "chat"]
        assert [(queue.target_share, queue.target_seconds) for queue in chats] == [(0.8, 30)]
        assert all(queue.concurrency > 1 and queue.concurrency_slowdown for queue in chats)

    def test_p2_specialists_within_2_minutes(self, queues: dict[str, Queue]) -> None:
        handing_on = [queue for queue in queues.values() if queue.transfer_share > 0]
        assert len(handing_on) == 2
        assert {queues[queue.transfer_to].target_seconds for queue in handing_on} == {120}

    def test_p3_backup_at_50_customers_online(self, settings: Settings) -> None:
        (backup,) = settings.backup
        assert (backup.trigger, backup.threshold, backup.queues) == ("customers_online", 50, ("在线客服",))

    def test_p4_vip_first_with_a_target_of_their_own(self, queues: dict[str, Queue]) -> None:
        vip, line = queues["VIP"], queues["热线"]
        assert vip.priority > line.priority
        assert vip.pool == line.pool != ""
        assert (vip.target_share, vip.target_seconds) == (0.9, 10)

    def test_p5_a_bot_takes_simple_questions(self, queues: dict[str, Queue]) -> None:
        assert queues["在线客服"].containment_share > 0
        assert queues["在线客服"].containment_aht_factor > 1

    def test_p6_complaints_and_what_they_bring_about(
        self, settings: Settings, queues: dict[str, Queue]
    ) -> None:
        (taking,) = [queue for queue in queues.values() if queue.complaints]
        assert taking.target_seconds == 300
        work = [queues[follow_up.to] for follow_up in settings.follow_up if follow_up.queue == taking.name]
        assert [(queue.target_hours, queue.due_by_day_end) for queue in work] == [
            (24, False),
            (None, True),
            (48, False),
        ]
        assert work[-1].channel == "voice"

    def test_p16_hours_by_queue_and_weekday_and_chosen_holidays(self, queues: dict[str, Queue]) -> None:
        assert len({queue.opening for queue in queues.values()}) > 3
        assert len(queues["在线客服"].opening) == 2
        assert {queue.closed_holidays for queue in queues.values()} == {"none", ("Labor Day",)}

    def test_p17_agreed_figures_by_client(self, queues: dict[str, Queue]) -> None:
        agreed = [queue for queue in queues.values() if queue.client]
        assert len({queue.client for queue in agreed}) == 2
        for setting in ("target_seconds", "target_hours", "resolution_hours", "first_contact_resolution"):
            assert any(getattr(queue, setting) is not None for queue in agreed), setting
        assert len({(queue.target_share, queue.target_seconds) for queue in agreed}) > 2

    def test_shares_of_lost_time_by_weekday_and_hour(self, settings: Settings) -> None:
        assert any(isinstance(loss, tuple) for loss in settings.shrinkage.unplanned.values())
