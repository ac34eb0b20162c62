"""The compiled kernel gives the answers of the engine in numpy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cleardays.numerics import compiled
from cleardays.response.design import Circumstances, centring_constant, exposures_at, lay_out
from cleardays.response.draws import white_noise
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.forecast import going_on
from cleardays.response.kernel import Compiled, InNumpy
from cleardays.response.model import Outline
from cleardays.response.nodes import Beside, lay_grid
from cleardays.response.priors import default_priors, reference_priors
from cleardays.response.summary import rates
from reference.diaries import reference_diaries

ROOT = Path(__file__).parents[2]
CASES = {case.name: case for case in reference_diaries()}
needs_kernel = pytest.mark.skipif(compiled.kernel() is None, reason="the kernel was not built here: no C compiler")


def priors_of(case, kind="default"):
    rate, centre = pretreatment_rate(case.days, case.exposure), centring_constant(case.days)
    return reference_priors(rate, centre) if kind == "reference" else default_priors(rate, centre, "x")


def outline_of(case, kind="default"):
    beside = Circumstances(case.others, case.covariates)
    design = lay_out(case.days, case.exposure, beside)
    room = Beside(len(beside.others), len(beside.covariates), design.recalled)
    nodes = lay_grid(priors_of(case, kind), beside=room)
    return Outline(design, nodes, exposures_at(case.exposure, design.first_day, len(design.week_of_day), nodes.onset.tolist()))


@needs_kernel
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_both_engines_solve_and_draw_alike(case):
    outline = outline_of(case)
    plain, quick = InNumpy(outline), Compiled(outline, compiled.kernel())
    a, b = plain.solve(), quick.solve()
    assert a.settled == b.settled
    np.testing.assert_allclose(b.log_evidence, a.log_evidence, atol=1e-9)
    np.testing.assert_allclose(b.levels, a.levels, atol=1e-7)
    np.testing.assert_allclose(b.coefficients, a.coefficients, atol=1e-7)
    node = np.arange(403) % len(a.log_evidence)
    white = white_noise(sum(a.levels.shape[:1]) + len(a.coefficients), 403, seed=1)
    for one, other in zip(plain.draw(node, white), quick.draw(node, white), strict=True):
        np.testing.assert_allclose(other, one, atol=1e-6)


@needs_kernel
@pytest.mark.parametrize("name", ["gaps", "recalled-and-gaps", "dose-steps", "weekend-and-menstrual"])
def test_whole_fits_are_alike_to_a_millionth(name, monkeypatch):
    case = CASES[name]
    beside = Circumstances(case.others, case.covariates)
    quick = fit(case.days, case.exposure, priors_of(case), seed=1, beside=beside)
    monkeypatch.setattr("cleardays.response.kernel.kernel", lambda: None)
    plain = fit(case.days, case.exposure, priors_of(case), seed=1, beside=beside)
    assert (quick.engine, plain.engine) == ("compiled", "numpy")
    assert quick.draws.log_evidence == pytest.approx(plain.draws.log_evidence, abs=1e-7)
    np.testing.assert_allclose(quick.draws.weight, plain.draws.weight, atol=1e-8)
    for one, other in zip(rates(quick, seed=1)[:4], rates(plain, seed=1)[:4], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    np.testing.assert_allclose(going_on(quick).daily_probability, going_on(plain).daily_probability, atol=1e-6)


def test_more_columns_than_the_kernel_has_room_for_go_to_numpy():
    case = CASES["no-change"]
    others = tuple(case.exposure._replace(treatment=str(i)) for i in range(23))
    assert fit(case.days, case.exposure, priors_of(case), seed=1, beside=Circumstances(others), draws=64).engine == "numpy"


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler on this machine")
def test_a_kernel_of_other_sources_is_not_used(tmp_path, monkeypatch):
    for file in compiled.FOLDER.iterdir():
        shutil.copy(file, tmp_path)
    if not (tmp_path / "kernel.so").is_file():
        pytest.skip("the kernel was not built here")
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    monkeypatch.setattr(compiled, "LIBRARY", tmp_path / "kernel.so")
    assert compiled.kernel.__wrapped__() is not None
    (tmp_path / "lanes.h").write_text("/* changed */", encoding="utf-8")
    assert compiled.kernel.__wrapped__() is None
    (tmp_path / "broken.so").write_bytes(b"no library")
    monkeypatch.setattr(compiled, "LIBRARY", tmp_path / "broken.so")
    assert compiled.kernel.__wrapped__() is None


def test_the_kernel_can_be_switched_off():
    code = "from cleardays.numerics.compiled import kernel; print(kernel())"
    found = subprocess.run(
        [sys.executable, "-c", code], env={"CLEARDAYS_KERNEL": "off", "PATH": ""}, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "None"
