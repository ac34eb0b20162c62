"""Problems as answers: JSON for programs, and the status that says of which kind they are."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from starlette.responses import Response

from cleardays.problems import Problem


class ProblemSaid(msgspec.Struct, frozen=True):
    """One problem: where it was seen, what was seen, what to do."""

    where: str
    what: str
    try_this: str


class Problems(msgspec.Struct, frozen=True):
    """Everything that stood in the way; nothing was changed."""

    problems: list[ProblemSaid]


class Refused(Exception):  # not a fault
    """A request that is not answered, with the HTTP status and why; `at` is where a page for it leads, where one does."""

    def __init__(self, status: int, problem: Problem, *, at: str = "/sign-in") -> None:
        self.status, self.problem, self.at = status, problem, at
        super().__init__(str(problem))


def said(problems: Sequence[Problem]) -> Problems:
    """As they go out."""
    return Problems([ProblemSaid(*problem) for problem in problems])


def problem_answer(status: int, problems: Sequence[Problem]) -> Response:
    """A JSON answer that says what stood in the way."""
    return Response(msgspec.json.encode(said(problems)), status, media_type="application/json")
