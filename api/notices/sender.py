"""The sender: takes notices that are due, one of a receiver at a time, and sends each until it has arrived or is given up.

Each arrives at least once, under the same id in every attempt. After a failure the next attempt waits twice as long, up to a day; after
`MOST_TRIES` attempts, some three and a half days, it is given up.
"""

import logging
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from api.access.scope import machine
from api.notices import mail, posting
from api.notices.errors import NotSent
from api.notices.formats import check, post_of
from api.notices.told import Told, told_of
from api.settings import ServiceSettings
from api.store import notices
from api.store.engine import Store
from api.store.errors import StoreUnavailable
from api.store.notices import Taken

MOST_TRIES = 15
FIRST_WAIT_SECONDS, MOST_WAIT_SECONDS = 30.0, 24 * 3600.0
LEASE = timedelta(minutes=5)
"""Far longer than an attempt can take."""
PAUSES = {"wecom": timedelta(seconds=3.1), "dingtalk": timedelta(seconds=3.1)}
"""Between two messages to a receiver: their bots take 20 a minute."""
MOST_PAUSE_SECONDS = 300.0
"""How long a receiver that failed is left alone at most, whatever else is to be told to it."""
LOOK_SECONDS = 1.0
THREADS = 4
log = logging.getLogger("paiban.notices")


def run(store: Store, settings: ServiceSettings, stop: threading.Event) -> None:
    """Send until told to stop."""
    sender = Sender(store, settings)
    threads = [
        threading.Thread(target=sender.work, args=(stop,), name=f"notices-{k}", daemon=True)
        for k in range(THREADS)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def wait_seconds(attempts: int, asked: float = 0.0) -> float:
    """How long to wait after this many attempts, at random within a quarter more or less; as long as the receiver asked for at least.

    Examples
    --------
    >>> 22.5 <= wait_seconds(1) <= 37.5 and wait_seconds(40) <= 86400 and wait_seconds(1, 600.0) >= 600
    True
    """
    doubled = FIRST_WAIT_SECONDS * 2.0 ** min(attempts - 1, 20)
    return min(max(doubled * random.uniform(0.75, 1.25), asked), MOST_WAIT_SECONDS)


class Sender:
    """Sends what is due."""

    def __init__(self, store: Store, settings: ServiceSettings) -> None:
        self.store, self.settings, self.scope = store, settings, machine("notices")

    def work(self, stop: threading.Event) -> None:
        """Send until told to stop; what goes wrong here is tried again."""
        while not stop.is_set():
            if not self.guarded(self.send_due):
                stop.wait(LOOK_SECONDS)

    def guarded(self, step: Callable[[], int]) -> int:
        """What a step came to; nothing where the database cannot be used now."""
        try:
            return step()
        except StoreUnavailable as error:
            log.warning("notices cannot be sent now: %s", error)
        except Exception as error:  # whatever it is, the next step may go well, and nobody else sends
            log.error("sending notices failed: %s", type(error).__name__)
        return 0

    def send_due(self) -> int:
        """Send what is due now; how many attempts that were."""
        with self.store.read(self.scope) as transaction:
            ids = notices.due(transaction)
        return sum(self._tried(each) for each in ids)

    def _tried(self, delivery_id: str) -> bool:
        try:
            return self._send(delivery_id)
        except StoreUnavailable:
            raise
        except (
            Exception
        ) as error:  # of one delivery: the others go on, and it is tried again when its lease ends
            log.error("delivery %s failed: %s", delivery_id, type(error).__name__)
            return False

    def _send(self, delivery_id: str) -> bool:
        """One attempt; False where another sender has it."""
        with self.store.write(self.scope) as transaction:
            taken = notices.take(transaction, delivery_id, LEASE)
            told = None if taken is None else told_of(transaction, taken)
        if taken is None:
            return False
        if told is None:
            self._give_up(taken, "not for this receiver")
        elif taken.delivery.attempts > MOST_TRIES:
            self._give_up(taken, f"tried {MOST_TRIES} times")
        else:
            self._attempt(taken, told)
        return True

    def _attempt(self, taken: Taken, told: Told) -> None:
        pause = PAUSES.get(taken.webhook.format, timedelta(0))
        try:
            status = self._deliver(taken, told)
        except NotSent as error:
            self._failed(taken, error, pause)
            return
        with self.store.write(self.scope) as transaction:
            notices.delivered(transaction, taken, status, pause)

    def _deliver(self, taken: Taken, told: Told) -> str:
        hook, now = taken.webhook, datetime.now(UTC)
        if hook.format == "email":
            made = mail.mail_of(told, hook.lang, taken.url, self.settings.smtp_from, now)
            return mail.send(self.settings, made)
        sent = post_of(hook.format, told, hook.lang, taken.url, taken.secret, now)
        return check(hook.format, posting.post(sent, allow_private=self.settings.allow_private_webhooks))

    def _failed(self, taken: Taken, error: NotSent, pause: timedelta) -> None:
        attempts = taken.delivery.attempts
        log.info("delivery %s, attempt %d: %s", taken.delivery.id, attempts, error.status)
        if attempts >= MOST_TRIES:
            self._give_up(taken, error.status)
            return
        wait = wait_seconds(attempts, error.wait_seconds)
        alone = max(timedelta(seconds=min(wait, MOST_PAUSE_SECONDS)), pause)
        with self.store.write(self.scope) as transaction:
            notices.failed(transaction, taken, error.status, timedelta(seconds=wait), alone)

    def _give_up(self, taken: Taken, status: str) -> None:
        with self.store.write(self.scope) as transaction:
            notices.give_up(transaction, taken, status)
