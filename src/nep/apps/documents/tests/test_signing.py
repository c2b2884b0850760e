"""The frozen PDF is signed by file or outside; signed bytes stay, whoever comes second is told."""

import hashlib
import html
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import Revision, Signature, SigningRoom
from nep.apps.documents.tests.make import approve, give_file, next_version, secretary
from nep.apps.documents.tests.signing_scene import (
    AGENCY,
    HA,
    a_key,
    frozen,
    make_signature,
    page,
    published,
    sign,
    trusting,
)
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.records import queries as records
from nep.apps.records.models import RecordFile
from nep.apps.records.tests import make as records_make
from nep.apps.work.models import Notice
from nep.foundation.files import queries as files
from nep.foundation.files.models import StoredFile
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.models import QueueRow
from nep.foundation.signing import signers
from nep.foundation.signing.preparing import completed
from nep.foundation.signing.tests import authority
from nep.foundation.signing.verifying import VALID, verify
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal


@pytest.fixture
def roots(settings, tmp_path):
    trusting(settings, tmp_path)
    return settings.NEP.sign_roots


@pytest.fixture
def revision_id(agency, roots) -> int:
    secretary(agency)
    return frozen(agency)[1]


def begun(agency, revision_id, *, who="ha", is_agency=False) -> tuple[str, queries.Room]:
    key = services.signing_begin(
        actor=agency.actor(who), revision_id=revision_id, is_seen=True, is_agency=is_agency,
        seen_hash=page(agency, revision_id).hash, now=NOW,
    )  # fmt: skip
    return key, queries.signing_room(actor=agency.actor(who), key=key, now=NOW)


def brought_back(agency, key, data, *, who="ha", now=NOW) -> services.Made:
    return services.signature_receive(actor=agency.actor(who), key=key, data=data, now=now)


def test_the_approver_signs_and_what_was_frozen_is_kept(agency, revision_id, roots):
    before = published(revision_id)
    line = sign(agency, revision_id)
    after = published(revision_id)

    assert after.startswith(before) and after != before
    assert files.read(line.before_id) == before
    assert (line.before_hash, line.file_hash) == (
        files.facts(line.before_id).sha256, files.facts(line.file_id).sha256,
    )  # fmt: skip
    assert (line.signer, line.position_name, line.way) == (HA, "Phó Giám đốc", "file")
    assert (line.is_trusted, line.at_tag, line.stamped_at) == (True, "chu_ky:phe_duyet", None)
    assert "chưa khai" in line.without_stamp
    assert verify(after, roots=roots, at=NOW).verdict == VALID
    assert rules.is_frozen_copy(files.facts(line.file_id).name)


def test_a_signature_is_told_in_history_journal_and_to_other_parts(agency, revision_id):
    line = sign(agency, revision_id)
    told = queries.history(revision_id=revision_id, agency_id=agency.agency_id)

    assert (told[-1].mark, told[-1].content_hash) == ("Đã ký số", line.file_hash)
    assert {one.mark for one in told if one.act == rules.APPROVED_ACT} == {"Xác nhận trên hệ thống"}
    entry = JournalEntry.objects.get(action="revision.signed")
    assert line.before_hash in entry.old and line.file_hash in entry.new
    assert QueueRow.objects.filter(name="event:RevisionSigned").count() == 1


def test_the_record_of_a_revision_signed_later_holds_the_signed_pdf(agency, revision_id):
    line = records_make.series(agency, records_make.plan(agency, by="thuky"), by="thuky")
    frozen_bytes = published(revision_id)
    records_make.deposit(
        agency, by="thuky", series_id=line, source_type="revision", source_id=revision_id,
        file_id=Revision.objects.get(pk=revision_id).published_file_id,
    )  # fmt: skip
    line = sign(agency, revision_id)
    for _again in range(2):
        services.signed_deposit(revision_id=revision_id, now=NOW)
    (kept,) = records.records_of_source(
        agency_id=agency.agency_id, source_type="revision", source_ids=[revision_id]
    )

    assert kept.sha256 == line.file_hash
    assert [one.sha256 for one in kept.editions] == [line.before_hash]
    old = records.record_download(actor=agency.actor("thuky"), record_id=kept.id, edition=1)
    assert files.read(old) == frozen_bytes


def test_the_keeper_of_a_closed_file_is_told_of_a_later_signature(agency, revision_id):
    line = records_make.series(agency, records_make.plan(agency, by="thuky"), by="thuky")
    records_make.deposit(
        agency, by="thuky", series_id=line, source_type="revision", source_id=revision_id,
        file_id=Revision.objects.get(pk=revision_id).published_file_id,
    )  # fmt: skip
    RecordFile.objects.update(state="closed", closed_on=NOW.date(), sealed_count=1)
    sign(agency, revision_id)
    services.signed_deposit(revision_id=revision_id, now=NOW)

    told = Notice.objects.get(person_id=agency.people["lan"], icon="archive")
    assert told.text.startswith("Bản đã ký số của QT-01 chưa vào hồ sơ ISO.01-01/2026")
    assert f"/luu-tru/ho-so/{RecordFile.objects.get().pk}/" == told.link


def test_the_agency_signs_after_its_leader_and_both_hold(agency, revision_id, roots):
    first = sign(agency, revision_id)
    second = sign(agency, revision_id, who="thuky", key=a_key(AGENCY))
    found = verify(published(revision_id), roots=roots, at=NOW)

    assert (first.position, second.position) == (1, 2)
    assert second.before_hash == first.file_hash
    assert found.verdict == VALID
    assert [one.signer for one in found.signatures] == [HA, AGENCY]


@pytest.mark.parametrize(
    ("who", "name", "facts", "code"),
    [
        ("ha", "Trần Văn Khác", {}, "certificate_name"),
        ("ha", HA, {"end": datetime(2026, 12, 1, tzinfo=UTC)}, "certificate_expired"),
        ("ha", HA, {"begin": datetime(2027, 1, 5, tzinfo=UTC)}, "certificate_early"),
        ("ha", HA, {"issuer": "CA lạ"}, "signature_untrusted"),
        ("thuky", "Bùi Thị Ngọc Ánh", {}, "certificate_agency"),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused_and_nothing_is_kept(
    agency, revision_id, who, name, facts, code
):
    before = published(revision_id)
    with pytest.raises(Refusal) as refused:
        sign(agency, revision_id, who=who, key=a_key(name, **facts))

    assert refused.value.code == code
    assert published(revision_id) == before
    assert not Signature.objects.exists()


def test_who_has_no_part_in_it_does_not_sign_nor_does_another_agency(
    agency, other_agency, revision_id
):
    with pytest.raises(Forbidden) as refused:
        sign(agency, revision_id, who="lan", key=a_key("Trần Thị Mai Lan"))
    assert refused.value.code == "sign_right"
    with pytest.raises(NotFound):
        services.signature_make(
            actor=other_agency.actor("ha"), revision_id=revision_id, seen_hash="", key=a_key(),
            is_seen=True, now=NOW,
        )  # fmt: skip
    assert page(agency, revision_id, "lan").refused
    Revision.objects.filter(pk=revision_id).update(state="retired", retired_on=NOW.date())
    with pytest.raises(Forbidden) as refused:
        sign(agency, revision_id)
    assert refused.value.code == "sign_state"


def test_who_signs_what_was_signed_meanwhile_is_told(agency, revision_id):
    seen = page(agency, revision_id).hash
    late = make_signature(agency, revision_id)
    sign(agency, revision_id)

    for act in (
        lambda: make_signature(agency, revision_id, seen=seen),
        lambda: services.signature_keep(actor=agency.actor("ha"), made=late, now=NOW),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "signed_meanwhile"
    assert Signature.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_is_kept(transactional_db, roots):
    organization.forget()
    office = department()
    _document, revision_id = frozen(office)
    both = [
        make_signature(office, revision_id),
        make_signature(office, revision_id, key=a_key(AGENCY)),
    ]
    start, ends = threading.Barrier(2), []

    def keep(made):
        start.wait()
        try:
            services.signature_keep(actor=office.actor("ha"), made=made, now=NOW)
            ends.append("won")
        except Refusal as refusal:
            ends.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=(made,)) for made in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["signed_meanwhile", "won"]
    assert Signature.objects.get().file_id == Revision.objects.get(pk=revision_id).published_file_id
    organization.forget()


def test_a_retired_version_is_stamped_beside_its_signed_bytes(agency, revision_id):
    line = sign(agency, revision_id)
    document_id = Revision.objects.get(pk=revision_id).document_id
    next_version(agency, document_id, now=NOW)
    found = queries.revision_file(
        actor=agency.actor("huy"), document_id=document_id, revision_id=revision_id
    )
    copy = queries.stamped_copy(found, now=NOW)
    kept = queries.signed_copy(actor=agency.actor("huy"), revision_id=revision_id, number=1)

    said = pypdfium2.PdfDocument(copy.data)[0].get_textpage().get_text_bounded()
    assert "HẾT HIỆU LỰC" in said
    assert kept.data == files.read(line.file_id) == published(revision_id)
    assert kept.name.startswith("HET HIEU LUC - ")


def test_a_signature_comes_back_from_outside_as_cms_or_as_the_whole_file(
    agency, revision_id, roots
):
    key, room = begun(agency, revision_id)
    cms = signers.sign(a_key(), digest=bytes.fromhex(room.digest)).cms
    made = brought_back(agency, key, cms)
    services.signature_keep(actor=agency.actor("ha"), made=made, now=NOW)
    other, place = begun(agency, revision_id, who="thuky", is_agency=True)
    whole = completed(
        files.read(place.prepared_id), start=place.start, end=place.end,
        cms=signers.sign(a_key(AGENCY), digest=bytes.fromhex(place.digest)).cms,
    )  # fmt: skip
    made = brought_back(agency, other, whole, who="thuky")
    services.signature_keep(actor=agency.actor("thuky"), made=made, now=NOW)

    assert published(revision_id) == whole
    assert [line.way for line in Signature.objects.order_by("position")] == ["outside"] * 2
    assert verify(whole, roots=roots, at=NOW).verdict == VALID
    with pytest.raises(Refusal) as refused:
        brought_back(agency, key, cms)
    assert refused.value.code == "room_used"


def test_what_is_not_the_wanted_signature_is_refused(agency, revision_id):
    key, room = begun(agency, revision_id)
    digest = bytes.fromhex(room.digest)
    frozen, prepared = published(revision_id), files.read(room.prepared_id)
    strange = signers.sign(a_key("Trần Văn Khác"), digest=digest).cms
    good = signers.sign(a_key(), digest=digest).cms
    filled = completed(prepared, start=room.start, end=room.end, cms=good)

    for data, code in (
        (strange, "certificate_name"),
        (signers.sign(a_key(), digest=bytes(32)).cms, "cms_digest"),
        (b"khong phai chu ky", "cms_broken"),
        (frozen, "signature_missing"),
        (prepared, "pdf_broken"),
        (b"%PDF-1.7 tep khac", "signed_other"),
        (filled + b"\n% them", "signature_invalid"),
        (filled + bytes(4_000_000), "signed_large"),
    ):
        with pytest.raises(Refusal) as refused:
            brought_back(agency, key, data)
        assert refused.value.code == code
    for who in ("thuky", "lan"):
        with pytest.raises(NotFound):
            brought_back(agency, key, good, who=who)
    with pytest.raises(Refusal) as refused:
        brought_back(agency, key, good, now=NOW + timedelta(minutes=31))
    assert refused.value.code == "room_over"
    assert published(revision_id) == frozen


def test_rooms_that_are_over_are_cleared_with_their_files(agency, revision_id):
    _key, room = begun(agency, revision_id)

    assert services.rooms_clear(now=NOW + timedelta(minutes=29)) == 0
    assert services.rooms_clear(now=NOW + timedelta(minutes=31)) == 1
    assert SigningRoom.objects.get().prepared_id is None
    assert not StoredFile.objects.filter(pk=room.prepared_id).exists()
    assert services.rooms_clear(now=NOW + timedelta(hours=1)) == 0


def text(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:400]
    return html.unescape(response.content.decode())


def test_a_person_signs_on_the_page_and_nothing_of_the_key_is_left(agency, revision_id, client):
    at = reverse("documents:signing", args=[revision_id])
    agency.sign_in(client, "ha")
    shown = text(client.get(at))
    assert "chưa ký số" in shown and "chưa phải chữ ký số theo luật" in shown
    seen = page(agency, revision_id).hash
    sent = {"seen_hash": seen, "is_seen": "on", "password": "sai mật khẩu", "_once": "lan-mot"}

    def file():
        return SimpleUploadedFile("ha.p12", authority.key_file(HA))

    to = reverse("documents:sign_by_file", args=[revision_id])
    refused = client.post(to, {**sent, "key_file": file()})
    assert "Mật khẩu của tệp khóa không đúng" in text(refused, 422)
    assert "sai mật khẩu" not in refused.content.decode()
    good = {**sent, "password": authority.PASSWORD}
    answer = client.post(to, {**good, "key_file": file()}, follow=True)
    assert "đã ký số, 1 chữ ký" in text(answer)
    late = client.post(to, {**good, "_once": "lan-hai", "key_file": file()})
    assert late.status_code == 409
    document_id = Revision.objects.get(pk=revision_id).document_id
    assert "Đã ký số" in text(client.get(reverse("documents:page", args=[document_id])))
    given = client.get(reverse("documents:signed_file", args=[revision_id, 1]))
    assert given.content == published(revision_id)
    for entry in JournalEntry.objects.filter(action="revision.signed"):
        assert authority.PASSWORD not in f"{entry.old}{entry.new}{entry.reason}"


def test_a_person_signs_outside_through_the_pages(agency, revision_id, client):
    agency.sign_in(client, "ha")
    begin = client.post(
        reverse("documents:sign_outside", args=[revision_id]),
        {"seen_hash": page(agency, revision_id).hash, "is_seen": "on", "whose": "person"},
    )
    room = begin["Location"]
    shown = text(client.get(room))
    digest = re.search(r"\b[0-9a-f]{64}\b", shown)[0]
    bare = client.get(f"{room}noi-dung.bin").content
    assert client.get(f"{room}ban-cong-bo.pdf").content == published(revision_id)
    assert client.get(f"{room}khac.pdf").status_code == 404
    assert hashlib.sha256(bare).hexdigest() == digest
    bad = client.post(room, {"file": SimpleUploadedFile("x.p7s", b"khong")})
    assert "không phải chữ ký CMS" in text(bad, 422)
    cms = signers.sign(a_key(), digest=bytes.fromhex(digest)).cms
    good = client.post(room, {"file": SimpleUploadedFile("x.p7s", cms)}, follow=True)
    assert "đã ký số, 1 chữ ký" in text(good)
    assert "Ký ngoài hệ thống" in text(good)
    agency.sign_in(client, "lan")
    assert client.get(room).status_code == 404


def test_the_servers_token_is_offered_where_it_is_set_up(agency, revision_id, client, settings):
    agency.sign_in(client, "ha")
    at = reverse("documents:signing", args=[revision_id])
    to = reverse("documents:sign_by_token", args=[revision_id])
    sent = {"seen_hash": page(agency, revision_id).hash, "pin_password": "1234", "is_seen": "on"}
    without = text(client.get(at))
    assert client.post(to, sent).status_code == 404
    settings.NEP = replace(settings.NEP, sign_module="/khong-co/thu-vien.so", sign_label="lanh-dao")
    shown = text(client.get(at))

    assert "Ký bằng thiết bị" not in without
    assert "Ký bằng thiết bị của máy chủ" in shown and 'value="lanh-dao"' in shown
    refused = text(client.post(to, sent), 422)
    assert "không thấy thiết bị ký số" in refused and "1234" not in refused


def test_a_pdf_that_came_signed_is_never_stamped(agency, revision_id):
    """A signed file brought as the original is published and handed out as it is."""
    line = sign(agency, revision_id)
    data = files.read(line.file_id)
    document_id, other = services.document_create(
        actor=agency.actor("lan"), kind="policy", code="CS-09", title="Đã ký sẵn", issue="01",
        amendment="00", original_file_id=None, now=NOW,
    )  # fmt: skip
    give_file(agency, other, data, "da-ky.pdf", NOW)
    found = queries.revision_file(
        actor=agency.actor("lan"), document_id=document_id, revision_id=other
    )
    copy = queries.stamped_copy(found, now=NOW)

    approve(agency, other)
    kept = services.publication_make(revision_id=other, now=NOW)

    assert copy.data == data
    assert copy.name.startswith("DU THAO - ")
    assert files.read(kept) == data
