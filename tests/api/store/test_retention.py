"""Retention: what is old goes, what the law or somebody needs stays, and the audit log says how much it was."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from api import retention
from api.access.scope import Role, machine
from api.settings import ServiceSettings
from api.store import (
    audit_log,
    blobs,
    centres,
    idempotency,
    jobs,
    keys,
    leave_requests,
    members,
    people,
    publishing,
    rotas,
    swaps,
)
from api.store.centre_files import prepare
from api.store.centres import Centre
from api.store.engine import Store
from api.store.errors import Conflict, NotFound
from api.store.leave_requests import LeaveRequest

SCOPE, SETTINGS = machine("test"), ServiceSettings()
HEADER = "agent_id,day,start,end,activity,shift,paid\n"
NOW = datetime.now(UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def writing(store: Store, at: datetime = NOW):
    """A transaction of a day that is over."""

    class At:
        def __enter__(self):
            self.inner = store.write(SCOPE)
            transaction = self.inner.__enter__()
            transaction.now = at
            return transaction

        def __exit__(self, *of):
            return self.inner.__exit__(*of)

    return At()


def run(store: Store, **settings):
    return {name: count for name, count in tell(store, **settings).items() if count}


def tell(store: Store, dry: bool = False, **settings):
    return retention.run(store, SETTINGS.model_copy(update=settings), SCOPE, dry=dry)


def a_rota(store: Store, made: Centre, start: date, publish: bool, edits: int = 2) -> str:
    with writing(store) as transaction:
        rota = rotas.create(transaction, made.id, start, 7, HEADER.encode(), centre_revision=1).id
        for k in range(edits):
            rotas.edit(transaction, rota, k + 1, f"{HEADER}A001,{start},{k},{k},x,,true\n".encode())
        if publish:
            publishing.publish(transaction, rota, edits + 1)
            rotas.edit(transaction, rota, edits + 2, f"{HEADER}A001,{start},9,9,x,,true\n".encode())
    return rota


def test_nothing_goes_that_is_not_old(store: Store, made: Centre):
    a_rota(store, made, NOW.date(), publish=True)
    before = [line.action for line in lines(store)]
    assert run(store) == {}
    assert [line.action for line in lines(store)] == before


def lines(store: Store):
    with store.read(SCOPE) as transaction:
        return list(audit_log.lines(transaction.connection))


def test_ended_sessions_and_old_answers_go(store: Store):
    with writing(store, ago(40)) as transaction:
        member = members.create(transaction, Role.ADMIN).id
        keys.open_session(transaction, member, "old", ago(39))
        idempotency.begin(transaction, "old", "digest")
        idempotency.finish(transaction, "old", 200, {}, b"x")
    with writing(store) as transaction:
        idempotency.begin(transaction, "new", "digest")
        idempotency.finish(transaction, "new", 200, {}, b"x")
    assert tell(store, dry=True) == tell(store, dry=True)
    assert run(store) == {"sessions": 1, "answers": 1}
    with store.read(SCOPE) as transaction:
        assert idempotency.given(transaction, "old", "digest") is None
        assert idempotency.given(transaction, "new", "digest") is not None
    told = [(line.object, line.detail["count"]) for line in lines(store) if line.action == "retention.remove"]
    assert told == [("retention/sessions", 1), ("retention/answers", 1)]


def an_old_job(store: Store, made: Centre, at: datetime, content: bytes) -> str:
    with writing(store, at) as transaction:
        asked = {"options": {}, "files": {"forecast": blobs.put(transaction, b"asked " + content)}}
        job = jobs.create(transaction, "requirement", made.id, 1, asked).id
        taken = jobs.claim(transaction, job, "w", timedelta(seconds=9))
        jobs.finish(transaction, job, taken.attempt, result={"a": 1}, files={"r.csv": content})
    return job


def test_of_jobs_that_ended_events_go_first_then_results_then_contents(store: Store, made: Centre):
    old, middle, new = (an_old_job(store, made, ago(days), f"{days}".encode()) for days in (400, 60, 1))
    assert tell(store, dry=True)["job_results"] == 1
    assert run(store) == {"job_events": 2, "job_results": 1}
    with store.read(SCOPE) as transaction:
        assert [len(jobs.events(transaction, each)) for each in (old, middle, new)] == [0, 0, 3]
        assert [jobs.get(transaction, each).result for each in (old, middle)] == [None, {"a": 1}]
        assert jobs.files(transaction, old) == {}
        assert jobs.file(transaction, middle, "r.csv") == b"60"
        assert jobs.get(transaction, old).state == "done"
    assert contents(store) == {b"400": True, b"asked 400": True, b"60": True, b"asked 60": True}
    later(store, 8)
    assert run(store) == {"unused_files": 2}
    assert contents(store) == {b"400": False, b"asked 400": False, b"60": True, b"asked 60": True}


def contents(store: Store):
    with store.read(SCOPE) as transaction:
        return {each: is_kept(transaction, each) for each in (b"400", b"asked 400", b"60", b"asked 60")}


def is_kept(transaction, content: bytes) -> bool:
    try:
        return blobs.get(transaction, blobs.digest_of(content)) == content
    except NotFound:
        return False


def later(store: Store, days: int) -> None:
    """As if contents had been unused for so many days."""
    with store.engine.connect() as connection:
        past = NOW - timedelta(days=days)
        value = past.replace(tzinfo=None) if connection.dialect.name == "sqlite" else past
        connection.execution_options(paiban_writes=True)
        connection.execute(
            text("UPDATE blob_unused SET since = :at"),
            {"at": value.isoformat(sep=" ") if connection.dialect.name == "sqlite" else value},
        )
        connection.commit()


def test_a_content_that_is_named_again_stays(store: Store, made: Centre):
    an_old_job(store, made, ago(400), b"400")
    run(store)
    later(store, 8)
    with writing(store) as transaction:
        rotas.create(transaction, made.id, NOW.date(), 7, b"400", centre_revision=1)
    assert run(store) == {"unused_files": 1}  # what the job was asked with
    assert contents(store)[b"400"]


def test_a_content_that_a_job_makes_while_it_is_swept_stays(store: Store, made: Centre):
    """An old content that nothing named is made once more; the sweep comes before the job that made it names it."""
    with writing(store) as transaction:
        blobs.put(transaction, b"400")
    run(store)
    later(store, 8)
    with writing(store) as transaction:
        job = jobs.create(transaction, "plan", made.id, 1, {"options": {}}).id
        attempt = jobs.claim(transaction, job, "w", timedelta(seconds=9)).attempt
    with ThreadPoolExecutor(1) as pool:
        with store.write(SCOPE) as transaction:
            digest = blobs.put(transaction, b"400")
            swept = pool.submit(run, store)
            wait(
                [swept], timeout=0.5
            )  # over PostgreSQL it is in the midst of it, over SQLite it waits to begin
            jobs.finish(transaction, job, attempt, result={}, digests={"r.csv": digest})
        assert swept.result() == {}
    with store.read(SCOPE) as transaction:
        assert jobs.file(transaction, job, "r.csv") == b"400"


def test_nothing_goes_that_a_job_may_have_made_which_has_not_ended(store: Store, made: Centre):
    with writing(store, ago(20)) as transaction:
        job = jobs.create(transaction, "plan", made.id, 1, {"options": {}}).id
    with writing(store) as transaction:
        blobs.put(transaction, b"400")
    run(store)
    later(store, 8)
    assert run(store) == {}
    with writing(store) as transaction:
        jobs.cancel(transaction, job)
    assert run(store) == {"unused_files": 1}


def test_drafts_go_long_after_their_days_and_what_agents_saw_stays(store: Store, made: Centre):
    old, week = ago(1200).date(), timedelta(days=7)
    draft, public = a_rota(store, made, old, publish=False), a_rota(store, made, old + week, publish=True)
    young = a_rota(store, made, ago(900).date(), publish=False)
    assert run(store) == {"drafts": 1, "draft_versions": 2}
    with store.read(SCOPE) as transaction:
        with pytest.raises(NotFound):
            rotas.get(transaction, draft)
        assert [each.version for each in rotas.versions(transaction, public)] == [5, 4, 3]
        assert rotas.content(transaction, public, 4).endswith(b",1,1,x,,true\n")
        assert len(rotas.versions(transaction, young)) == 3
    with writing(store) as transaction:
        rotas.undo(transaction, public, 5)
    with pytest.raises(Conflict, match="kept no longer"), writing(store) as transaction:
        rotas.undo(transaction, public, 6)


def test_why_somebody_was_away_goes_the_leave_itself_stays(store: Store, files):
    leave = (
        "agent_id,start,end,kind\nA001,2020-01-01,2020-01-03,病假\nA002,2031-01-01T09:00,2031-01-02,婚假\n"
    )
    protections = "agent_id,kind,start,end\nA003,pregnancy,2020-01-01,2020-06-01\nA003,nursing,2020-06-01,\n"
    told = files | {"leave.csv": leave.encode(), "protections.csv": protections.encode()}
    with writing(store) as transaction:
        centre = centres.create(transaction, prepare(told)).id
        centres.change(
            transaction, centre, 1, prepare(told | {"requests.csv": b"agent_id,date,kind,shift,weight\n"})
        )
        for kind, end in (("sick", ago(900)), ("annual", ago(1))):
            leave_requests.create(
                transaction,
                LeaveRequest(
                    kind,
                    centre,
                    1,
                    "granted",
                    "A001",
                    "2020-01-01",
                    "2020-01-02",
                    kind,
                    end,
                    "m",
                    ago(950),
                    None,
                    None,
                    "",
                ),
            )
    assert run(store, keep_requests_days=36_500) == {"leave_reasons": 3}
    with store.read(SCOPE) as transaction:
        for revision in (1, 2):
            now = centres.export(transaction, centre, revision, names=False, reasons=True)
            assert "A001,2020-01-01,2020-01-03,\n" in now["leave.csv"].decode()
            assert "婚假" in now["leave.csv"].decode()
            assert now["protections.csv"].decode().count("A003") == 1
        kinds = [each.kind for each in leave_requests.find(transaction, centre)]
        assert sorted(kinds) == ["", "annual"]
    later(store, 8)
    assert run(store, keep_requests_days=36_500)["unused_files"] == 2
    with store.read(SCOPE) as transaction:
        assert not is_kept(transaction, leave.encode())


def test_requests_of_long_ago_go(store: Store, made: Centre):
    rota = a_rota(store, made, NOW.date(), publish=True)
    with writing(store, ago(1300)) as transaction:
        for day in (1200, 10):
            given = "A001", ago(day).date(), ()
            swaps.create(transaction, made.id, rota, given, ("A002", None, ()), ago(day))
    assert run(store) == {"requests": 1}
    with store.read(SCOPE) as transaction:
        assert [each.state for each in swaps.find(transaction, made.id)] == ["expired"]


def test_people_whose_records_need_be_kept_no_longer_are_erased(store: Store, made: Centre):
    with writing(store) as transaction:
        people.restrict(transaction, made.id, "A001", ago(1))
        people.restrict(transaction, made.id, "A002", NOW + timedelta(days=9))
    assert tell(store, dry=True)["people"] == 1
    assert not (store.folder / people.ERASURES).exists()
    assert run(store) == {"people": 1}
    with store.read(SCOPE) as transaction:
        assert not people.is_there(transaction, made.id, "A001")
        assert people.is_there(transaction, made.id, "A002")


def test_trying_changes_nothing(store: Store, made: Centre):
    an_old_job(store, made, ago(400), b"400")
    a_rota(store, made, ago(1200).date(), publish=False)
    before = len(lines(store))
    told = tell(store, dry=True)
    assert {name: count for name, count in told.items() if count} == {
        "job_events": 1, "job_results": 1, "drafts": 1,
    }  # fmt: skip
    assert tell(store, dry=True) == told
    assert len(lines(store)) == before
    assert run(store) == {"job_events": 1, "job_results": 1, "drafts": 1}


class Entries:
    """A queue that counts how often it is asked."""

    asked = 0

    def forget(self, before, *, dry):
        self.asked += 1
        return 0


def test_of_all_processes_one_does_it_once_a_day(store: Store):
    queue = Entries()
    told = [retention.once_a_day(store, SETTINGS, queue, SCOPE) for _ in range(3)]
    assert [each is not None for each in told] == [True, False, False]
    assert queue.asked == 1


def test_a_process_looks_until_it_is_stopped_whatever_goes_wrong(store: Store, monkeypatch, caplog):
    monkeypatch.setattr(retention, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(retention, "LOOK_SECONDS", 0.0)
    stop = threading.Event()

    class Broken(Entries):
        def forget(self, before, *, dry):
            stop.set()
            raise RuntimeError("the queue is broken")

    retention.watch(store, SETTINGS, Broken(), stop)
    assert "retention failed" in caplog.text
    assert retention.once_a_day(store, SETTINGS, Entries(), SCOPE) is None  # tried again in an hour


def test_two_years_of_working_time_are_kept_at_least():
    for name in ("keep_drafts_days", "keep_requests_days"):
        with pytest.raises(ValueError, match="731"):
            ServiceSettings(**{name: 730})
    assert json.loads(SETTINGS.model_dump_json())["keep_drafts_days"] >= 731
