"""Many approvers in the same instant: one decision, one version in force, one history."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from nep.apps.documents import rules, services
from nep.apps.documents.models import Document, LifeEntry, Revision
from nep.apps.documents.tests.life_scene import again, approve, brought, check, submit
from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.work.models import WorkItem
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import Refusal

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("copies_unprinted"),
]
ROUNDS = 4
Act = Callable[[], object]


@pytest.fixture
def office(transactional_db) -> Scene:
    scene = department()
    scene.person("son", "Đỗ Hồng Sơn", ("LD", "leader", "Giám đốc"))
    scene.person("vinh", "Tạ Quang Vinh", ("LD", "leader", "Phó Giám đốc"))
    return scene


def race(acts: list[Act]) -> Counter:
    """Do all at once; count how each ended: "won" or the code of its refusal."""
    start, ends, lock = threading.Barrier(len(acts)), Counter(), threading.Lock()

    def go(act: Act) -> None:
        try:
            start.wait()
            act()
            end = "won"
        except Refusal as refusal:
            end = refusal.code
        except Exception as error:
            end = f"HỎNG {error!r}"
        finally:
            connection.close()
        with lock:
            ends[end] += 1

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def waiting(office: Scene, document_id: int) -> int:
    """Bring the next revision before three leaders, any of whom is enough."""
    revision_id = again(office, document_id)
    leaders = tuple(office.people[name] for name in ("ha", "son", "vinh"))
    services.route_lay(
        actor=office.actor("lan"), revision_id=revision_id, now=NOW,
        steps=(
            rules.Step("check", "any", (office.people["toan"],)),
            rules.Step("approve", "any", leaders),
        ),
    )  # fmt: skip
    submit(office, revision_id)
    check(office, revision_id)
    return revision_id


def test_of_many_approvers_one_brings_it_into_force_once(office):
    document_id, old = brought(office)
    for _ in range(ROUNDS):
        new = waiting(office, document_id)
        ends = race(
            [lambda by=by, id_=new: approve(office, id_, by=by) for by in ("ha", "son", "vinh") * 2]
        )

        assert ends["won"] == 1, ends
        assert set(ends) <= {"won", "revision_state"}, ends
        in_force = Revision.objects.filter(document_id=document_id, state="in_force")
        assert [row.pk for row in in_force] == [new]
        assert Document.objects.get(pk=document_id).current_id == new
        assert Revision.objects.get(pk=old).state == "retired"
        acts = Counter(LifeEntry.objects.filter(revision_id=new).values_list("act", flat=True))
        assert acts == {
            "drafted": 1, "submitted": 1, "checked": 1, "approved": 1, "issued": 1, "in_force": 1,
        }  # fmt: skip
        assert LifeEntry.objects.filter(revision_id=old, act="retired").count() == 1
        old = new
    assert QueueRow.objects.filter(name="event:RevisionInForce").count() == ROUNDS + 1
    assert not WorkItem.objects.filter(state=0, source_type="document_route").exists()


def test_approval_return_and_recall_at_once_leave_one_of_them(office):
    document_id, old = brought(office)
    for _ in range(ROUNDS):
        new = waiting(office, document_id)
        common = {"revision_id": new, "reason": "Sửa phụ lục", "now": NOW}
        ends = race(
            [
                lambda id_=new: approve(office, id_),
                lambda more=common: services.document_return(actor=office.actor("son"), **more),
                lambda more=common: services.document_recall(actor=office.actor("lan"), **more),
            ]
        )

        assert ends["won"] == 1, ends
        row = Revision.objects.get(pk=new)
        assert row.state in {"in_force", "draft"}
        assert Revision.objects.filter(document_id=document_id, state="in_force").count() == 1
        if row.state == "draft":
            services.document_drop(actor=office.actor("lan"), **common)
    assert old


def test_several_workers_switch_a_due_revision_once(office):
    document_id, _old = brought(office)
    new = again(office, document_id)
    submit(office, new)
    check(office, new)
    later = NOW.replace(day=20)
    approve(office, new, effective_from=later.date())
    done: list[int] = []
    ends = race([lambda: done.append(services.approved_take_effect(now=later))] * 4)

    assert ends == {"won": 4}
    assert sum(done) == 1
    assert LifeEntry.objects.filter(revision_id=new, act="in_force").count() == 1


def test_two_drafts_begun_at_once_become_one(office):
    document_id, _old = brought(office)
    ends = race([lambda: again(office, document_id)] * 4)

    assert ends["won"] == 1, ends
    assert set(ends) == {"won", "revision_open"}
    assert Revision.objects.filter(document_id=document_id, state="draft").count() == 1
