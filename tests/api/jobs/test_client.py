from datetime import UTC, datetime, timedelta

import pytest

from api.access.scope import Role, Scope
from api.store import blobs
from api.store.errors import Conflict, NotFound
from centre.errors import BadInput
from tests.api.conftest import START
from tests.api.jobs.conftest import PLANNER, Service, wait

PLAN = {"start": START, "days": 7, "effort": 1, "workers": 1}


def test_a_plan_is_worked_by_the_worker_tells_its_steps_and_its_files_are_the_chains_own(
    served: Service, week
):
    job = served.jobs.submit(PLANNER, "plan", served.centre_id, 1, {"options": PLAN})
    told = [event for event in served.jobs.follow(PLANNER, job.id) if event is not None]
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert [event.kind for event in told][:2] == ["queued", "started"]
    assert told[-1].kind == "done"
    progress = [event.data for event in told if event.kind == "progress"]
    assert {"step": "forecast from the history"} in progress
    assert served.jobs.events(PLANNER, job.id, after=3) == told[3:]

    files, (_, out) = served.files(job.id), week
    assert files["rota.csv"] == (out / "rota.csv").read_bytes()
    assert files.keys() == {path.name for path in out.iterdir()}
    result = served.get(job.id).result
    assert (result["command"], result["out"]) == ("plan", "out")
    again = served.ended(served.jobs.rerun(PLANNER, job.id).id)
    assert "--warm-start rota.csv" in again.result["inputs"]


def test_the_lines_of_a_rota_are_given_anew_by_bids(served: Service, week):
    rota = (week[1] / "rota.csv").read_bytes()
    who = sorted({line.split(",")[0] for line in rota.decode().splitlines()[1:]})
    bids = "agent_id,line,rank\n" + "".join(f"{each},{who[-1]},1\n" for each in who[:-1])
    with served.store.write(PLANNER) as transaction:
        files = {"rota": blobs.put(transaction, rota), "bids": blobs.put(transaction, bids.encode())}
    asked = {"options": {"order": "seniority"}, "files": files}
    job = served.jobs.submit(PLANNER, "bid", served.centre_id, 1, asked)
    result = served.ended(job.id).result
    assert (result["command"], result["bids"]) == ("bid", len(who) - 1)
    told = served.files(job.id)
    assert {"rota.csv", "bids.json", "bids_result.csv"} <= told.keys()
    assert told["bids_result.csv"].count(b"\n") == len(who)


def test_a_cancelled_job_stops_and_publishes_nothing(served: Service):
    job_id = served.nap(60)
    served.running(job_id)
    served.jobs.cancel(PLANNER, job_id)
    quick = served.nap(), served.nap()
    for each in quick:  # both places of the worker are free again
        served.ended(each)
    assert served.get(job_id).state == "cancelled"
    assert served.told(job_id)[-1] == "cancelled"
    assert served.files(job_id) == {}
    assert served.logged("job.done").count(job_id) == 0


def test_a_command_that_refuses_its_input_fails_the_job_with_every_fault(served: Service):
    found = served.ended(served.nap(fail=True), "failed")
    assert found.problem is not None
    assert found.problem["faults"][0]["file"] == "--fail"
    assert served.files(found.id) == {}


def test_what_a_kind_does_not_take_is_refused_before_anything_is_kept(served: Service):
    for kind, args in (
        ("plam", {}),
        ("plan", {"options": {"out": "/etc", "start": "2026-02-23"}}),
        ("plan", {"options": {"start": "soon"}}),
        ("plan", {}),
        ("plan", {"options": PLAN, "rerun_of": "a job of somebody else"}),
        ("plan", {"options": PLAN, "files": {"agents": "0" * 64}}),
    ):
        with pytest.raises(BadInput):
            served.jobs.submit(PLANNER, kind, served.centre_id, 1, args)


def test_a_job_of_a_revision_that_does_not_exist_fails_in_words(served: Service):
    job = served.jobs.submit(PLANNER, "plan", served.centre_id, 99, {"options": PLAN})
    assert served.ended(job.id, "failed").problem["detail"] == "there is no such revision"


def test_a_sweep_of_another_folder_than_the_jobs_centre_fails(served: Service):
    text = b'centre = "/"\nstart = 2026-02-23\ndays = 1\nlevel = "staffing"\n[[scenario]]\nname = "x"\nchanges = ["volume=+1%"]\n'
    with served.store.write(PLANNER) as transaction:
        digest = blobs.put(transaction, text)
    job = served.jobs.submit(PLANNER, "sweep", served.centre_id, 1, {"files": {"": digest}})
    found = served.ended(job.id, "failed")
    assert found.problem["faults"][0]["column"] == "centre"


def test_a_job_that_has_ended_is_run_again_and_one_that_has_not_is_not(served: Service):
    job_id, long = served.nap(), served.nap(60)
    with pytest.raises(Conflict):
        served.jobs.rerun(PLANNER, long)
    served.jobs.cancel(PLANNER, long)
    served.ended(job_id)
    again = served.jobs.rerun(PLANNER, job_id)
    assert again.id != job_id
    assert served.ended(again.id).args["rerun_of"] == job_id


def test_whoever_may_not_see_a_job_may_not_cancel_it(served: Service):
    job_id = served.nap()
    lead = Scope("lead", Role.TEAM_LEAD, served.centre_id, frozenset({"A"}))
    for asked in (served.jobs.cancel, served.jobs.events, served.jobs.rerun):
        with pytest.raises(NotFound):
            asked(lead, job_id)
    wait(lambda: served.get(job_id).state == "done")


def test_entries_of_jobs_that_ended_long_ago_leave_the_queue_and_the_jobs_stay(served: Service):
    job_id, queue = served.nap(), served.jobs.queue
    served.ended(job_id)
    wait(lambda: queue.entries([job_id])[job_id].state == "SUCCESS")
    past, soon = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    assert queue.forget(past) == 0
    assert queue.forget(soon, dry=True) >= 1
    assert queue.entries([job_id])
    assert queue.forget(soon) >= 1
    assert queue.entries([job_id]) == {}
    assert queue.forget(soon, dry=True) == 0
    assert served.get(job_id).state == "done"
