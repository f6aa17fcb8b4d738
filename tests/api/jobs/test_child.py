import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from api.jobs.kinds import WARM
from centre.folder import read_centre, read_rota
from scenarios.plan import plan
from scheduler.incumbent import Incumbent
from scheduler.rota import Rota
from scheduler.solution import Limits
from scheduler.solve import solve
from tests.api.conftest import SMALL
from tests.api.jobs.conftest import wait


def test_a_search_tells_its_best_rota_so_far_and_another_begins_with_it(monkeypatch):
    told = list[str]()
    centre, day = read_centre(SMALL), date(2026, 2, 23)
    made = plan(centre, day, 1, Limits(effort=1, workers=1), told.append)
    best = [each for each in told if isinstance(each, Incumbent)]
    assert best
    assert best[-1].cost >= made.solution.objective >= best[-1].bound
    assert best[-1].startswith(f"cost {best[-1].cost:,.0f}, bound {best[-1].bound:,.0f}")
    rota = best[-1].rota()
    assert set(rota.to_frame()["agent_id"]) <= {agent.agent_id for agent in centre.agents}
    began = list[Rota | None]()
    monkeypatch.setattr(
        "scenarios.plan.solve", lambda *args, start: began.append(start) or solve(*args, start=start)
    )
    plan(centre, day, 1, Limits(effort=1, workers=1), warm=rota)
    assert began == [rota]


def test_the_figures_and_the_best_rota_are_told_and_kept(tmp_path, monkeypatch):
    from api.jobs.child import _Telling

    monkeypatch.chdir(tmp_path)
    rows = "agent_id,day,start,end,activity,shift,paid\nA1,2026-02-23,2026-02-23T01:00Z,2026-02-23T02:00Z,work:calls,E,true\n"
    Path("rota.csv").write_text(rows, encoding="utf-8")
    rota = Rota.from_frame(read_rota(Path("rota.csv"), ZoneInfo("UTC")))
    with Path("told").open("w", encoding="utf-8") as told:
        tell = _Telling(told)
        for _ in range(2):
            tell("solve")
        tell(Incumbent.of(3.0, 2.0, 0.5, lambda: rota))
    lines = [json.loads(line) for line in Path("told").read_text(encoding="utf-8").splitlines()]
    assert lines == [{"progress": {"step": "solve"}}, {"progress": {"cost": 3.0, "bound": 2.0, "gap": 0.5}}]
    assert Path(WARM).read_text(encoding="utf-8").startswith("agent_id,day,start")
    assert "A1" in Path(WARM).read_text(encoding="utf-8")


def test_a_jobs_process_and_its_folder_end_with_whoever_started_it(tmp_path):
    place = tmp_path / "paiban-job-x"
    place.mkdir()
    (place / "words.json").write_text('["--seconds=60", "--out=x"]')
    command = [sys.executable, "-m", "api.jobs.child", "tests.api.jobs.nap", "words.json"]
    process = subprocess.Popen(
        command, cwd=place, env=os.environ | {"PYTHONPATH": str(Path.cwd())}, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    assert json.loads(process.stdout.readline()) == {"progress": {"step": f"process {process.pid}"}}
    process.stdin.close()
    wait(lambda: process.poll() is not None)
    process.stdout.close()
    assert process.returncode < 0
    wait(lambda: not place.exists())
