"""What cases do when they hear of something."""

from datetime import datetime

from nep.apps.cases import queries
from nep.apps.cases.events import (
    CallDropped,
    CallsWanted,
    CaseFinished,
    CaseWoken,
    MessageSentOut,
    MessagesWanted,
    ReturnsWanted,
    StepCompleted,
    StepRecalled,
)
from nep.apps.cases.queries.versions import open_on_version, step_paces
from nep.apps.cases.services import (
    call_child_stop,
    call_return,
    calls_open,
    calls_return,
    case_deposit,
    case_lock,
    holder_changed,
    joint_follow,
    joint_orphans_close,
    recall_tell,
    step_record_deposit,
)
from nep.apps.cases.services.messages import message_route, messages_deliver, messages_leave
from nep.apps.procedures.ports import register_open_cases, register_paces
from nep.apps.work import services as work
from nep.apps.work.ports import (
    register_explainer,
    register_holder_listener,
    register_source_lock,
    register_subjects,
)
from nep.foundation.outbox.registry import subscribe

SOURCE = "case"


def _explanation(case_id: int, item_id: int) -> str:
    return f"/ho-so/{case_id}/han-buoc/{item_id}/"


register_paces(step_paces)
register_open_cases(open_on_version)
register_source_lock(SOURCE, case_lock)
register_holder_listener(SOURCE, holder_changed)
register_holder_listener("joint", joint_follow)
register_explainer(SOURCE, _explanation)
register_subjects(SOURCE, queries.case_subjects)
register_subjects("joint", queries.joint_subjects)
register_subjects("case_correction", queries.correction_subjects)


@subscribe(CaseFinished)
def keep_case(event: CaseFinished, now: datetime) -> None:
    """Deposit a finished case as a record, where the agency has set a series for it."""
    case_deposit(case_id=event.case_id, now=now)


@subscribe(StepCompleted, when=lambda event: event.keeps)
def keep_step(event: StepCompleted, now: datetime) -> None:
    """Deposit the record that a finished step leaves."""
    step_record_deposit(case_id=event.case_id, run_id=event.run_id, now=now)


@subscribe(CaseFinished)
def let_urgency_end(event: CaseFinished, now: datetime) -> None:
    """Take a finished case from among what is urgent."""
    work.source_urgent_set(
        agency_id=event.agency_id, source_type=SOURCE, source_id=event.case_id, urgent=False,
        at=now,
    )  # fmt: skip


@subscribe(StepRecalled)
def tell_of_recall(event: StepRecalled, now: datetime) -> None:
    """Tell those who had been given the next step that it was taken back."""
    recall_tell(case_id=event.case_id, run_id=event.run_id, person_ids=event.told_ids, now=now)


@subscribe(StepCompleted, when=lambda event: event.others)
def stop_waiting_for_step(event: StepCompleted, now: datetime) -> None:
    """Take back from the other agency what the case no longer waits for."""
    joint_orphans_close(case_id=event.case_id, now=now)


@subscribe(CaseWoken, when=lambda event: event.ended)
def stop_waiting_for_what_ended(event: CaseWoken, now: datetime) -> None:
    """Take back from the other agency what the case no longer waits for."""
    joint_orphans_close(case_id=event.case_id, now=now)


@subscribe(MessagesWanted)
def give_early_messages(event: MessagesWanted, now: datetime) -> None:
    """Let messages that came before their wait opened, or while the case was paused, move it."""
    messages_deliver(case_id=event.case_id, now=now)


@subscribe(MessageSentOut)
def give_sent_message(event: MessageSentOut, now: datetime) -> None:
    """Give what a case sent to the cases it belongs to."""
    message_route(message_id=event.message_id, now=now)


@subscribe(CallsWanted)
def open_called_cases(event: CallsWanted, now: datetime) -> None:
    """Open the cases of the sub-procedures that a case has come to."""
    calls_open(case_id=event.case_id, now=now)


@subscribe(ReturnsWanted)
def return_from_finished(event: ReturnsWanted, now: datetime) -> None:
    """Let a case that was paused go on with what its sub-procedures found meanwhile."""
    calls_return(case_id=event.case_id, now=now)


@subscribe(CallDropped)
def stop_called_case(event: CallDropped, now: datetime) -> None:
    """Stop the case of a sub-procedure that nobody wants any more."""
    call_child_stop(call_id=event.call_id, now=now)


@subscribe(CaseFinished)
def return_to_caller(event: CaseFinished, now: datetime) -> None:
    """Let the case that called a finished one go on; give up what was kept for it."""
    call_return(child_id=event.case_id, now=now)
    messages_leave(case_id=event.case_id, now=now)


@subscribe(CaseFinished)
def stop_waiting(event: CaseFinished, now: datetime) -> None:
    """Take back from the other agency what an ended case no longer waits for."""
    joint_orphans_close(case_id=event.case_id, now=now)
