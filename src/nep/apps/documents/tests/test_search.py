"""Documents are found by their words, by whom they may be seen, as soon as they change."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document as WordFile

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import Document, FilledForm, Revision
from nep.apps.documents.tests.make import in_force, next_version, secretary
from nep.apps.organization.tests.scene import NOW
from nep.foundation.files.services import store
from nep.foundation.search.following import follow_all, rebuild
from nep.foundation.search.models import Entry

pytestmark = pytest.mark.django_db


def word(*lines: str) -> bytes:
    file = WordFile()
    for line in lines:
        file.add_paragraph(line)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def draft(agency, code: str, title: str, **facts) -> int:
    file = facts.pop("file", None)
    document_id, _ = services.document_add(
        actor=agency.actor("lan"),
        facts=rules.DocumentFacts(kind=facts.pop("kind", "form"), code=code, title=title, **facts),
        now=NOW, file=file,
    )  # fmt: skip
    return document_id


def found(agency, who: str, typed: str, **wanted) -> list[int]:
    hits = queries.search(typed, actor=agency.actor(who), wanted=queries.SearchWanted(**wanted))
    return [hit.object_id for hit in hits]


def test_the_words_of_the_file_are_found_with_and_without_marks(agency):
    data = word("Trưởng đơn vị tổ chức khắc phục trong 05 ngày làm việc.")
    document_id, _ = in_force(agency, data=data, name="qt-05.docx")
    follow_all()

    assert found(agency, "lan", "tổ chức khắc phục") == [document_id]
    assert found(agency, "lan", '"to chuc khac phuc"') == [document_id]
    (hit,) = queries.search("khac phuc", actor=agency.actor("lan"))
    assert "<mark>khắc</mark> <mark>phục</mark>" in hit.snippet_html


def test_following_again_does_nothing_and_a_change_is_followed(agency):
    document_id = draft(agency, "BM-01", "Phiếu yêu cầu")
    assert follow_all() == 1
    assert follow_all() == 0
    row = Document.objects.get(pk=document_id)
    services.document_change(
        actor=agency.actor("lan"), document_id=document_id, version=row.version,
        facts=rules.DocumentFacts(kind="form", code="BM-01", title="Giấy đề nghị mới"),
        now=NOW + timedelta(minutes=1),
    )  # fmt: skip

    assert follow_all() == 1
    assert found(agency, "lan", "đề nghị") == [document_id]
    assert found(agency, "lan", "phiếu yêu cầu") == []


def test_another_file_of_a_draft_is_followed(agency):
    document_id = draft(agency, "BM-01", "Phiếu", file=("a.docx", word("nội dung thứ nhất")))
    follow_all()
    revision = Revision.objects.get(document_id=document_id)
    services.revision_file_replace(
        actor=agency.actor("lan"), revision_id=revision.pk, version=revision.version,
        file=("b.docx", word("nội dung thứ hai")), now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    follow_all()

    assert found(agency, "lan", "thứ hai") == [document_id]
    assert found(agency, "lan", "thứ nhất") == []


def test_the_text_in_force_is_found_not_the_one_it_replaced(agency):
    document_id, _ = in_force(agency, data=word("mười ngày làm việc"), name="a.docx")
    follow_all()
    later = NOW + timedelta(days=1)
    revision_id = next_version(agency, document_id, now=later)
    assert Document.objects.get().current_id == revision_id
    follow_all()

    assert found(agency, "lan", "mười ngày") == []


def test_what_is_restricted_or_elsewhere_is_not_found(agency, other_agency):
    secretary(agency)
    hidden = draft(
        agency, "QT-09", "Bảo vệ bí danh Sao Mai", kind="instruction", level="restricted"
    )
    follow_all()

    assert found(agency, "lan", "sao mai") == [hidden]  # its author
    assert found(agency, "thuky", "sao mai") == [hidden]
    assert found(agency, "tuan", "sao mai") == []
    assert found(other_agency, "lan", "sao mai") == []


def test_withdrawn_documents_are_found_only_when_asked_for(agency):
    document_id, _ = in_force(agency, title="Nội quy cũ")
    Document.objects.filter(pk=document_id).update(
        status="withdrawn", current_id=None, withdrawn_on=NOW.date(), withdraw_reason="Hết dùng",
        changed_at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    follow_all()

    assert found(agency, "lan", "nội quy") == []
    assert found(agency, "lan", "nội quy", with_old=True) == [document_id]


def test_the_form_for_a_need_told_in_own_words(agency):
    wanted, _ = in_force(agency, code="BM-01", title="Phiếu đề nghị sửa đổi tài liệu", kind="form")
    in_force(agency, code="BM-02", title="Biên bản bàn giao hồ sơ", kind="form")
    in_force(agency, code="QT-01", title="Sửa đổi quy trình", kind="system_procedure")
    follow_all()

    hits = queries.forms_fitting("tôi muốn xin sửa một quy trình", actor=agency.actor("lan"))
    assert hits[0].object_id == wanted
    assert all(hit.sort == "form" for hit in hits)


def test_a_filled_form_is_found_by_who_may_read_it(agency):
    secretary(agency)
    form_id, revision_id = in_force(agency, code="BM-01", title="Phiếu ghi nhận", kind="form")
    filled_id = FilledForm.objects.create(
        agency_id=agency.agency_id, document_id=form_id, revision_id=revision_id,
        title="Phiếu ghi nhận số 007/2026", filled_by_id=agency.people["lan"], filled_at=NOW,
        values={"number": "007/2026", "fields": {"noi_dung": "giấy hẹn thiếu số điện thoại"},
                "rows": {"viec": [{"ten": "in lại giấy"}, {"ten": "gọi điện Hoa Mai"}]}},
        file=store(data=word("x"), name="a.docx", agency_id=agency.agency_id, actor_id=None,
                   at=NOW),
    ).pk  # fmt: skip
    follow_all()

    for typed in ("giay hen thieu", "Hoa Mai", "007/2026", "BM-01 số 007"):
        assert filled_id in found(agency, "lan", typed)
    assert found(agency, "lan", "hoa mai", sort="filled") == [filled_id]
    assert found(agency, "lan", "hoa mai", sort="form") == []
    assert found(agency, "thuky", "hoa mai") == [filled_id]
    assert found(agency, "tuan", "hoa mai") == []


def test_a_document_is_found_by_its_file_and_by_what_it_belongs_to(agency):
    parent, _ = in_force(agency, code="QT-07", title="Tiếp công dân")
    child, _ = in_force(
        agency,
        code="BM-07.01",
        title="Sổ ghi",
        kind="form",
        data=word("x"),
        name="SoTiepDan_v2.docx",
    )
    Document.objects.filter(pk=child).update(parent_id=parent)
    follow_all()

    assert found(agency, "lan", "so tiep dan") == [child]
    assert found(agency, "lan", "sotiepdan_v2.docx") == [child]
    assert found(agency, "lan", "sổ ghi tiếp công dân") == [child]
    assert found(agency, "lan", "qt-07") == [parent, child]


@pytest.mark.parametrize("renamed_by", ["library", "workbench"])
def test_what_belongs_to_a_renamed_document_is_found_by_the_new_name(agency, renamed_by):
    parent = draft(agency, "QT-07", "Tiếp công dân", kind="instruction")
    child = draft(agency, "BM-07.01", "Sổ ghi", parent_id=parent)
    follow_all()
    actor, later = agency.actor("lan"), NOW + timedelta(minutes=1)
    if renamed_by == "library":
        services.document_change(
            actor=actor, document_id=parent, version=Document.objects.get(pk=parent).version,
            facts=rules.DocumentFacts(kind="instruction", code="QT-17", title="Xử lý đơn thư"),
            now=later,
        )  # fmt: skip
    else:
        services.document_retitle(actor=actor, document_id=parent, title="Xử lý đơn thư", now=later)
    follow_all()

    assert found(agency, "lan", "sổ ghi xử lý đơn thư") == [child]
    assert found(agency, "lan", "sổ ghi tiếp công dân") == []


def test_a_rebuilt_index_is_the_same(agency):
    for number in range(5):
        draft(agency, f"BM-{number}", f"Phiếu số {number}")
    follow_all()
    before = set(Entry.objects.values_list("object_id", "folded_title", "stamp"))
    assert rebuild() == 5
    assert set(Entry.objects.values_list("object_id", "folded_title", "stamp")) == before


def test_an_unreadable_file_is_found_by_its_title(agency):
    document_id, revision_id = in_force(agency, data=word("x"), name="a.docx")
    from_store = Revision.objects.get(pk=revision_id).original_file
    from_store.name, from_store.sha256 = "a.docx", "0" * 64
    from_store.save()
    follow_all()
    assert found(agency, "lan", "không phù hợp") == [document_id]


def test_the_pages_show_marked_answers_and_say_when_there_are_none(agency, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    in_force(agency, data=word("Khắc phục <script>alert(1)</script>"), name="a.docx")
    follow_all()
    agency.sign_in(client, "lan")

    page = client.get(reverse("documents:search"), {"q": "khac phuc"}).content.decode()
    assert "<mark>Khắc</mark>" in page
    assert "<script>alert(1)" not in page
    page = client.get(reverse("documents:search"), {"q": "khac phuc", "dv": "x", "tu": "-1"})
    assert page.status_code == 200
    part = client.get(reverse("documents:suggest"), {"q": "kiem"}).content.decode()
    assert "<mark>Kiểm</mark>" in part and "<html" not in part
    none = client.get(reverse("documents:search"), {"q": "vắng mặt"}).content.decode()
    assert "Không thấy “vắng mặt”" in none
    slip = client.get(reverse("documents:search"), {"q": "khacs phuc", "loai": "form"})
    assert "Tìm ở mọi loại, mọi đơn vị" in slip.content.decode()
    slip = client.get(reverse("documents:search"), {"q": "khawcs phuc"}).content.decode()
    assert "Có phải bạn tìm" in slip and "q=kh%E1%BA%AFc+phuc" in slip
    for loai in ("external", "filled", "record", "khac"):
        assert client.get(reverse("documents:search"), {"q": "a", "loai": loai}).status_code == 200
    assert client.get(reverse("documents:search")).status_code == 200
    form = client.get(reverse("documents:form_finder"), {"q": "sửa"}).content.decode()
    assert "Chưa thấy biểu mẫu nào" in form
