"""Two processes that write at once, on both engines: nothing is lost, no place is given twice, and who was late is told."""

from __future__ import annotations

import subprocess
import sys

from cleardays.store import open_store
from reference.disk import ROOT
from reference.kept import require_kept, require_whole_batches, told_by
from reference.nursery import SAM, Nursery

TIMES = 40
CAREFUL = """
import sys
from cleardays.store import Conflict, open_store
from reference.nursery import SAM
from reference.kept import told_by
place, seed = sys.argv[1], int(sys.argv[2])
late = 0
with open_store(place) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for event in told_by(seed, 25):
        while True:
            stands = store.head(SAM).seq
            try:
                assert store.append(SAM, [event], expected=stands).seq == stands + 1
                break
            except Conflict:
                late += 1
print(late)
"""


def test_two_processes_that_write_to_one_person_lose_nothing_and_share_no_place(store_place, tmp_path):
    with Nursery(tmp_path) as nursery:
        writers = {seed: nursery.start(store_place, seed=seed, times=TIMES, together=1 + 3 * (seed % 2)) for seed in (1, 2, 3)}
        for writer in writers.values():
            writer.finish()
        assert nursery.log() == ""
    acknowledged = [line for writer in writers.values() for line in writer.acknowledged]
    assert len(acknowledged) == 3 * TIMES
    assert len({line["seq"] for line in acknowledged}) == len(acknowledged)
    with open_store(store_place) as store:
        require_whole_batches(require_kept(store, acknowledged), writers)


def test_who_looks_before_telling_is_told_when_somebody_was_faster_and_in_the_end_both_are_there(store_place):
    with open_store(store_place) as store:
        store.add_person(SAM)
        command = [sys.executable, "-c", CAREFUL, store_place]
        environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
        both = [
            subprocess.Popen([*command, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
            for seed in (1, 2)
        ]
        for process in both:
            assert process.stdout.readline() == "ready\n"
        for process in both:
            process.stdin.write("\n")
            process.stdin.flush()
        late = [int(process.communicate(timeout=120)[0]) for process in both]
        assert [process.returncode for process in both] == [0, 0]
        events = require_kept(store, [])
    for seed in (1, 2):
        mine = [event for event in events if event.body["cells"]["note"].startswith(f"{seed} ")]
        assert mine == told_by(seed, 25)
    assert len(events) == len(told_by(1, 25)) + len(told_by(2, 25))
    assert sum(late) > 0
