"""The chance to be late: what is said comes true as often as said, on cases not seen before."""

import random
from dataclasses import replace
from functools import cache

import pytest

from nep.apps.cases.rules import likelihood
from nep.apps.cases.rules.likelihood import CasePast, Chance, Forecast, Moment, RunPast

STEPS = (("b1", 120), ("b2", 480), ("b3", 960), ("b4", 240))


def past(rng: random.Random, *, pace: float = 1.0, crowding: float = 0.5) -> CasePast:
    """Return a case of a made world: a fuller holder is slower, some cases are done over."""
    runs, nodes = [], list(STEPS)
    if rng.random() < 0.15:
        nodes[3:3] = STEPS[1:3]
    tthc_id = rng.choice((1, 2, 3))
    for at, (node, limit) in enumerate(nodes):
        crowd = rng.gauss(0, 0.5)
        used = int(limit * pace * rng.lognormvariate(-0.35, 0.6) * (1 + crowding * max(0, crowd)))
        after = sum(other for _, other in STEPS[min(at, 3) + 1 :])
        runs.append(RunPast(node, used, limit, after, crowd))
    promised = 1800 + 200 * tthc_id
    return CasePast(tthc_id, promised - sum(run.used for run in runs), tuple(runs))


def world(seed: int, count: int, **more) -> list[CasePast]:
    rng = random.Random(seed)
    return [past(rng, **more) for _ in range(count)]


@pytest.fixture(scope="module")
def examined():
    return likelihood.examined(world(7, 1600))


def test_what_is_said_comes_true_as_often_as_said(examined):
    for said, came, count in likelihood.reliability(examined.pairs, parts=8):
        assert abs(said - came) < 0.09, (said, came, count)


def test_the_forecast_errs_less_than_the_guess_of_the_base_rate(examined):
    assert examined.cases == 400
    assert examined.brier < 0.85 * examined.base
    assert examined.is_better


def test_a_forecast_that_says_twice_too_much_is_found_out(examined):
    wrong = [(min(0.99, 0.15 + 1.6 * said), late) for said, late in examined.pairs]

    gaps = [abs(said - came) for said, came, _ in likelihood.reliability(wrong, parts=8)]

    assert max(gaps) > 0.15


def test_the_line_puts_right_what_the_points_alone_get_wrong():
    """The newest cases take half as long again as those the points come from."""
    history = world(3, 900) + world(4, 300, pace=1.5)
    newer = world(5, 400, pace=1.5)
    forecast = likelihood.fitted(history)
    assert forecast is not None

    def error(found) -> float:
        pairs = [(likelihood.chance_now(found, m), late) for m, late in likelihood.moments(newer)]
        return abs(sum(p for p, _ in pairs) - sum(late for _, late in pairs)) / len(pairs)

    assert error(forecast) < 0.05
    assert error(replace(forecast, line=(0.0, 1.0, 0.0))) > 0.08


def test_thin_history_says_nothing():
    assert likelihood.fitted(world(1, 59)) is None
    assert likelihood.examined(world(1, 100)) is None


@cache
def taught() -> Forecast:
    """What four hundred cases teach."""
    forecast = likelihood.fitted(world(7, 400))
    assert forecast is not None
    return forecast


def at(left: int, **more) -> Chance:
    moment = Moment(1, "b2", 480, 1200, 0, left)
    return likelihood.chance_of(taught(), replace(moment, **more))


def test_less_time_more_spent_and_fuller_hands_never_mean_less_chance():
    chances = [at(left).now for left in (3000, 2000, 1500, 1000, 500, 100)]
    assert chances == sorted(chances)
    assert chances[0] < 0.1 < 0.9 < chances[-1]
    assert at(1500, crowd=1.5).now > at(1500).now


def test_the_chance_alone_is_the_one_told_with_the_rest():
    for left in (3000, 800, 0):
        moment = Moment(1, "b2", 480, 1200, 60, left, 0.3)
        whole = likelihood.chance_of(taught(), moment)
        assert likelihood.chance_now(taught(), moment) == whole.now


def test_finishing_the_step_now_never_raises_the_chance_and_lowers_it_where_time_is_short():
    chance = at(1500)

    assert chance.after < chance.now
    assert 0 < chance.middle < chance.high


def test_what_is_over_is_late():
    assert at(0).now == at(-20).after == 1.0


def test_a_step_longer_than_any_before_still_gets_an_answer():
    assert 0 < at(1500, spent=99_999).now <= 1


def test_a_step_never_done_before_is_told_from_the_plan():
    unknown = at(1500, node="new", limit=480, after=1200)

    assert unknown.n == 0
    assert abs(unknown.now - at(1500).now) < 0.25


def test_a_forecast_is_the_same_after_it_was_stored():
    forecast = likelihood.fitted(world(7, 200))
    assert forecast is not None
    assert likelihood.of_json(likelihood.as_json(forecast)) == forecast


@pytest.mark.parametrize(
    ("percent", "words"),
    [(0, "Ít khả năng trễ"), (10, "Có thể trễ"), (30, "Dễ trễ"), (60, "Rất dễ trễ")],
)
def test_chances_have_words(percent, words):
    assert likelihood.words_of(percent) == words
