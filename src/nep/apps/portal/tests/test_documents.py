"""Public documents: chosen, of level public and in force; nothing else is reachable."""

import html

import pytest
from django.urls import reverse

from nep.apps.documents import services
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.tests import make
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.portal.tests.spoken import vietnamese_in
from nep.foundation.files.services import store
from nep.kernel.errors import Forbidden, Refusal

PDF = b"%PDF-1.7 chinh sach chat luong"


@pytest.fixture
def agency(db):
    organization.forget()
    found = department()
    make.secretary(found)
    yield found
    organization.forget()


@pytest.fixture
def document(agency):
    document_id, revision_id = make.in_force(
        agency, code="CS-01", title="Chính sách chất lượng", kind="policy"
    )
    kept = store(data=PDF, name="cs.pdf", agency_id=agency.agency_id, actor_id=None, at=NOW)
    Revision.objects.filter(pk=revision_id).update(published_file_id=kept.id)
    Document.objects.filter(pk=document_id).update(level="public")
    publish(agency, document_id)
    return document_id


def publish(agency, document_id, is_public=True, by="thuky"):
    services.document_public_set(
        actor=agency.actor(by), document_id=document_id, is_public=is_public, now=NOW
    )


def statuses(client, document_id):
    return [
        client.get(reverse(f"portal:{name}", args=[document_id])).status_code
        for name in ("document", "document_file")
    ]


def listed(client, query=""):
    return html.unescape(client.get(reverse("portal:documents"), {"q": query}).content.decode())


def test_anyone_finds_and_opens_a_public_document_without_logging_in(document, client):
    assert "1 tài liệu công khai đang hiệu lực" in listed(client)
    assert "Chính sách chất lượng" in listed(client, "chinh sach")
    assert "Không thấy tài liệu nào khớp" in listed(client, "khong co")
    assert statuses(client, document) == [200, 200]
    answer = client.get(reverse("portal:document_file", args=[document]))
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "change",
    [
        {"is_public": False}, {"level": "internal"}, {"level": "restricted"},
        {"status": "withdrawn", "withdrawn_on": NOW.date(), "current_id": None},
    ],
)  # fmt: skip
def test_nothing_else_is_reachable(document, client, change):
    Document.objects.filter(pk=document).update(**change)

    assert statuses(client, document) == [404, 404]
    assert "Chưa có tài liệu công khai" in listed(client)


def test_a_draft_and_an_old_version_are_not_public(agency, document, client):
    Revision.objects.filter(document_id=document).update(published_file_id=None)
    draft_id, _revision = services.document_create(
        actor=agency.actor("lan"), kind="policy", code="CS-02", title="Dự thảo", issue="01",
        amendment="00", original_file_id=None, now=NOW,
    )  # fmt: skip
    Document.objects.filter(pk=draft_id).update(level="public", is_public=True)

    assert statuses(client, draft_id) == [404, 404]
    assert statuses(client, document) == [200, 404]
    assert "Dự thảo" not in listed(client)


def test_only_who_manages_puts_a_document_of_public_level_there(agency, document):
    other_id, _revision = make.in_force(agency, code="QT-02", title="Nội bộ")

    with pytest.raises(Refusal, match="Công khai"):
        publish(agency, other_id)
    with pytest.raises(Forbidden):
        publish(agency, document, by="lan")
    publish(agency, document, is_public=False)
    assert not Document.objects.get(pk=document).is_public


def test_a_public_document_is_described_in_english_but_for_its_names(document, client):
    listing = client.get(reverse("portal:documents"), {"lang": "en"}).content
    page = client.get(reverse("portal:document", args=[document])).content

    assert "1 public document in force" in listing.decode()
    assert "Policy" in page.decode()
    assert vietnamese_in(listing) == vietnamese_in(page) == []
