"""Taking back a step that was finished by mistake. Pure.

Nothing is unwritten: the step opens again and goes on where its clock stood, the steps it had
opened are closed as taken back, and the marking is the one before, found by playing the log.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nep.apps.cases.rules.acting import decide_moving
from nep.apps.cases.rules.moving import MOVED
from nep.apps.cases.rules.replay import engine_event, joined
from nep.apps.cases.rules.slip import LoggedEvent
from nep.bpmn import Compiled, EngineError, State, advance, decode_state, start
from nep.kernel.decisions import ALLOWED, Decision, Refused

RECALLED = "recalled"
# The outcome of the run that its doer took back; the run that goes on holds its time.
TAKEN_BACK = "taken_back"
_FINISHES = frozenset({"step_completed", "returned", "outside_returned"})
# What a finish brought about that cannot be taken back, as its event names it.
_FOR_GOOD = ("calls", "uncalled", "sent", "ended")
# What may have happened since without anybody having acted on the next step.
_BESIDE = frozenset({"urgent", "linked", "unlinked", "extended", "reprojected", "joint_opened"})


def last_finish(events: Sequence[LoggedEvent], *, actor_id: int) -> LoggedEvent | None:
    """Return the finishing of a step after which nobody has acted, done by the actor, or None."""
    for event in reversed(events):
        if event.kind in _FINISHES and "closed" in event.data:
            return event if event.actor_id == actor_id and _can_be_undone(event) else None
        beside = event.kind in _BESIDE
        if not beside and not (event.kind == "paper_added" and event.actor_id == actor_id):
            return None
    return None


def _can_be_undone(event: LoggedEvent) -> bool:
    """Say whether what a finish led to can be taken back.

    No sub-procedure began or was dropped, no message went out, no other step was ended.
    """
    leads = event.data.get("opened") or event.data.get("waits")
    return bool(leads) and not any(event.data.get(name) for name in _FOR_GOOD)


def decide_recall(
    *, status: int, events: Sequence[LoggedEvent], actor_id: int, run_id: int
) -> Decision:
    """Decide whether a finished step may be taken back by the actor."""
    moving = decide_moving(status)
    if not moving:
        return moving
    last = last_finish(events, actor_id=actor_id)
    if last is not None and last.data["closed"]["run"] == run_id:
        return ALLOWED
    if events and events[-1].kind == MOVED:
        return Refused(
            "case_moved",
            "Hồ sơ vừa chuyển sang lần ban hành khác nên không thu hồi bước của lần trước.",
        )
    finish = next((e for e in events if e.data.get("closed", {}).get("run") == run_id), None)
    if finish is not None and finish.actor_id not in (None, actor_id):
        return Refused(
            "not_your_finish", "Chỉ người đã hoàn thành bước này mới thu hồi được bước ấy."
        )
    if finish is not None and any(finish.data.get(name) for name in _FOR_GOOD):
        return Refused(
            "led_further",
            "Bước này hoàn thành đã kéo theo việc khác: kết thúc bước khác, mở hoặc bỏ thủ tục con, "
            "gửi tin đi; vì thế không thu hồi được. Hãy đề nghị người nhận trả lại bước trước.",
        )
    return Refused(
        "already_acted",
        "Người nhận đã bắt đầu làm bước tiếp theo nên không thu hồi được nữa. Hãy đề nghị người "
        "đó trả lại bước trước.",
    )


def recalled_runs(events: Sequence[LoggedEvent]) -> frozenset[int]:
    """Return the runs whose finishing was taken back."""
    return frozenset(event.data[RECALLED] for event in events if event.kind == RECALLED)


class Before(NamedTuple):
    """How a case stood before a run was finished: the marking, and the data conditions read."""

    state: State
    data: dict[str, Any]


def states_before(
    compiled: Compiled,
    *,
    data: Mapping[str, Any],
    events: Sequence[LoggedEvent],
    tokens: Mapping[int, int],
    typed: Mapping[int, Mapping[str, Any]] | None = None,
) -> tuple[State | None, dict[int, Before]]:
    """Play the log; return the marking at its end, and by run how the case stood before it.

    `data` is what the case began with, `typed` by run what its finishing added to it; `tokens`
    names the token of every run. The end is None when the log cannot be played. What was before a
    move to another version was another process: the play begins where the case landed.
    """
    state: State | None = None
    known = dict(data)
    before: dict[int, Before] = {}
    landed = max((at for at, event in enumerate(events) if event.kind == MOVED), default=-1)
    if landed >= 0:
        state = decode_state(events[landed].data["state"])
        gone = recalled_runs(events[:landed])
        for event in events[:landed]:
            run = event.data.get("closed", {}).get("run")
            if run is None or run not in gone:
                known |= {**(typed or {}).get(run, {}), **joined(event)}
    for event in events[landed + 1 :]:
        closed = event.data.get("closed")
        try:
            if event.kind == "accepted":
                state, _ = start(compiled, data=known)
            elif event.kind == RECALLED:
                state, known = before[event.data[RECALLED]]
            elif state is not None:
                run_id = closed["run"] if closed else None
                if run_id is not None:
                    before[run_id] = Before(state, known)
                    known = {**known, **(typed or {}).get(run_id, {})}
                if added := joined(event):
                    known = {**known, **added}
                token = tokens[run_id] if run_id is not None else None
                made = engine_event(event, compiled=compiled, token=token, data=known)
                if made is not None:
                    state, _ = advance(compiled, state, made)
        except (EngineError, KeyError):
            return None, before
    return state, before
