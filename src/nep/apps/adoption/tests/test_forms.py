"""The controlled forms of a model: the adopter has its own, which begin with the publisher's file."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.adoption import queries, services
from nep.apps.adoption.models import AdoptedForm
from nep.apps.adoption.services import ModelValues
from nep.apps.adoption.tests.scene import LATER, Pair
from nep.apps.documents import services as documents
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.tests import make
from nep.apps.organization.tests.scene import NOW, department, other_department
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.tests.test_package import build_issued, confirm, publish, submit
from nep.foundation.db import doctor
from nep.foundation.files import queries as files
from nep.foundation.printing import Paper, line, paper_pdf
from nep.kernel.errors import Refusal
from tests.standing import kept

pytestmark = pytest.mark.django_db


def build():
    """Hold out a procedure whose second step uses a form in force; return (pair, form, model)."""
    giver, taker = department(), other_department()
    giver.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    taker.person("thu2", "Đỗ Văn Khác", ("PKH", "iso_secretary", "Thư ký ISO"))
    document_id, _, made = build_issued(giver)
    pair = Pair(giver, taker, made)
    return pair, document_id, pair.publish()


held_out = kept(build)


def paper(text: str) -> bytes:
    return paper_pdf(Paper("Phiếu", issuer="Sở", blocks=(line(text),)), made_at=NOW)


def draft_of(pair: Pair, revision_id: int):
    return procedures.version_draft(revision_id=revision_id, agency_id=pair.taker.agency_id)


def forms_page(pair: Pair, made) -> tuple:
    secretary = pair.taker.actor("thu2")
    return queries.adoption_page(actor=secretary, adoption_id=made.adoption_id).forms


def new_file(pair: Pair, document_id: int, data: bytes) -> None:
    """Bring a further issue of the publisher's form into force by itself."""
    revision_id = make.next_version(pair.giver, document_id, now=LATER)
    make.give_file(pair.giver, revision_id, data, "moi.pdf", LATER)


def found_by_doctor() -> list[str]:
    return [one.code for _, found in doctor.examine(parts=("adoption",)) for one in found]


def into_force(pair: Pair, made, document_id: int) -> int:
    """Issue the adopter's procedure with its form; return the form."""
    own_id = AdoptedForm.objects.get(source_id=document_id).own_id
    submit(pair.taker, made.revision_id, [Revision.objects.get(document_id=own_id).pk])
    confirm(pair.taker, made.revision_id)
    publish(pair.taker, made.revision_id)
    return own_id


def test_adopting_drafts_the_own_form_with_the_publishers_file(held_out):
    pair, document_id, model_id = held_out
    made = pair.adopt(model_id)

    taken = AdoptedForm.objects.get(adoption_id=made.adoption_id, source_id=document_id)
    own = Document.objects.get(pk=taken.own_id)
    assert (own.agency_id, own.title) == (pair.taker.agency_id, "Phiếu thẩm định")
    assert own.parent.kind == "procedure"
    revision = Revision.objects.get(document=own)
    source = Revision.objects.get(document_id=document_id)
    assert files.read(revision.original_file_id) == files.read(source.original_file_id)
    draft = draft_of(pair, made.revision_id)
    assert [one.document_id for one in draft.carried["b2"].forms] == [own.pk]
    assert draft.table.step("b2").forms == ("Báo cáo",)
    assert [one.state_name for one in forms_page(pair, made)] == ["Theo tệp của mẫu"]
    assert found_by_doctor() == []
    AdoptedForm.objects.update(own_id=document_id)
    assert found_by_doctor() == ["adoption_forms"]


def test_procedure_and_forms_go_along_as_one_package(held_out):
    pair, document_id, model_id = held_out
    made = pair.adopt(model_id)
    own = into_force(pair, made, document_id)

    assert Revision.objects.get(document_id=own).state == "in_force"


def test_a_form_of_the_same_title_is_used_and_stays_the_agencys_own(held_out):
    pair, document_id, model_id = held_out
    known, _ = documents.document_create(
        actor=pair.taker.actor("lan"), kind="form", code="BM-77", title="Phiếu Thẩm Định",
        issue="01", amendment="00", original_file_id=None, now=NOW,
    )  # fmt: skip
    made = pair.adopt(model_id)

    (line,) = forms_page(pair, made)
    assert (line.document_id, line.state_name) == (known, "Biểu mẫu riêng của cơ quan")
    new_file(pair, document_id, paper("Bản thêm cột"))
    with pytest.raises(Refusal) as refused:
        services.forms_renew(
            actor=pair.taker.actor("thu2"), adoption_id=made.adoption_id, now=LATER
        )
    assert refused.value.code == "nothing_to_renew"


def test_a_newer_file_of_the_publisher_is_taken_over_by_one_tap(held_out, client):
    pair, document_id, model_id = held_out
    made = pair.adopt(model_id)
    own = into_force(pair, made, document_id)
    new_file(pair, document_id, paper("Bản thêm cột"))

    pair.taker.sign_in(client, "thu2")
    address = reverse("adoption:adoption", args=[made.adoption_id])
    assert "Mẫu có tệp mới hơn" in client.get(address).content.decode()
    sent = client.post(reverse("adoption:forms", args=[made.adoption_id]))

    assert sent.status_code == 302
    drafted = Revision.objects.get(document_id=own, state="draft")
    assert files.read(drafted.original_file_id) == paper("Bản thêm cột")
    shown = client.get(address).content.decode()
    assert "Theo tệp của mẫu" in shown
    assert "Lấy tệp mới của mẫu" not in shown


def test_a_form_the_model_leaves_to_each_agency_is_its_own(held_out):
    pair, document_id, model_id = held_out
    services.model_withdraw(
        actor=pair.giver.actor("thu"), model_id=model_id, reason="Công bố lại cho đúng", now=NOW
    )
    again = services.model_publish(
        actor=pair.giver.actor("thu"), source_agency_id=pair.giver.agency_id,
        revision_id=pair.source.revision_id, now=NOW,
        values=ModelValues(audience="departments", local_forms=("BM-01 Phiếu thẩm định",)),
    )  # fmt: skip
    made = pair.adopt(again)
    new_file(pair, document_id, paper("Bản thêm cột"))

    assert [one.state for one in forms_page(pair, made)] == ["own"]


def test_what_is_restricted_or_not_in_force_stays_a_name(held_out):
    pair, document_id, model_id = held_out
    Document.objects.filter(pk=document_id).update(level="restricted")
    made = pair.adopt(model_id)

    draft = draft_of(pair, made.revision_id)
    assert draft.table.step("b2").forms == ("Báo cáo", "BM-01 Phiếu thẩm định")
    assert draft.carried == {}
    assert not AdoptedForm.objects.exists()


def test_a_further_edition_leaves_the_forms_as_the_adopter_left_them(held_out):
    pair, document_id, model_id = held_out
    made = pair.adopt(model_id)
    own = into_force(pair, made, document_id)
    pair.change_model(model_id)

    revision_id = services.drift_accept(
        actor=pair.taker.actor("thu2", now=LATER), adoption_id=made.adoption_id,
        now=LATER + timedelta(hours=1),
    )  # fmt: skip
    draft = draft_of(pair, revision_id)
    assert [one.document_id for one in draft.carried["b2"].forms] == [own]
    assert draft.table.step("b2").forms == ("Báo cáo",)
    assert Document.objects.filter(agency_id=pair.taker.agency_id, kind="form").count() == 1
