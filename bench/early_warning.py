"""How honest the chance to be late is, on cases that were not learnt from.

`python3 dev.py bench early_warning [--data FOLDER] [--svg FILE]` reads the event logs of the folder
(by default NEP_TEST_DATA or ../shared/data). For each of the last twelve months it learns from the
two thousand cases that ended before, tells the cases that ended in it, and prints Brier scores
beside guessing the share of the past, and the shares that came true. With `--svg` the reliability
plot is drawn. The logs hold no promised dates: the time that four of five of the first quarter of
the cases needed stands for the promise; times are minutes of Monday to Friday; a step is the wait
after an activity.
"""

import argparse
import json
import os
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from nep.apps.cases.rules import likelihood  # noqa: E402
from nep.apps.cases.rules.likelihood import CasePast, Examined, RunPast  # noqa: E402
from nep.integrations.event_log.adapter import XesReader  # noqa: E402

LOGS = {
    "bpic2020_DomesticDeclarations.xes.gz": "Kê khai chi phí (BPIC 2020, 10.500 hồ sơ)",
    "wabo_receipt_nl.xes.gz": "Tiếp nhận giấy phép môi trường (WABO, Hà Lan)",
}
MOST, MOST_ROWS, PARTS, SHARE, MONTHS = 2_000, 400_000, 8, 80, 12


def cases_of(path: Path) -> list[list[tuple[str, datetime]]]:
    """Return the cases of a log by their end, each as its activities with their moments."""
    _head, *rows = XesReader().table(path.read_bytes(), name=path.name, most_rows=MOST_ROWS)
    found: dict[str, list[tuple[str, datetime]]] = {}
    for case, activity, _state, _who, _role, begin, end, _note in rows:
        found.setdefault(case, []).append((activity, datetime.fromisoformat(end or begin)))
    cases = [sorted(events, key=lambda pair: pair[1]) for events in found.values()]
    return sorted((one for one in cases if len(one) > 1), key=lambda one: one[-1][1])


def history_of(cases: list[list[tuple[str, datetime]]]) -> tuple[list[CasePast], int]:
    """Return the cases as the forecast takes them, and the promise in minutes."""
    spans = sorted(_minutes(one[0][1], one[-1][1]) for one in cases[: len(cases) // 4])
    promise = spans[len(spans) * SHARE // 100]
    history = []
    for events in cases:
        runs = tuple(
            RunPast(name, _minutes(at, after), None, 0)
            for (name, at), (_, after) in pairwise(events)
        )
        history.append(CasePast(1, promise - sum(run.used for run in runs), runs))
    return history, promise


def _minutes(start: datetime, end: datetime) -> int:
    return max(0, _weekday_minutes(end) - _weekday_minutes(start))


def _weekday_minutes(moment: datetime) -> int:
    """Return the minutes of Monday to Friday since a Monday long ago."""
    days = moment.toordinal() - 1
    weeks, day = divmod(days, 7)
    inside = moment.hour * 60 + moment.minute if day < 5 else 0
    return (weeks * 5 + min(day, 5)) * 1440 + inside


def rolled(
    cases: list[list[tuple[str, datetime]]], history: list[CasePast]
) -> tuple[Examined, list[str]]:
    """Return how the forecasts made before each of the last twelve months did in it."""
    months: dict[str, list[int]] = {}
    for place, events in enumerate(cases):
        months.setdefault(f"{events[-1][1]:%Y-%m}", []).append(place)
    pairs: list[tuple[float, bool]] = []
    guesses: list[float] = []
    told, names = 0, []
    for name in sorted(months)[-MONTHS:]:
        places = months[name]
        before = history[max(0, places[0] - MOST) : places[0]]
        forecast = likelihood.fitted(before)
        if forecast is None:
            continue
        past = [late for _, late in likelihood.moments(before)]
        for moment, late in likelihood.moments([history[place] for place in places]):
            pairs.append((likelihood.chance_of(forecast, moment).now, late))
            guesses.append(sum(past) / len(past))
        told += len(places)
        names.append(name)
    brier = sum((said - late) ** 2 for said, late in pairs) / len(pairs)
    base = sum((guess - late) ** 2 for guess, (_, late) in zip(guesses, pairs, strict=True))
    return Examined(brier, base / len(pairs), told, tuple(pairs)), names


def drawing(found: dict[str, Examined]) -> str:
    """Return the reliability plot: what was said along, what came true up; the diagonal is ideal."""
    size, edge, places = 300, 44, []
    for column, (name, one) in enumerate(found.items()):
        left = column * (size + 2 * edge) + edge
        points = likelihood.reliability(one.pairs, PARTS)
        dots = "".join(
            f'<circle cx="{left + size * said:.1f}" cy="{edge + size * (1 - came):.1f}" r="5"/>'
            for said, came, _ in points
        )
        line = " ".join(
            f"{left + size * said:.1f},{edge + size * (1 - came):.1f}" for said, came, _ in points
        )
        marks = "".join(
            f'<text x="{left + size * t / 4:.0f}" y="{edge + size + 18}" text-anchor="middle">{25 * t}%</text>'
            f'<text x="{left - 8}" y="{edge + size - size * t / 4 + 4:.0f}" text-anchor="end">{25 * t}%</text>'
            for t in range(5)
        )
        places.append(
            f'<text x="{left}" y="24" font-weight="600">{name}</text>'
            f'<rect x="{left}" y="{edge}" width="{size}" height="{size}" fill="#fff" stroke="#798a81"/>'
            f'<path d="M{left} {edge + size}L{left + size} {edge}" stroke="#798a81" stroke-dasharray="5 5"/>'
            f'<polyline points="{line}" fill="none" stroke="#0e5f48" stroke-width="2"/>'
            f'<g fill="#0e5f48">{dots}</g>{marks}'
            f'<text x="{left + size / 2}" y="{edge + size + 38}" text-anchor="middle">Nếp nói khả năng trễ</text>'
        )
    wide, high = len(found) * (size + 2 * edge), size + 2 * edge + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" '
        f'font-size="12" fill="#15211c"><title>Tỷ lệ trễ thật theo khả năng trễ đã nói</title>'
        f'<text transform="translate(12 {edge + size / 2:.0f}) rotate(-90)" text-anchor="middle">'
        f"trễ thật</text>{''.join(places)}</svg>\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", default=os.environ.get("NEP_TEST_DATA") or ROOT.parent / "shared/data"
    )
    parser.add_argument("--svg", default="")
    options = parser.parse_args()
    found, results = {}, {}
    for file, name in LOGS.items():
        path = Path(options.data) / "nhat_ky_su_kien" / file
        if not path.exists():
            print(f"{file}: không có, bỏ qua.")
            continue
        cases = cases_of(path)
        history, promise = history_of(cases)
        one, months = rolled(cases, history)
        found[name] = one
        results[file] = {
            "cases": len(history), "told": one.cases, "moments": len(one.pairs),
            "promise days": round(promise / 1440, 1), "months": f"{months[0]} … {months[-1]}",
            "late": round(sum(late for _, late in one.pairs) / len(one.pairs), 3),
            "brier": round(one.brier, 4), "base": round(one.base, 4),
            "skill": round(1 - one.brier / one.base, 3),
            "said → came": [
                [round(said, 2), round(came, 2), count]
                for said, came, count in likelihood.reliability(one.pairs, PARTS)
            ],
        }  # fmt: skip
        print(f"{name}: {json.dumps(results[file], ensure_ascii=False)}")
    if options.svg and found:
        Path(options.svg).write_text(drawing(found), encoding="utf-8")
    print(json.dumps(results, ensure_ascii=False))


if __name__ == "__main__":
    main()
