"""A sample of `drills/crash.py`: four kills while people work, and nothing acknowledged is lost.

The drill starts the web server by `nep serve`, which loads the product twice: once for its checks.
"""

from drills.crash import run
from tests.installation import Installation


def test_what_was_acknowledged_survives_kills_of_web_and_worker(tmp_path):
    outcome = run(4, tmp_path / "máy chủ", seed=3, acknowledged=25, serve=Installation.start_served)

    assert outcome.faults == []
    assert outcome.kills == 4
    assert len(outcome.ready_after) == 3  # the web server; once it was the worker
    assert outcome.acknowledged > 20
    assert max(outcome.ready_after) < 30
