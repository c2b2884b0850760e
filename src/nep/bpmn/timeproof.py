"""The proof of time: the worst path of a procedure against its statutory limit."""

from dataclasses import dataclass
from decimal import Decimal

from nep.bpmn.model import Limit, Node, Process, Reason, title
from nep.bpmn.spans import CalledTime, Spans, hours_of
from nep.bpmn.structure import FATAL, check_structure
from nep.bpmn.timepaths import Unbounded, Ways


@dataclass(frozen=True, slots=True)
class PathTime:
    """One path from start to end, its hours, and what is left of the limit."""

    nodes: tuple[str, ...]
    hours: Decimal
    slack: Decimal | None


@dataclass(frozen=True, slots=True)
class TimeProof:
    """The verdict; `fits` is None where it cannot be said.

    Hours are working hours, or clock hours where every limit is in calendar days. Paths come
    longest first.
    """

    fits: bool | None
    worst: Decimal
    limit_hours: Decimal | None
    worst_path: tuple[str, ...]
    paths: tuple[PathTime, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step's part in the time of the whole.

    `slack` is what is left of the limit on the longest path through the step; `wins` by how many
    hours the whole gets shorter when the step gets one day shorter (or falls away, if it is less).
    """

    node: str
    hours: Decimal
    slack: Decimal | None
    wins: Decimal


def prove_time(
    process: Process,
    *,
    limit: Limit | None,
    hours_per_day: int | Decimal = 8,
    called: CalledTime | None = None,
) -> TimeProof:
    """Compare the worst path with the limit.

    An exclusive gateway counts its worst branch, a parallel or inclusive block its longest; a
    return for supplement stops the clock and is left out, a supplement that leads onward is a way
    like any other; a loop counts as often as its bound. A wait counts the time of its timer, or of
    the timer that goes off before it; opinions count the slowest, one after the other all of them;
    a sub-process counts its longest way, a call what `called` says. A boundary event counts from
    the beginning of its step.
    Reason codes: `step_without_limit`, `wait_without_limit`, `call_without_limit`,
    `opinions_without_count`, `mixed_units`, `loop_without_bound`, `over_limit`, and those of the
    structure.
    """
    broken = tuple(r for r in check_structure(process) if r.code in FATAL)
    if broken:
        return TimeProof(None, Decimal(0), None, (), (), broken)
    spans = Spans(process, called=called)
    reasons = [*spans.reasons, *_mixed(spans, limit)]
    try:
        longest = Ways(process, spans, hours_per_day).whole()
    except Unbounded as loose:
        reasons.append(_unbounded(process, loose.cycle))
        return TimeProof(None, Decimal(0), None, loose.cycle, (), tuple(reasons))
    allowed = None if limit is None else limit.hours(hours_per_day)
    mixed = any(reason.code == "mixed_units" for reason in reasons)
    paths = tuple(
        PathTime(nodes, hours, None if allowed is None or mixed else allowed - hours)
        for hours, nodes in longest
    )
    worst, worst_path = longest[0] if longest else (Decimal(0), ())
    if mixed or allowed is None or not longest:
        fits = None
    elif worst > allowed:
        fits = False
        reasons.append(_over(worst, allowed, worst_path, limit, hours_per_day))
    else:
        fits = None if reasons else True
    return TimeProof(fits, worst, allowed, worst_path, paths, tuple(reasons))


def step_times(
    process: Process,
    *,
    limit: Limit | None,
    hours_per_day: int | Decimal = 8,
    called: CalledTime | None = None,
) -> tuple[StepTime, ...]:
    """Return for every step with a limit its slack and what a day less of it would win.

    In the order of the process; empty where no path can be told (`prove_time` says why).
    """
    proof = prove_time(process, limit=limit, hours_per_day=hours_per_day, called=called)
    if not proof.paths:
        return ()
    spans = Spans(process, called=called)
    ways = Ways(process, spans, hours_per_day)
    found = []
    for node in process.nodes:
        hours = hours_of(spans.spans[node.id], hours_per_day)
        if not hours:
            continue
        through = ways.through(node.id)
        slack = None
        if (
            proof.limit_hours is not None
            and through is not None
            and proof.paths[0].slack is not None
        ):
            slack = proof.limit_hours - through
        wins = Decimal(0)
        if through is not None and through >= proof.worst:
            wins = proof.worst - _shorter(process, node, spans, hours, hours_per_day, called)
        found.append(StepTime(node.id, hours, slack, wins))
    return tuple(found)


def _shorter(
    process: Process,
    node: Node,
    spans: Spans,
    hours: Decimal,
    hours_per_day: int | Decimal,
    called: CalledTime | None,
) -> Decimal:
    """Return the worst path's hours when a step gets a day shorter."""
    day = Decimal(24 if spans.spans[node.id][0].unit == "calendar_day" else hours_per_day)
    less = Limit(max(Decimal(0), hours - day), "working_hour")
    eased = Spans(process, called=called)
    eased.spans = {**eased.spans, node.id: (less,)}
    return Ways(process, eased, hours_per_day).longest_hours()


def _mixed(spans: Spans, limit: Limit | None) -> list[Reason]:
    timed = [(spans.nodes[name], part.unit) for name, span in spans.spans.items() for part in span]
    calendar = [node for node, unit in timed if unit == "calendar_day"]
    total = limit is not None and limit.unit == "calendar_day"
    if not calendar and not total:
        return []
    if len(calendar) == len(timed) and (limit is None or total):
        return []
    other = calendar[0] if calendar else next((node for node, _ in timed), None)
    if other is None:
        return []
    where = f"bước {title(other)} ghi “ngày”" if calendar else "thời hạn của thủ tục ghi “ngày”"
    return [
        Reason(
            "mixed_units",
            f"Không cộng được “ngày” với “ngày làm việc” hoặc “giờ làm việc”: {where}. "
            "Hãy xác định đó là ngày làm việc hay ngày theo lịch.",
            other.id if calendar else None,
        )
    ]


def _unbounded(process: Process, cycle: tuple[str, ...]) -> Reason:
    names = {node.id: title(node) for node in process.nodes}
    return Reason(
        "loop_without_bound",
        f"Vòng lặp qua {names[cycle[0]]} chưa ghi số vòng tối đa và không phải vòng trả lại để bổ "
        "sung, nên không tính được thời gian dài nhất.",
        cycle[0],
        path=cycle,
    )


def _over(
    worst: Decimal,
    allowed: Decimal,
    path: tuple[str, ...],
    limit: Limit | None,
    hours_per_day: int | Decimal,
) -> Reason:
    days = limit is not None and limit.unit != "working_hour"
    size = Decimal(hours_per_day) if limit is None or limit.unit != "calendar_day" else Decimal(24)
    unit = "ngày làm việc" if limit is not None and limit.unit == "working_day" else "ngày"
    words = [
        f"{_number(value / size)} {unit}" if days else f"{_number(value)} giờ làm việc"
        for value in (worst, allowed, worst - allowed)
    ]
    return Reason(
        "over_limit",
        f"Đường đi dài nhất hết {words[0]}, thời hạn luật định là {words[1]}: vượt {words[2]}.",
        path=path,
    )


def _number(value: Decimal) -> str:
    text = format(value.quantize(Decimal("0.01")), "f").rstrip("0").rstrip(".")
    return text.replace(".", ",")
