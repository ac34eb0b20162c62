"""Answers at hand: worked out once for a story as it stands, a trial and a day, and forgotten when others are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from cleardays.trial.account.of_story import account_of

if TYPE_CHECKING:
    from cleardays.trial.account.account import Account
    from cleardays.trial.story.story import Story

_AT_HAND = 100


class Asked(NamedTuple):
    """Which answer: `digest` is that of the last event of the story, empty where it is not known for sure."""

    person: str
    digest: str
    trial: str
    day: date


class Answers:
    """Accounts of trials, each worked out by the first who asks; who asks meanwhile waits for it."""

    def __init__(self, most: int = _AT_HAND) -> None:
        self._most, self._lock = most, Lock()
        self._known: OrderedDict[Asked, Future[Account]] = OrderedDict()

    def of(self, asked: Asked, story: Callable[[], Story]) -> Account:
        """The account of a trial.

        Args:
            asked: which.
            story: gives the story with its diary; called only where the answer is not at hand.

        Raises:
            BadInput: there is no such trial, or its doses do not fit its plan.
        """
        if not asked.digest:
            return account_of(story(), asked.trial, asked.day)
        with self._lock:
            promise = self._known.get(asked)
            mine = promise is None
            if promise is None:
                promise = self._known[asked] = Future()
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
            else:
                self._known.move_to_end(asked)
        if mine:
            self._work_out(asked, story, promise)
        return promise.result()

    def forget(self, person: str) -> None:
        """Know no answer any more of somebody who is erased."""
        with self._lock:
            for asked in [each for each in self._known if each.person == person]:
                del self._known[asked]

    def _work_out(self, asked: Asked, story: Callable[[], Story], promise: Future[Account]) -> None:
        try:
            promise.set_result(account_of(story(), asked.trial, asked.day, digest=asked.digest))
        except BaseException as error:  # whoever waits has to hear of it too
            with self._lock:
                self._known.pop(asked, None)
            promise.set_exception(error)
