"""A sample of `drills/crash.py`: four kills while people work, and nothing acknowledged is lost."""

from drills.crash import run


def test_what_was_acknowledged_survives_kills_of_web_and_worker(tmp_path):
    outcome = run(4, tmp_path / "máy chủ", seed=3, acknowledged=25)

    assert outcome.faults == []
    assert outcome.kills == 4
    assert len(outcome.ready_after) == 3  # the web server; once it was the worker
    assert outcome.acknowledged > 20
    assert max(outcome.ready_after) < 30
