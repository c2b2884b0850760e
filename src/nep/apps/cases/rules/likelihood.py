"""The chance of an open case to be late, from how long its remaining steps took before.

Of every step of a TTHC the history keeps how long it took, and how long everything after it took
until the result, as some points of the distribution. Where a step has been done seldom, the points
are mixed with those of every step of the agency in shares of the planned time. The raw chance is
then put right by a logistic line fitted to newer cases than those the points come from, which also
takes in how full the holder's hands are. All times are working minutes.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

MOST_POINTS = 40
PRIOR_WEIGHT = 8
FEWEST_CASES = 60
FEWEST_TESTED = 30
NEWEST_SHARE = 4  # the newest quarter of the cases is kept for fitting the line, or for the test
RIDGE = 4.0
LOWEST, HIGHEST = 0.005, 0.995
Key = tuple[int, str]
Weighted = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class RunPast:
    """One finished run of a step; `after` is the planned time of the steps behind it.

    `crowd` is the logarithm of the holder's open runs by those of an average holder.
    """

    node: str
    used: int
    limit: int | None
    after: int
    crowd: float = 0.0


@dataclass(frozen=True, slots=True)
class CasePast:
    """A finished case; `slack` is the time left at the finish, below 0 when it was late."""

    tthc_id: int
    slack: int
    runs: tuple[RunPast, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A case at one moment: in which step, how long in it, how much time is left in all."""

    tthc_id: int
    node: str
    limit: int | None
    after: int
    spent: int
    left: int
    crowd: float = 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Points of a distribution in order, and of how many values they were taken."""

    points: tuple[int, ...]
    n: int


NOTHING = Spread((), 0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was learnt: points by (TTHC, step), shares of the plan in thousandths, the line."""

    steps: Mapping[Key, Spread]
    rests: Mapping[Key, Spread]
    step_shares: Spread
    rest_shares: Spread
    line: tuple[float, float, float]
    cases: int


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance to be late now, and once this step is done; half and four fifths of like cases
    need at most `middle` and `high`; `n` is how often the step was done before."""

    now: float
    after: float
    middle: int
    high: int
    n: int


@dataclass(frozen=True, slots=True)
class Examined:
    """A forecast held against cases it has not seen: mean squared errors, and of guessing the
    share of the past for every case; `pairs` are (chance, was late)."""

    brier: float
    base: float
    cases: int
    pairs: tuple[tuple[float, bool], ...]

    @property
    def is_better(self) -> bool:
        """Say whether the forecast errs less than the guess."""
        return self.brier < self.base


def spread_of(values: Iterable[int]) -> Spread:
    """Return up to forty evenly placed points of some values."""
    line = sorted(values)
    count = len(line)
    if count <= MOST_POINTS:
        return Spread(tuple(line), count)
    places = ((2 * at + 1) * count // (2 * MOST_POINTS) for at in range(MOST_POINTS))
    return Spread(tuple(line[place] for place in places), count)


def fitted(history: Sequence[CasePast]) -> Forecast | None:
    """Return what cases, oldest first, teach; None of fewer than sixty.

    The line is fitted to the newest quarter with points of the others; the points are then taken
    of all.
    """
    if len(history) < FEWEST_CASES:
        return None
    older, newer = split(history)
    raw = _points(older)
    line = _line(
        [(_raw(_still_and_rest(raw, moment), moment)[0], moment.crowd, late)
         for moment, late in moments(newer)]
    )  # fmt: skip
    whole = _points(history)
    return Forecast(
        whole.steps, whole.rests, whole.step_shares, whole.rest_shares, line, len(history)
    )


def examined(history: Sequence[CasePast]) -> Examined | None:
    """Return how a forecast from the older cases did on the newest quarter; None of too few."""
    older, newer = split(history)
    forecast = fitted(older)
    if forecast is None or len(newer) < FEWEST_TESTED:
        return None
    pairs = tuple((chance_now(forecast, moment), late) for moment, late in moments(newer))
    share = [late for _, late in moments(older)]
    base = sum(share) / len(share)
    return Examined(
        brier=sum((chance - late) ** 2 for chance, late in pairs) / len(pairs),
        base=sum((base - late) ** 2 for _, late in pairs) / len(pairs),
        cases=len(newer),
        pairs=pairs,
    )


def split(history: Sequence[CasePast]) -> tuple[Sequence[CasePast], Sequence[CasePast]]:
    """Return the older cases and the newest quarter."""
    place = len(history) - len(history) // NEWEST_SHARE
    return history[:place], history[place:]


def moments(history: Sequence[CasePast]) -> list[tuple[Moment, bool]]:
    """Return the moments at which each case is asked about, with what came: when a step begins,
    and when half of its limit is gone. What is asked never depends on how long the step took."""
    found = []
    for case in history:
        left, late = case.slack + sum(run.used for run in case.runs), case.slack < 0
        for run in case.runs:
            half = (run.limit or 0) // 2
            for spent in (0, half) if 0 < half < run.used else (0,):
                moment = Moment(
                    case.tthc_id, run.node, run.limit, run.after, spent, left - spent, run.crowd
                )
                if moment.left > 0:
                    found.append((moment, late))
            left -= run.used
    return found


def chance_of(forecast: Forecast, moment: Moment) -> Chance:
    """Return the chance of a case at a moment; nothing is left to chance once its time is over."""
    still, rest = points = _still_and_rest(forecast, moment)
    now, after = _chances(forecast, points, moment)
    needs = sorted((c + r, w * v) for c, w in still[::3] for r, v in rest[::3])
    n = forecast.steps.get((moment.tthc_id, moment.node), NOTHING).n
    return Chance(now, after, _quantile(needs, 50), _quantile(needs, 80), n)


def chance_now(forecast: Forecast, moment: Moment) -> float:
    """Return the chance of a case at a moment, as in `chance_of`, and nothing beside it."""
    return _chances(forecast, _still_and_rest(forecast, moment), moment)[0]


def reliability(
    pairs: Sequence[tuple[float, bool]], parts: int = 10
) -> list[tuple[float, float, int]]:
    """Return (mean chance, share late, how many) of equal parts of the pairs, by chance."""
    line = sorted(pairs)
    found = []
    for at in range(parts):
        part = line[at * len(line) // parts : (at + 1) * len(line) // parts]
        if part:
            mean = sum(chance for chance, _ in part) / len(part)
            found.append((mean, sum(late for _, late in part) / len(part), len(part)))
    return found


def words_of(percent: int) -> str:
    """Return the chance in words."""
    if percent < 10:
        return "Ít khả năng trễ"
    if percent < 30:
        return "Có thể trễ"
    return "Dễ trễ" if percent < 60 else "Rất dễ trễ"


def as_json(forecast: Forecast) -> dict[str, Any]:
    """Return a forecast as plain values."""
    return {
        "steps": [[*key, one.n, one.points] for key, one in forecast.steps.items()],
        "rests": [[*key, one.n, one.points] for key, one in forecast.rests.items()],
        "step_shares": [forecast.step_shares.n, forecast.step_shares.points],
        "rest_shares": [forecast.rest_shares.n, forecast.rest_shares.points],
        "line": forecast.line,
        "cases": forecast.cases,
    }


def of_json(body: Mapping[str, Any]) -> Forecast:
    """Return the forecast that `as_json` wrote."""
    a, b, c = body["line"]
    return Forecast(
        steps={(t, node): Spread(tuple(points), n) for t, node, n, points in body["steps"]},
        rests={(t, node): Spread(tuple(points), n) for t, node, n, points in body["rests"]},
        step_shares=Spread(tuple(body["step_shares"][1]), body["step_shares"][0]),
        rest_shares=Spread(tuple(body["rest_shares"][1]), body["rest_shares"][0]),
        line=(a, b, c),
        cases=body["cases"],
    )


def _points(history: Sequence[CasePast]) -> Forecast:
    steps: dict[Key, list[int]] = {}
    rests: dict[Key, list[int]] = {}
    shares: list[int] = []
    rest_shares: list[int] = []
    for case in history:
        rest = sum(run.used for run in case.runs)
        for run in case.runs:
            rest -= run.used
            key = (case.tthc_id, run.node)
            steps.setdefault(key, []).append(run.used)
            rests.setdefault(key, []).append(rest)
            if run.limit:
                shares.append(1000 * run.used // run.limit)
            if run.after:
                rest_shares.append(1000 * rest // run.after)
    return Forecast(
        {key: spread_of(values) for key, values in steps.items()},
        {key: spread_of(values) for key, values in rests.items()},
        spread_of(shares),
        spread_of(rest_shares),
        (0.0, 1.0, 0.0),
        len(history),
    )


def _still_and_rest(forecast: Forecast, moment: Moment) -> tuple[Weighted, Weighted]:
    """Return what the step still takes and what all after it takes, as (minutes, weight)."""
    key = (moment.tthc_id, moment.node)
    step = _mixed(forecast.steps.get(key), forecast.step_shares, moment.limit or 0)
    rest = _mixed(forecast.rests.get(key), forecast.rest_shares, moment.after)
    still = [(used - moment.spent, w) for used, w in step if used > moment.spent]
    if not still:  # longer in the step than any before: it takes as long again as a tenth of that
        still = [(max(1, moment.spent // 10), 1.0)]
    whole = sum(weight for _, weight in still)
    return [(minutes, weight / whole) for minutes, weight in still], sorted(rest)


def _raw(points: tuple[Weighted, Weighted], moment: Moment) -> tuple[float, float]:
    """Return the raw chance now and after this step."""
    still, rest = points
    ends = [minutes for minutes, _ in rest]
    above = _tails(rest)
    now = sum(w * above[bisect_left(ends, moment.left - c + 1)] for c, w in still)
    return now, above[bisect_left(ends, moment.left + 1)]


def _chances(
    forecast: Forecast, points: tuple[Weighted, Weighted], moment: Moment
) -> tuple[float, float]:
    """Return the chance now and after this step."""
    if moment.left <= 0:
        return 1.0, 1.0
    raw, raw_after = _raw(points, moment)
    now = _on_line(forecast.line, raw, moment.crowd)
    return now, min(now, _on_line(forecast.line, raw_after, moment.crowd))


def _mixed(own: Spread | None, shares: Spread, planned: int) -> Weighted:
    """Return weighted points: own ones, and the agency's shares of the plan as eight more."""
    known = own or NOTHING
    usual = [planned * share // 1000 for share in shares.points] or [planned]
    weight = known.n / (known.n + PRIOR_WEIGHT)
    found = [(minutes, weight / len(known.points)) for minutes in known.points]
    return found + [(minutes, (1 - weight) / len(usual)) for minutes in usual]


def _tails(line: Sequence[tuple[int, float]]) -> list[float]:
    """Return for each place the weight from it to the end."""
    found, whole = [0.0], 0.0
    for _, weight in reversed(line):
        whole += weight
        found.append(whole)
    return found[::-1]


def _quantile(line: Sequence[tuple[int, float]], percent: int) -> int:
    whole, seen = sum(weight for _, weight in line), 0.0
    for minutes, weight in line:
        seen += weight
        if 100 * seen >= percent * whole:
            return minutes
    return line[-1][0] if line else 0


def _logit(chance: float) -> float:
    bounded = min(HIGHEST, max(LOWEST, chance))
    return log(bounded / (1 - bounded))


def _on_line(line: tuple[float, float, float], raw: float, crowd: float) -> float:
    a, b, c = line
    return 1 / (1 + exp(-(a + b * _logit(raw) + c * crowd)))


def _line(rows: Sequence[tuple[float, float, bool]]) -> tuple[float, float, float]:
    """Return the logistic line through (raw chance, crowd) and what came, by Newton's method.

    A ridge holds it near (0, 1, 0), the raw chance itself, while there are few rows. The slope is
    never below 0: more raw chance never means less.
    """
    line = [0.0, 1.0, 0.0]
    start = (0.0, 1.0, 0.0)
    data = [((1.0, _logit(raw), crowd), float(late)) for raw, crowd, late in rows]
    for _ in range(25):
        slope = [RIDGE * (start[i] - line[i]) for i in range(3)]
        bend = [[RIDGE if i == j else 0.0 for j in range(3)] for i in range(3)]
        for x, y in data:
            p = 1 / (1 + exp(-max(-30.0, min(30.0, sum(line[i] * x[i] for i in range(3))))))
            for i in range(3):
                slope[i] += (y - p) * x[i]
                for j in range(3):
                    bend[i][j] += p * (1 - p) * x[i] * x[j]
        step = _solved(bend, slope)
        line = [line[i] + max(-2.0, min(2.0, step[i])) for i in range(3)]
        if max(abs(one) for one in step) < 1e-6:
            break
    return line[0], max(0.0, line[1]), line[2]


def _solved(matrix: list[list[float]], values: list[float]) -> list[float]:
    """Return the solution of three equations; the matrix is positive definite by its ridge."""
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    for i in range(3):
        for j in range(i + 1, 3):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [b - factor * a for a, b in zip(rows[i], rows[j], strict=True)]
    found = [0.0, 0.0, 0.0]
    for i in (2, 1, 0):
        known = sum(rows[i][j] * found[j] for j in range(i + 1, 3))
        found[i] = (rows[i][3] - known) / rows[i][i]
    return found
