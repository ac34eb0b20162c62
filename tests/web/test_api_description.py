"""The description of the API is held against the API: whatever is sent, the answer is one that it describes."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import HealthCheck, given, settings

from cleardays.web.table import ENDPOINTS
from reference import app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of libraries beneath it
    import schemathesis
    from schemathesis.checks import CHECKS, load_all_checks

load_all_checks()
# What a description promises; what each of our own rules asks beyond types is answered as a problem, which is checked below.
PROMISES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
ROWS = [each for each in ENDPOINTS if each.is_api]
# what takes nothing can be sent nothing wrong
CASES = [(row, GOOD) for row in ROWS] + [(row, BAD) for row in ROWS if row.takes is not None]
FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        found.get("/api/v1/ping")
        yield found


def sent(desk, case):
    """A case as a program sends it."""
    desk.app.state.house.buckets._left.clear()  # here nobody has to wait
    asked = case.as_transport_kwargs(base_url="http://127.0.0.1")
    return desk.request(
        **{key: asked[key] for key in ("method", "url", "headers", "params", "json", "content") if asked.get(key)}
    )


@pytest.mark.parametrize(("row", "mode"), CASES, ids=[f"{row.method} {row.path} {mode.value}" for row, mode in CASES])
def test_whatever_is_sent_is_answered_as_described_and_what_is_refused_keeps_nothing(desk, row, mode):
    schema = schemathesis.openapi.from_dict(desk.get("/api/v1/openapi.json").json())
    operation = schema[row.path][row.method]
    checks = [CHECKS.get_one(each) for each in PROMISES]

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case):
        before = desk.told() if desk.store.people() else []
        answer = sent(desk, case)
        case.validate_response(answer, checks=checks)
        if answer.status_code >= 400:
            assert answer.json()["problems"][0]["what"]
            assert (desk.told() if desk.store.people() else []) == before

    holds()
