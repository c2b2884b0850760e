"""Who scans the QR code learns the state of that version; a brought copy is compared and forgotten."""

import html

import pytest
from django.conf import settings as known
from django.core.files.uploadedfile import SimpleUploadedFile

from nep.apps.documents import queries
from nep.apps.documents.models import Document, Revision, Signature
from nep.apps.documents.tests.life_scene import again, approve, brought, check, sheet, submit
from nep.apps.documents.tests.make import next_version, secretary
from nep.apps.documents.tests.signing_scene import HA, frozen, sign, trusting
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.portal.models import LookupCount
from nep.apps.portal.tests.spoken import vietnamese_in
from nep.foundation.files import queries as files
from nep.foundation.files.models import StoredFile


@pytest.fixture
def agency(db, settings, tmp_path):
    organization.forget()
    trusting(settings, tmp_path)
    found = department()
    secretary(found)
    yield found
    organization.forget()


@pytest.fixture
def issued(agency) -> Revision:
    """A public document in force."""
    document_id, revision_id = frozen(agency, code="CS-01", title="Chính sách", kind="policy")
    return opened(document_id, revision_id)


def opened(document_id: int, revision_id: int) -> Revision:
    Document.objects.filter(pk=document_id).update(level="public", is_public=True)
    return Revision.objects.get(pk=revision_id)


def address(row: Revision) -> str:
    return f"/tra-cuu/tai-lieu/kiem-tra/{row.public_key}/"


def signed_by_leader(agency, row: Revision) -> bytes:
    sign(agency, row.pk)
    row.refresh_from_db()
    return published(row)


def published(row: Revision) -> bytes:
    return files.read(row.published_file_id)


def shown(client, row: Revision, **asked) -> str:
    answer = client.get(address(row), asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def bring(client, row: Revision, data: bytes, status: int = 200) -> str:
    answer = client.post(address(row), {"file": SimpleUploadedFile("ban.pdf", data)})
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def renewed(agency, row: Revision) -> int:
    new = again(agency, row.document_id)
    submit(agency, new)
    check(agency, new)
    approve(agency, new)
    return new


def test_from_approval_over_signature_to_the_next_version(agency, client):
    issued = opened(*brought(agency, code="CS-01", title="Chính sách", kind="policy"))
    first = shown(client, issued)
    assert "Bản này đang có hiệu lực" in first
    assert "Chưa có chữ ký số" in first and "chưa phải chữ ký số" in first
    before = published(issued)
    signed = signed_by_leader(agency, issued)
    assert Signature.objects.get().at_tag == "chu_ky:phe_duyet"  # in its cell of the cover
    page = shown(client, issued)
    for said in ("CS-01", "Chính sách", HA, "Phó Giám đốc", "1 chữ ký số", "hợp lệ lúc ký",
                 "CA thử nghiệm", files.facts(issued.published_file_id).sha256):  # fmt: skip
        assert said in page, said
    assert "CCCD" not in page
    assert "giống từng byte" in bring(client, issued, signed)
    assert "trước khi có thêm chữ ký" in bring(client, issued, before)
    given = client.get(f"/tra-cuu/tai-lieu/{issued.document_id}/tep.pdf")
    assert given.content == signed

    renewed(agency, issued)
    later = shown(client, issued)
    assert "đã được thay thế" in later
    assert "Thay bằng" in later and "lần 01, sửa đổi 01" in later
    assert "không phải bản đang áp dụng" in bring(client, issued, signed)


def test_the_code_on_the_frozen_copy_leads_there(agency, issued):
    link = queries.verification_link(issued.public_key)

    assert link == f"{known.NEP.public_address}{address(issued)}"


def test_a_changed_copy_and_another_file_are_told(agency, issued, client):
    signed = signed_by_leader(agency, issued)
    place = signed.rindex(b"endstream", 0, signed.index(b"/ByteRange")) - 20
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]

    page = bring(client, issued, changed)
    assert "khác bản đã ban hành" in page
    assert "Chữ ký số không hợp lệ" in page
    assert "khác bản đã ban hành" in bring(client, issued, sheet("QT-99"))


def test_a_brought_file_is_not_kept_and_a_hostile_one_ends_with_a_sentence(agency, issued, client):
    count = StoredFile.objects.count()

    assert "không phải tệp PDF" in bring(client, issued, b"PK\x03\x04 zip", 422)
    assert "Không đọc được tệp này" in bring(client, issued, b"%PDF-1.7 /ByteRange" * 50, 422)
    assert StoredFile.objects.count() == count


@pytest.mark.parametrize("level", ["internal", "restricted"])
def test_of_an_inner_document_only_the_state_is_told(agency, issued, client, level):
    Document.objects.filter(pk=issued.document_id).update(level=level, title="Tên nội bộ")
    signed = signed_by_leader(agency, issued)
    page = shown(client, issued)

    assert "Bản này đang có hiệu lực" in page
    for hidden in ("CS-01", "Tên nội bộ", HA, files.facts(issued.published_file_id).sha256):
        assert hidden not in page, hidden
    assert "giống từng byte" in bring(client, issued, signed)


def test_the_other_states_are_told(agency, issued, client):
    Revision.objects.filter(pk=issued.pk).update(state="approved")
    assert "chưa đến ngày hiệu lực" in shown(client, issued)
    Revision.objects.filter(pk=issued.pk).update(state="retired", retired_on=NOW.date())
    Document.objects.filter(pk=issued.document_id).update(
        status="withdrawn", withdrawn_on=NOW.date(), current_id=None
    )
    assert "đã bị thu hồi" in shown(client, issued)
    Revision.objects.filter(pk=issued.pk).update(state="draft")
    assert client.get(address(issued)).status_code == 404


def test_an_unknown_key_is_not_found_and_guessing_is_bounded(agency, client):
    for key in ("x", "khong-co-khoa-nay-dau-ca"):
        answer = client.get(f"/tra-cuu/tai-lieu/kiem-tra/{key}/")
        assert answer.status_code == 404
    assert LookupCount.objects.get().count == 2
    LookupCount.objects.update(count=known.NEP.portal_lookups)
    assert client.get("/tra-cuu/tai-lieu/kiem-tra/khong-co-khoa-nay/").status_code == 429


def test_the_page_is_whole_in_english(agency, issued, client):
    signed = signed_by_leader(agency, issued)
    client.get("/tra-cuu/", {"lang": "en"})
    pages = [client.get(address(issued)).content]
    for data in (signed, signed.replace(b"%%EOF", b"%%EOE"), sheet("x")):
        file = SimpleUploadedFile("a.pdf", data)
        pages.append(client.post(address(issued), {"file": file}).content)
    next_version(agency, issued.document_id, now=NOW)
    pages.append(client.get(address(issued)).content)

    assert "This version is in force" in pages[0].decode()
    for page in pages:
        assert vietnamese_in(page) == []
