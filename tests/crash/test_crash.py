"""A sample of `drills/crash.py`: six kills while people work, and nothing acknowledged is lost."""

from drills.crash import run


def test_what_was_acknowledged_survives_kills_of_web_and_worker(tmp_path):
    outcome = run(6, tmp_path / "máy chủ", seed=26)

    assert outcome.faults == []
    assert outcome.kills == 6
    assert outcome.acknowledged > 20
    assert max(outcome.ready_after) < 30
