"""Two people draft, edit, publish, swap and undo at once, against a model that fits on a page: nothing of either is lost.

PAIBAN_TEST_STEPS=50 PAIBAN_TEST_EXAMPLES=200 runs as long as the issue asks for.
"""

import os
import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from api.access.scope import Role, Scope
from api.store import audit_log, centres, publishing, rotas
from api.store.centre_files import prepare
from api.store.errors import Conflict, Stale
from tests.api.store.test_rotas import rows
from tests.databases import opened

EXAMPLES = int(os.environ.get("PAIBAN_TEST_EXAMPLES", "8"))
STEPS = int(os.environ.get("PAIBAN_TEST_STEPS", "20"))
AT_ONCE = partial(publishing.publish_rows, centre_revision=1)
PEOPLE = sampled_from(["planner-1", "planner-2"])


class TwoPlanners(RuleBasedStateMachine):
    """Each reads the rota now and then, and changes it as they last read it."""

    store, files = None, None

    @initialize(hour=integers(0, 9))
    def drafts(self, hour):
        with self.store.write(Scope("planner-1", Role.PLANNER)) as transaction:
            made = centres.create(transaction, self.files)
            self.rota = rotas.create(
                transaction, made.id, date(2026, 2, 23), 7, rows(("A001", hour)), centre_revision=1
            ).id
        self.history = [(rows(("A001", hour)), "draft")]
        self.behind = {0: None}
        self.shown = 0
        self.published = None
        self.read = {"planner-1": 1, "planner-2": 1}

    @rule(who=PEOPLE)
    def reads(self, who):
        with self.store.read(Scope(who, Role.PLANNER)) as transaction:
            found = rotas.get(transaction, self.rota)
            content = rotas.content(transaction, self.rota, found.version)
        assert (found.version, found.published_version) == (len(self.history), self.published)
        assert content == self.history[-1][0]
        self.read[who] = found.version

    @rule(who=PEOPLE, hour=integers(0, 9))
    def edits(self, who, hour):
        if self.does(who, rotas.edit, rows(("A001", hour))):
            self.behind[len(self.history)] = self.shown
            self.shown = len(self.history)
            self.history.append((rows(("A001", hour)), "edit"))

    @rule(who=PEOPLE)
    def publishes(self, who):
        if self.does(who, publishing.publish):
            self.history.append((self.history[self.shown][0], "publish"))
            self.published = len(self.history)

    @rule(who=PEOPLE, hour=integers(0, 9))
    def publishes_a_swap(self, who, hour):
        unpublished = self.published != len(self.history)
        if self.does(who, AT_ONCE, rows(("A001", hour)), nothing_left=unpublished):
            self.behind[len(self.history)] = self.shown
            self.shown = len(self.history)
            self.history.append((rows(("A001", hour)), "publish"))
            self.published = len(self.history)

    @rule(who=PEOPLE)
    def undoes(self, who):
        before = self.behind[self.shown]
        if self.does(who, rotas.undo, nothing_left=before is None):
            self.shown = before
            self.history.append((self.history[before][0], "undo"))

    def does(self, who, change, *words, nothing_left=False):
        """Whether it was done; as the model says it must be, or not."""
        try:
            with self.store.write(Scope(who, Role.PLANNER)) as transaction:
                self.read[who], before = (
                    change(transaction, self.rota, self.read[who], *words).version,
                    self.read[who],
                )
        except Stale:
            assert self.read[who] < len(self.history)
            return False
        except Conflict:
            assert nothing_left
            assert self.read[who] == len(self.history)
            return False
        assert before == len(self.history)
        assert not nothing_left
        return True

    def teardown(self):
        if not hasattr(self, "rota"):
            return
        with self.store.read(Scope("planner-1", Role.PLANNER)) as transaction:
            told = [
                (rotas.content(transaction, self.rota, each.version), each.what)
                for each in rotas.versions(transaction, self.rota, limit=1000)
            ]
            assert audit_log.verify(transaction.connection).broken_at is None
        assert told[::-1] == self.history


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_of_two_planners_is_lost(database, request, files):
    url = request.getfixturevalue(f"{database}_url")
    with tempfile.TemporaryDirectory() as folder, opened(url, Path(folder)) as store:
        machine = type("TwoPlanners", (TwoPlanners,), {"store": store, "files": prepare(files)})
        run_state_machine_as_test(
            machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
        )
