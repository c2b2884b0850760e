"""Needs that follow from documents."""

import pytest

from nep.apps.cases.tests.scene import OPINION, office, with_procedure
from nep.apps.competence import services
from nep.apps.competence.models import Need
from nep.apps.documents.models import Reading, Revision
from nep.apps.organization.tests.scene import NOW
from nep.apps.workcal import queries as workcal
from tests.standing import kept

pytestmark = pytest.mark.django_db


def two_versions() -> tuple:
    """Make a department whose procedure gets other steps."""
    at = office()
    return at.scene, at.revision_id, with_procedure(
        at.scene, table=OPINION, code="1.000002", name="Lấy ý kiến"
    ).revision_id  # fmt: skip


world = kept(two_versions)


@pytest.fixture(autouse=True)
def no_calendar_remembered():
    workcal.forget()
    yield
    workcal.forget()


def people_of(scene) -> set[str]:
    (need,) = Need.objects.all()
    ids = set(need.people.values_list("person_id", flat=True))
    return {name for name, id_ in scene.people.items() if id_ in ids and "." not in name}


def test_who_does_the_new_steps_needs_to_learn_them(world):
    scene, before, after = world
    own = {"agency_id": scene.agency_id, "now": NOW}
    first = services.need_of_new_steps(revision_id=after, replaced_id=None, **own)
    same = services.need_of_new_steps(revision_id=before, replaced_id=before, **own)
    made = services.need_of_new_steps(revision_id=after, replaced_id=before, **own)
    again = services.need_of_new_steps(revision_id=after, replaced_id=before, **own)

    assert (first, same) == (None, None)
    assert made == again == Need.objects.get().pk
    assert "“Rà soát pháp lý”" in Need.objects.get().title
    assert "Tiếp nhận hồ sơ" not in Need.objects.get().title
    assert people_of(scene) == {"lan", "huy", "toan", "ha"}


def test_who_failed_a_check_twice_needs_to_learn_the_document(world):
    scene, revision_id, _ = world
    for name, wrong in (("lan", 1), ("huy", 3)):
        Reading.objects.create(
            agency_id=scene.agency_id, revision_id=revision_id, person_id=scene.people[name],
            document_id=Revision.objects.get(pk=revision_id).document_id, asked_at=NOW, due_on=NOW.date(),
            acknowledged_at=NOW, wrong_answers=wrong,
        )  # fmt: skip
        services.need_of_failed_check(
            agency_id=scene.agency_id, revision_id=revision_id, now=NOW,
            person_id=scene.people[name],
        )  # fmt: skip

    assert people_of(scene) == {"huy"}
    assert Need.objects.get().origin_kind == "reading"
