"""Random lives of a document and its form: what was refused left no trace, one is in force, ever.

After each action every row of the life is held against the rules that must always hold. Each run of the suite draws new lives; `NEP_LIVES` sets how
many, `NEP_TEST_WHOLE` asks for 200.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from nep.apps.documents import queries, services
from nep.apps.documents.models import (
    Document,
    LifeEntry,
    Revision,
    RevisionAuthor,
    RoutePerson,
    RouteStep,
)
from nep.apps.documents.tests.life_scene import draft
from nep.apps.organization.tests.scene import NOW, Scene
from nep.apps.work.models import WorkItem
from nep.foundation.files.models import StoredFile
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import Refusal
from tests.whole import IS_WHOLE

pytestmark = pytest.mark.usefixtures("copies_unprinted")

TABLES = (
    Document, Revision, RevisionAuthor, RouteStep, RoutePerson, LifeEntry, WorkItem,
    JournalEntry, QueueRow, StoredFile,
)  # fmt: skip
LIVES = int(os.environ.get("NEP_LIVES", "200" if IS_WHOLE else "8"))
PEOPLE = ("lan", "huy", "toan", "bich", "ha", "son", "admin")
OPEN = {"draft", "submitted", "checked", "approved"}
# Where each action may begin and where it may lead; what is not here must have been refused.
MAY: dict[str, tuple[set[str], set[str]]] = {
    "redraft": ({"in_force", "retired", "dropped"}, {"draft"}),
    "submit": ({"draft"}, {"submitted"}),
    "check": ({"submitted"}, {"submitted", "checked"}),
    "approve": ({"checked"}, {"checked", "approved", "in_force"}),
    "give_back": ({"submitted", "checked"}, {"draft"}),
    "recall": ({"submitted", "checked"}, {"draft"}),
    "drop": ({"draft", "submitted", "checked"}, {"dropped"}),
    "night": (OPEN | {"in_force", "retired", "dropped"}, OPEN | {"in_force", "retired", "dropped"}),
    "withdraw": ({"in_force"}, {"retired"}),
}


@dataclass(frozen=True)
class Move:
    """One thing somebody tries; `stale` comes from an old page, `alone` acts on the form."""

    kind: str
    who: str
    days: int
    stale: bool
    alone: bool
    words: str


@dataclass
class Life:
    """A document with one form, and the time it is."""

    at: Scene
    document_id: int
    form_id: int
    now: datetime

    def last(self, document_id: int) -> Revision:
        return Revision.objects.filter(document_id=document_id).latest("id")

    def about(self, move: Move) -> Revision:
        return self.last(self.form_id if move.alone else self.document_id)

    def base(self, move: Move) -> dict:
        return {
            "actor": self.at.actor(move.who, now=self.now),
            "now": self.now,
            "revision_id": self.about(move).pk,
        }

    def seen(self, move: Move) -> dict:
        return {"content_hash": "0" * 64 if move.stale else self.about(move).content_hash}


def redraft(life: Life, move: Move):
    more = life.base(move)
    more.pop("revision_id")
    return services.revision_draft(
        **more, document_id=life.about(move).document_id, is_new_issue=False, change_note="x",
        original_file_id=life.last(life.document_id).original_file_id,
    )  # fmt: skip


def submit(life: Life, move: Move):
    form = life.last(life.form_id)
    members = [form.pk] if not move.alone and form.state == "draft" else []
    return services.document_submit(
        **life.base(move), checker_id=life.at.people["toan"],
        approver_id=life.at.people["ha"], member_ids=members,
    )  # fmt: skip


def check(life: Life, move: Move):
    return services.document_check(**life.base(move), **life.seen(move))


def approve(life: Life, move: Move):
    day = life.now.date() + timedelta(days=move.days)
    return services.document_approve(**life.base(move), **life.seen(move), effective_from=day)


def give_back(life: Life, move: Move):
    return services.document_return(**life.base(move), reason=move.words)


def recall(life: Life, move: Move):
    return services.document_recall(**life.base(move), reason=move.words)


def drop(life: Life, move: Move):
    return services.document_drop(**life.base(move), reason=move.words)


def night(life: Life, _move: Move):
    return services.approved_take_effect(now=life.now)


def withdraw(life: Life, move: Move):
    more = life.base(move)
    more.pop("revision_id")
    return services.document_withdraw(
        **more, document_id=life.about(move).document_id, reason=move.words,
        decision_number="7/QĐ",
    )  # fmt: skip


KINDS: dict[str, Callable[[Life, Move], object]] = {
    "redraft": redraft, "submit": submit, "check": check, "approve": approve,
    "give_back": give_back, "recall": recall, "drop": drop, "night": night,
    "withdraw": withdraw,
}  # fmt: skip
# who usually does it, so that lives get somewhere
USUAL = {
    "redraft": "lan", "submit": "lan", "check": "toan", "approve": "ha", "give_back": "toan",
    "recall": "lan", "drop": "lan", "night": "lan", "withdraw": "ha",
}  # fmt: skip


def often(common, *rare, times: int = 6):
    """Draw mostly the common one."""
    return st.sampled_from([common] * times + list(rare))


def moves() -> st.SearchStrategy[Move]:
    forward = ["submit", "check", "approve", "redraft"]
    return st.builds(
        Move,
        kind=st.sampled_from([*KINDS, *forward * 4]),
        who=often("", *PEOPLE, times=24),
        days=st.sampled_from([0, 0, 0, 2, -1]),
        stale=often(False, True, times=9),
        alone=often(False, True, times=5),
        words=often("Chưa khớp biểu mẫu", "", times=8),
    )


@pytest.fixture
def office(agency) -> Scene:
    agency.person("bich", "Lý Thị Bích", ("MC", "unit_head", "Trưởng bộ phận"))
    agency.person("son", "Đỗ Hồng Sơn", ("LD", "leader", "Giám đốc"))
    return agency


@given(tries=st.lists(moves(), min_size=10, max_size=30))
@settings(
    max_examples=LIVES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_refused_leaves_nothing_and_one_revision_is_in_force_ever(office, tries):
    with transaction.atomic():
        document_id, _first = draft(office)
        form_id, _form = draft(office, code="BM-01.01", kind="form", parent_id=document_id)
        life = Life(office, document_id, form_id, NOW)
        known = snapshot()
        for move in tries:
            known = live(life, move, known)
        transaction.set_rollback(True)


def live(life: Life, move: Move, before: dict[str, list]) -> dict[str, list]:
    """Try one action and hold everything against it; return what stands then."""
    if not move.who:
        move = Move(**{**move.__dict__, "who": USUAL[move.kind]})
    life.now += timedelta(hours=9)
    was = life.about(move).state
    try:
        KINDS[move.kind](life, move)
    except Refusal as refusal:
        assert refusal.message.endswith("."), refusal.message
        assert snapshot() == before, f"từ chối mà vẫn đổi dữ liệu: {move} {refusal.message}"
        return before
    now = life.about(move).state
    event(f"{move.kind}: {was} → {now}")
    begins, ends = MAY[move.kind]
    assert was in begins and now in ends, (move, was, now)
    after = snapshot()
    for name in ("JournalEntry", "LifeEntry"):
        assert after[name][: len(before[name])] == before[name]
        assert len(after[name]) > len(before[name]) or move.kind == "night"
    hold(life)
    return after


def hold(life: Life) -> None:
    """What must be so after every action."""
    for id_ in (life.document_id, life.form_id):
        document = Document.objects.get(pk=id_)
        states = list(Revision.objects.filter(document_id=id_).values_list("state", flat=True))
        assert states.count("in_force") <= 1
        assert len(OPEN & set(states)) <= 1
        current = Revision.objects.filter(document_id=id_, state="in_force").first()
        assert document.current_id == (current.pk if current else None)
        assert (document.status == "in_force") == (current is not None)
    for row in Revision.objects.exclude(state="draft"):
        last = LifeEntry.objects.filter(revision=row).latest("id").act
        assert last in LAST[row.state], (row.state, last)
    asked = WorkItem.objects.filter(source_type="document_route", state=0)
    for item in asked:
        step = RoutePerson.objects.get(pk=item.source_id).step
        assert step.done_at is None
        assert step.revision.state in {"submitted", "checked"}
    waiting = Revision.objects.filter(state__in=["submitted", "checked"], leader=None)
    for row in waiting:
        line = next(one for one in queries.route(revision_id=row.pk) if one.state == "now")
        assert line.pending_ids, "một bản đang trình mà không hỏi ai"


LAST = {
    "submitted": {"submitted"},
    "checked": {"checked"},
    "approved": {"issued"},
    "in_force": {"in_force"},
    "retired": {"retired"},
    "dropped": {"dropped"},
}


def snapshot() -> dict[str, list]:
    return {table.__name__: list(table.objects.order_by("pk").values_list()) for table in TABLES}
