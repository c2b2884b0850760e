"""The agency's own Word template: tags filled, a mistyped one stops it, a missing one is ignored."""

import html
import io

import docx
import pytest
from django.urls import reverse

from nep.apps.organization.rules import may
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import PaperTemplate
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


def template(*lines) -> bytes:
    document = docx.Document()
    for said in lines:
        document.add_paragraph(said)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def take(agency, data, *, by="thu"):
    return services.paper_template_set(actor=agency.actor(by), name="mau.docx", data=data, now=NOW)


def word(agency, client, made):
    agency.sign_in(client, "lan")
    answer = client.get(reverse("procedures:word_file", args=[made.revision_id]))
    return answer.content


def said(data):
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


def test_procedures_are_printed_with_the_template_and_read_back(agency, client, keeper):
    made = begun(agency)
    take(agency, queries.starting_template(), by=keeper)

    data = word(agency, client, made)

    text = said(data)
    assert "{{" not in text.replace("{{chu_ky:", "")
    assert "Thẩm định" in text and "nhằm bảo đảm việc giải quyết" in text
    assert len(docx.Document(io.BytesIO(data)).inline_shapes) >= 1
    steps = read_procedures(data, file="x.docx").procedures[0].steps
    assert [one.time_hours for one in steps] == [4, 16, 8, None]


def test_a_mistyped_tag_is_refused_with_its_place_and_nothing_is_kept(agency, keeper):
    wrong = template("Mã: {{ma_hieu}}", "Mục đích: {{muc_dic}}", "{{bang_buoc}}")

    with pytest.raises(Refusal) as refused:
        take(agency, wrong, by=keeper)

    assert "đoạn 2" in refused.value.message and "{{muc_dich}}" in refused.value.message
    assert not PaperTemplate.objects.exists()


def test_tags_left_out_are_left_out_of_the_paper(agency, client, keeper):
    made = begun(agency)
    take(agency, template("Riêng của Sở: {{ma_hieu}}", "{{bang_buoc}}"), by=keeper)

    text = said(word(agency, client, made))

    assert text.startswith("Riêng của Sở: QT-") and "MỤC ĐÍCH" not in text


def test_a_template_without_the_steps_is_refused(agency, keeper):
    with pytest.raises(Refusal) as refused:
        take(agency, template("{{ma_hieu}}"), by=keeper)

    assert refused.value.code == "template_plain"


def test_going_back_to_the_common_paper_is_journalled(agency, client, keeper):
    made = begun(agency)
    take(agency, template("Mẫu riêng", "{{bang_buoc}}"), by=keeper)

    services.paper_template_drop(actor=agency.actor(keeper), now=NOW)

    assert "1. MỤC ĐÍCH" in said(word(agency, client, made))
    told = JournalEntry.objects.filter(object_type="paper_template").values_list(
        "action", flat=True
    )
    assert list(told.order_by("pk")) == ["paper_template.set", "paper_template.dropped"]


def test_the_page_lists_the_tags_takes_a_file_and_tells_a_wrong_one(agency, client, keeper):
    agency.sign_in(client, keeper)
    address = reverse("procedures:paper_template")
    wrong = io.BytesIO(template("{{bang_buocc}}"))
    wrong.name = "mau.docx"

    shown = html.unescape(client.get(address).content.decode())
    refused = client.post(address, {"file": wrong})

    assert "{{bang_buoc}}" in shown and "Quy trình in theo mẫu chung" in shown
    assert refused.status_code == 422
    assert "có phải {{bang_buoc}} không" in html.unescape(refused.content.decode())
    start = client.get(reverse("procedures:paper_template_start"))
    assert "{{luu_do}}" in said(start.content)


@pytest.fixture
def keeper(agency):
    """Return who keeps the documents of the agency."""
    return next(name for name in agency.people if may(agency.actor(name), "document.manage"))
