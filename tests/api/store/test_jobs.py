from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.access.scope import Role, Scope, machine
from api.store import audit_log, jobs
from api.store.errors import Conflict, NotFound, Stale
from tests.api.store.conftest import ADMIN

WORKER = machine("worker")
LEASE = timedelta(seconds=15)
OVER = timedelta(seconds=-1)


@pytest.fixture
def queued(store, made):
    with store.write(ADMIN) as transaction:
        return jobs.create(transaction, "plan", made.id, 1, {"days": 7})


def claim(store, job, owner="w1", lease=LEASE):
    with store.write(WORKER) as transaction:
        return jobs.claim(transaction, job.id, owner, lease)


def state(store, job):
    with store.read(WORKER) as transaction:
        return jobs.get(transaction, job.id)


def test_a_job_is_queued_taken_reported_and_finished_with_its_files(store, queued):
    taken = claim(store, queued)
    assert (taken.state, taken.attempt, taken.lease_owner) == ("running", 1, "w1")
    with store.write(WORKER) as transaction:
        jobs.report(transaction, queued.id, 1, {"step": "solve", "gap": 0.1}, [("incumbent", {"cost": 5})])
        jobs.keep(transaction, queued.id, 1, LEASE)
        jobs.finish(
            transaction, queued.id, 1, result={"rota": "r"}, files={"plan.json": b"{}", "rota.csv": b"x"}
        )
    done = state(store, queued)
    assert (done.state, done.result, done.progress) == ("done", {"rota": "r"}, {"step": "solve", "gap": 0.1})
    assert done.started_at <= done.ended_at
    assert done.lease_owner is done.lease_until is done.problem is None
    with store.read(ADMIN) as transaction:
        told = jobs.events(transaction, queued.id)
        assert [(each.seq, each.kind) for each in told] == [
            (1, "queued"), (2, "started"), (3, "incumbent"), (4, "progress"), (5, "done"),
        ]  # fmt: skip
        assert jobs.events(transaction, queued.id, after=4) == told[4:]
        assert jobs.file(transaction, queued.id, "plan.json") == b"{}"
        assert list(jobs.files(transaction, queued.id)) == ["plan.json", "rota.csv"]
        with pytest.raises(NotFound):
            jobs.file(transaction, queued.id, "other")


def test_a_job_that_fails_tells_its_problem(store, queued):
    claim(store, queued)
    with store.write(WORKER) as transaction:
        jobs.finish(transaction, queued.id, 1, problem={"type": "bad-input"})
    assert (state(store, queued).state, state(store, queued).problem) == ("failed", {"type": "bad-input"})


def test_of_many_workers_one_takes_the_job(store, queued):
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda k: claim(store, queued, f"w{k}"), range(6)))
    (winner,) = [each for each in taken if each]
    assert state(store, queued).lease_owner == winner.lease_owner


def test_a_running_job_is_taken_over_only_when_its_lease_has_run_out(store, queued):
    claim(store, queued)
    assert claim(store, queued, "w2") is None
    with store.write(WORKER) as transaction:
        assert jobs.orphans(transaction) == []
        jobs.keep(transaction, queued.id, 1, OVER)
    with store.read(WORKER) as transaction:
        assert [each.id for each in jobs.orphans(transaction)] == [queued.id]
    assert claim(store, queued, "w2").attempt == 2


@pytest.mark.parametrize(
    "write",
    [
        lambda tx, job: jobs.keep(tx, job.id, 1, LEASE),
        lambda tx, job: jobs.report(tx, job.id, 1, {"gap": 0}),
        lambda tx, job: jobs.finish(tx, job.id, 1, result={"of": "the dead"}),
    ],
)
@pytest.mark.parametrize("why", ["taken over", "cancelled", "done"])
def test_a_worker_that_was_stopped_and_goes_on_writes_nothing(store, queued, write, why):
    claim(store, queued, lease=OVER)
    if why == "taken over":
        claim(store, queued, "w2")
    else:
        with store.write(ADMIN) as transaction:
            jobs.cancel(transaction, queued.id) if why == "cancelled" else jobs.finish(
                transaction, queued.id, 1, result={}
            )
    before = state(store, queued)
    with pytest.raises(Stale), store.write(WORKER) as transaction:
        write(transaction, queued)
    assert state(store, queued) == before


def test_cancel_and_finish_at_once_end_it_one_way(store, made):
    def race(_):
        with store.write(ADMIN) as transaction:
            job = jobs.create(transaction, "plan", made.id, 1, {})
        claim(store, job)

        def finish():
            with store.write(WORKER) as transaction:
                jobs.finish(transaction, job.id, 1, result={})

        def cancel():
            with store.write(ADMIN) as transaction:
                jobs.cancel(transaction, job.id)

        with ThreadPoolExecutor(2) as pair:
            failed = [done.exception() for done in (pair.submit(finish), pair.submit(cancel))]
        ended = state(store, job).state
        assert [type(each) for each in failed] == (
            [type(None), Conflict] if ended == "done" else [Stale, type(None)]
        )
        with store.read(ADMIN) as transaction:
            assert [each.kind for each in jobs.events(transaction, job.id)].count(ended) == 1

    for k in range(5):
        race(k)


def test_what_was_written_beside_the_end_goes_with_it(store, queued):
    claim(store, queued)

    def publish_and_finish(attempt):
        with store.write(WORKER) as transaction:
            transaction.log("rota.publish", "rota/x")
            jobs.finish(transaction, queued.id, attempt, result={}, files={"x": b"only here"})

    with pytest.raises(Stale):
        publish_and_finish(7)
    with store.read(ADMIN) as transaction:
        assert "rota.publish" not in [each.action for each in audit_log.lines(transaction.connection)]
        assert jobs.files(transaction, queued.id) == {}
    publish_and_finish(1)
    with store.read(ADMIN) as transaction:
        assert list(jobs.files(transaction, queued.id)) == ["x"]


def test_a_cancelled_job_is_not_taken_and_cancelling_again_changes_nothing(store, queued):
    with store.write(ADMIN) as transaction:
        jobs.cancel(transaction, queued.id)
        jobs.cancel(transaction, queued.id)
    assert claim(store, queued) is None
    with store.read(ADMIN) as transaction:
        assert [each.kind for each in jobs.events(transaction, queued.id)] == ["queued", "cancelled"]


def test_who_sees_which_jobs(store, made, queued):
    lead = Scope("lead", Role.TEAM_LEAD, made.id, frozenset({"电话二组"}))
    with store.write(lead) as transaction:
        own = jobs.create(transaction, "replan", made.id, 1, {})
        assert [each.id for each in jobs.find(transaction)] == [own.id]
        assert jobs.count_open(transaction, "lead") == {"queued": 1, "running": 0}
        with pytest.raises(NotFound):
            jobs.get(transaction, queued.id)
    with store.read(Scope("planner", Role.PLANNER, made.id)) as transaction:
        assert [each.id for each in jobs.find(transaction)] == [own.id, queued.id]
        assert [
            each.id for each in jobs.find(transaction, before=own.id, states=["queued"], kind="plan")
        ] == [queued.id]
        assert jobs.find(transaction, states=["done"]) == []
    with store.read(Scope("planner", Role.PLANNER, "another")) as transaction:
        assert jobs.find(transaction) == []
