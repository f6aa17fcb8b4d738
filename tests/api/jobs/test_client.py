import pytest

from api.access.scope import Role, Scope
from api.store.errors import Conflict, NotFound
from centre.errors import BadInput
from tests.api.jobs.conftest import PLANNER, Service, wait

PLAN = {"start": "2026-02-23", "days": 2, "effort": 1, "workers": 1}


def test_a_plan_is_worked_by_the_worker_and_its_files_are_the_chains_own(served: Service):
    job = served.jobs.submit(PLANNER, "plan", served.centre_id, 1, {"options": PLAN})
    found = served.ended(job.id)
    assert found.result is not None
    assert found.result["command"] == "plan"
    assert found.result["exit_code"] in (0, 1)
    files = served.files(job.id)
    assert {"rota.csv", "plan.json", "report.html", "violations.csv", "requirement.csv"} <= files.keys()
    assert files["rota.csv"].startswith(b"agent_id,")


def test_the_steps_and_figures_of_a_plan_are_told_in_order_and_from_any_event_on(served: Service):
    job = served.jobs.submit(PLANNER, "plan", served.centre_id, 1, {"options": PLAN})
    told = [event for event in served.jobs.follow(PLANNER, job.id) if event is not None]
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert [event.kind for event in told][:2] == ["queued", "started"]
    assert told[-1].kind == "done"
    progress = [event.data for event in told if event.kind == "progress"]
    assert {"step": "forecast from the history"} in progress
    assert any({"cost", "bound", "gap"} <= each.keys() for each in progress)
    assert served.jobs.events(PLANNER, job.id, after=3) == told[3:]


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
        ("plan", {"options": PLAN, "files": {"agents": "0" * 64}}),
    ):
        with pytest.raises(BadInput):
            served.jobs.submit(PLANNER, kind, served.centre_id, 1, args)


def test_a_job_of_a_revision_that_does_not_exist_fails_in_words(served: Service):
    job = served.jobs.submit(PLANNER, "plan", served.centre_id, 99, {"options": PLAN})
    assert served.ended(job.id, "failed").problem["detail"] == "there is no such revision"


def test_a_sweep_of_another_folder_than_the_jobs_centre_fails(served: Service):
    from api.store import blobs

    text = b'centre = "/"\nstart = 2026-02-23\ndays = 1\nlevel = "staffing"\n[[scenario]]\nname = "x"\nchanges = ["volume=+1%"]\n'
    with served.store.write(PLANNER) as transaction:
        digest = blobs.put(transaction, text)
    job = served.jobs.submit(PLANNER, "sweep", served.centre_id, 1, {"files": {"": digest}})
    found = served.ended(job.id, "failed")
    assert found.problem["faults"][0]["column"] == "centre"


def test_only_so_many_jobs_of_a_member_run_at_once_and_others_are_not_held_up(served: Service):
    greedy = Scope("greedy", Role.PLANNER)
    naps = [served.nap(1.0, greedy) for _ in range(3)]
    served.jobs.cancel(PLANNER, naps[2])
    served.ended(naps[0])
    assert served.get(naps[2]).state == "cancelled"


def test_a_job_that_has_ended_is_run_again_and_one_that_has_not_is_not(served: Service):
    job_id = served.nap(0.2)
    with pytest.raises(Conflict):
        served.jobs.rerun(PLANNER, served.nap(30))
    served.ended(job_id)
    again = served.jobs.rerun(PLANNER, job_id)
    assert again.id != job_id
    assert served.ended(again.id).args["rerun_of"] == job_id
    for each in ("queued", "running"):
        for job in [job for job in _open(served) if job.state == each]:
            served.jobs.cancel(PLANNER, job.id)


def test_whoever_may_not_see_a_job_may_not_cancel_it(served: Service):
    job_id = served.nap()
    lead = Scope("lead", Role.TEAM_LEAD, served.centre_id, frozenset({"A"}))
    for asked in (served.jobs.cancel, served.jobs.events, served.jobs.rerun):
        with pytest.raises(NotFound):
            asked(lead, job_id)
    wait(lambda: served.get(job_id).state == "done")


def _open(served: Service):
    from api.store import jobs

    with served.store.read(PLANNER) as transaction:
        return jobs.find(transaction, states=("queued", "running"))
