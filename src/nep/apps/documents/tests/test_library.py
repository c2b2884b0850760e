"""The library: who sees what, filters, codes, data changed, kept filters, the register."""

import html
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from python_calamine import load_workbook

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import Document, Recipient, RevisionAuthor
from nep.apps.documents.tests.make import in_force, secretary
from nep.apps.organization.queries import position_choices
from nep.apps.organization.tests.scene import NOW
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

TODAY = NOW.date()
DOCX_NAME = "QT-01.docx"


def facts(**changes) -> rules.DocumentFacts:
    given = {"kind": "system_procedure", "title": "Kiểm soát tài liệu", **changes}
    return rules.DocumentFacts(**given)


def add(agency, *, by="lan", **changes) -> int:
    return services.document_add(actor=agency.actor(by), facts=facts(**changes), now=NOW)[0]


def found(agency, by="lan", **wanted) -> list[str]:
    page = queries.library_page(
        actor=agency.actor(by), filter=queries.LibraryFilter(**wanted), today=TODAY
    )
    return [line.code for line in page.lines]


# Codes


def test_codes_follow_the_mask_and_never_meet(agency):
    first, second = add(agency), add(agency, title="Kiểm soát hồ sơ")
    codes = list(Document.objects.order_by("code").values_list("code", flat=True))

    assert codes == ["QT-01", "QT-02"]
    assert first != second


def test_a_form_takes_its_code_from_the_document_above(agency):
    above = add(agency, code="QT-05")
    add(agency, kind="form", title="Phiếu yêu cầu", parent_id=above)
    add(agency, kind="form", title="Sổ theo dõi", parent_id=above)

    assert found(agency, kind="form") == ["BM-05.01", "BM-05.02"]
    with pytest.raises(Refusal) as refused:
        add(agency, kind="form", title="Phiếu lẻ")
    assert refused.value.code == "code_needs_parent"


def test_a_code_once_given_by_hand_is_passed_over(agency):
    add(agency, code="qt-01", title="Đặt tay")

    assert Document.objects.get(pk=add(agency)).code == "QT-02"


def test_a_dead_code_is_refused_with_the_document_that_had_it(agency):
    document_id, _revision = in_force(agency, code="QT-05", title="Cũ")
    Document.objects.filter(pk=document_id).update(
        status="withdrawn", withdrawn_on=TODAY, current=None
    )

    with pytest.raises(Refusal) as refused:
        add(agency, code="qt - 05")
    assert "“Cũ” (đã bãi bỏ)" in refused.value.message
    assert refused.value.field == "code"


@pytest.mark.parametrize("code", ["<b>1</b>", "a" * 61, "QT\x0001{x}", "\u200b"])
def test_a_code_that_cannot_be_written_is_refused(agency, code):
    with pytest.raises(Refusal):
        add(agency, code=code, title="Tên") if code != "\u200b" else add(agency, title="\u200b")


def test_a_mask_is_set_by_the_manager_under_its_version(agency):
    agency_secretary = agency.actor(secretary(agency))
    save = {"actor": agency_secretary, "kind": "instruction", "now": NOW}
    services.code_mask_save(mask="HD/{yyyy}/{seq:03}", version=0, **save)

    assert Document.objects.get(pk=add(agency, kind="instruction")).code == "HD/2026/001"
    with pytest.raises(Conflict):
        services.code_mask_save(mask="X-{seq}", version=0, **save)
    for wrong in ("HD-{so}", "HD", "{seq}<b>"):
        with pytest.raises(Refusal):
            services.code_mask_save(mask=wrong, version=1, **save)
    with pytest.raises(Forbidden):
        services.code_mask_save(
            actor=agency.actor("lan"), kind="form", mask="B{seq}", version=0, now=NOW
        )


# Data


def test_a_state_secret_is_refused_by_a_sentence(agency):
    for level in ("Tuyệt mật", "mật", "secret"):
        with pytest.raises(Refusal) as refused:
            add(agency, level=level)
        assert refused.value.code == "level_secret"
    assert not Document.objects.exists()


def test_data_is_changed_under_its_version_and_the_loser_reads_who(agency):
    document_id = add(agency, code="QT-01")
    change = {"document_id": document_id, "version": 1, "now": NOW}
    services.document_change(
        actor=agency.actor("lan"),
        facts=facts(
            title="Kiểm soát thông tin dạng văn bản",
            tags=("văn thư",),
            clauses=rules.read_clauses("9001: 7.5.2; 7.5.3\nISO 27001"),
        ),
        **change,
    )
    page = queries.document_page(actor=agency.actor("lan"), document_id=document_id)

    assert page.title == "Kiểm soát thông tin dạng văn bản"
    assert page.clauses == (
        ("ISO 9001:2015", "7.5.2"), ("ISO 9001:2015", "7.5.3"), ("ISO/IEC 27001:2022", ""),
    )  # fmt: skip
    with pytest.raises(Conflict, match="Trần Thị Mai Lan"):
        services.document_change(actor=agency.actor("lan"), facts=facts(), **change)


def test_a_document_in_force_keeps_its_name_but_takes_other_data(agency):
    document_id, _revision = in_force(agency, code="QT-05", title="Giữ tên")
    version = Document.objects.get(pk=document_id).version
    manager = agency.actor(secretary(agency))
    change = {"actor": manager, "document_id": document_id, "version": version, "now": NOW}

    with pytest.raises(Refusal) as refused:
        services.document_change(facts=facts(title="Tên khác", code="QT-05"), **change)
    services.document_change(facts=facts(title="Giữ tên", level="public"), **change)
    assert refused.value.code == "document_named"
    assert Document.objects.get(pk=document_id).level == "public"


def test_another_units_document_is_not_changed(agency):
    document_id = add(agency, owner_unit_id=agency.units["LD"])
    version = Document.objects.get(pk=document_id).version

    with pytest.raises(Forbidden) as refused:
        services.document_change(
            actor=agency.actor("huy"), document_id=document_id, facts=facts(), version=version,
            now=NOW,
        )  # fmt: skip
    assert refused.value.code == "document_of_another_unit"


def test_a_draft_takes_a_file_and_its_giver_joins_the_authors(agency, sample_docx):
    document_id, revision_id = services.document_add(
        actor=agency.actor("lan"), facts=facts(owner_unit_id=agency.units["PKH"]), now=NOW
    )
    file_id = services.revision_file_replace(
        actor=agency.actor("huy"), revision_id=revision_id, file=(DOCX_NAME, sample_docx),
        version=1, now=NOW,
    )  # fmt: skip
    page = queries.document_page(actor=agency.actor("lan"), document_id=document_id)

    assert page.open.original_file_id == file_id
    assert RevisionAuthor.objects.filter(person_id=agency.people["huy"]).exists()
    with pytest.raises(Conflict):
        services.revision_file_replace(
            actor=agency.actor("huy"), revision_id=revision_id, file=(DOCX_NAME, sample_docx),
            version=1, now=NOW,
        )  # fmt: skip
    with pytest.raises(Refusal):
        services.revision_file_replace(
            actor=agency.actor("huy"), revision_id=revision_id, file=("a.docx", b"MZ\x90\x00"),
            version=2, now=NOW,
        )  # fmt: skip


def test_documents_do_not_stand_below_each_other_in_a_circle(agency):
    above = add(agency, kind="other", title="A", code="A")
    below = add(agency, kind="plan", title="B", code="B")
    middle = add(agency, kind="other", title="C", code="C", parent_id=above)

    with pytest.raises(Refusal, match="không đứng dưới"):
        add(agency, kind="policy", title="D", parent_id=below)
    with pytest.raises(Refusal):
        services.document_change(
            actor=agency.actor("lan"), document_id=above, version=1, now=NOW,
            facts=facts(kind="other", title="A", code="A", parent_id=middle),
        )  # fmt: skip


# Who sees what


def test_a_restricted_document_shows_itself_to_the_named_only(agency, other_agency):
    document_id = add(agency, code="HC-01", level="restricted", owner_unit_id=agency.units["LD"])
    secretary(agency)
    seen = {
        who: found(agency, who) == ["HC-01"]
        for who in ("lan", "huy", "ha", "toan", "tuan", "thuky", "admin")
    }

    assert seen == {
        "lan": True, "huy": False, "ha": True, "toan": False, "tuan": False, "thuky": True,
        "admin": True,
    }  # fmt: skip
    with pytest.raises(NotFound):
        queries.document_page(actor=agency.actor("huy"), document_id=document_id)
    with pytest.raises(NotFound):
        queries.document_page(actor=other_agency.actor("admin"), document_id=document_id)


@pytest.mark.parametrize(
    ("target", "sees"),
    [
        ({"target": "everyone"}, {"huy", "toan", "tuan"}),
        ({"target": "unit", "unit": "MC"}, {"tuan"}),
        ({"target": "unit", "unit": "PKH"}, {"huy", "toan"}),
        ({"target": "person", "person": "toan"}, {"toan"}),
        ({"target": "position", "position": "Chuyên viên chính"}, {"huy"}),
    ],
)
def test_recipients_see_what_they_were_given_and_rule_and_rows_agree(agency, target, sees):
    document_id = add(agency, code="HC-01", level="restricted", owner_unit_id=agency.units["LD"])
    posts = {name: id_ for id_, name in position_choices(agency.agency_id)}
    Recipient.objects.create(
        agency_id=agency.agency_id,
        document_id=document_id,
        target=target["target"],
        key="x",
        unit_id=agency.units[target["unit"]] if "unit" in target else None,
        person_id=agency.people[target["person"]] if "person" in target else None,
        position_id=posts[target["position"]] if "position" in target else None,
        added_by_id=agency.people["lan"],
        added_at=NOW,
    )
    people = queries.people_named(document_id=document_id, agency_id=agency.agency_id)
    reached = queries.recipient_ids(
        document_id=document_id, agency_id=agency.agency_id, today=TODAY
    )
    for who in ("huy", "toan", "tuan", "ha", "lan"):
        actor = agency.actor(who)
        by_rule = rules.may_see_document(
            actor,
            agency_id=agency.agency_id,
            level="restricted",
            owner_unit_id=agency.units["LD"],
            people_ids=people | reached,
        )
        assert bool(by_rule) == queries.may_see(actor, document_id=document_id)
        assert bool(by_rule) == (who in sees | {"ha", "lan"})


# Filters


def test_the_list_around_a_document_leaves_out_what_one_may_not_see(agency):
    secretary(agency)
    for code in ("QT-01", "QT-02", "QT-03"):
        in_force(agency, code=code, title=f"Quy trình {code}")
    Document.objects.filter(code="QT-02").update(level="restricted")

    def around(who: str) -> list[str]:
        lines = queries.library_around(
            actor=agency.actor(who), filter=queries.LibraryFilter(), today=TODAY, code="QT-03"
        ).lines
        return [line.code for line in lines]

    assert around("tuan") == ["QT-01", "QT-03"]
    assert around("thuky") == around("lan") == ["QT-01", "QT-02", "QT-03"]


def test_filters_combine_and_find_with_and_without_marks(agency):
    unit = agency.units["PKH"]
    above = add(agency, code="QT-05", title="Kiểm soát đề tài", owner_unit_id=unit)
    add(
        agency, kind="form", title="Phiếu đề nghị", parent_id=above, owner_unit_id=unit,
        tags=("an toàn bức xạ",), clauses=(("ISO 9001:2015", "7.5.3"),),
    )  # fmt: skip
    add(agency, kind="policy", title="Chính sách chất lượng")

    assert found(agency) == ["BM-05.01", "CS-01", "QT-05"]
    assert found(agency, query="de ta") == ["QT-05"]
    assert found(agency, query="Đề") == ["BM-05.01", "QT-05"]
    assert found(agency, query="oan") == []
    assert found(agency, query="5.01") == []
    assert found(agency, query="05") == ["BM-05.01", "QT-05"]
    assert found(agency, kind="form", unit_id=unit, query="phieu") == ["BM-05.01"]
    assert found(agency, standard="ISO 9001:2015", clause="7.5.3") == ["BM-05.01"]
    assert found(agency, standard="ISO 9001:2015", clause="7.5") == []
    assert found(agency, tag="An toàn bức xạ") == ["BM-05.01"]
    assert found(agency, tag="an toàn") == []
    assert found(agency, state="soan") == ["BM-05.01", "CS-01", "QT-05"]
    assert found(agency, state="hl") == []


def test_what_was_withdrawn_is_out_of_the_list_until_asked_for(agency):
    document_id, _revision = in_force(agency, code="QT-05")
    assert found(agency, state="hl") == found(agency, state="moi") == ["QT-05"]
    Document.objects.filter(pk=document_id).update(
        status="withdrawn", withdrawn_on=TODAY, current=None
    )

    assert found(agency) == []
    assert found(agency, state="bo") == found(agency, state="tat") == ["QT-05"]


def test_the_list_goes_on_by_keyset_without_gap_or_double(agency):
    for number in range(7):
        add(agency, code=f"TL-{number}", kind="other", title="Tài liệu")
    actor, seen, after = agency.actor("lan"), [], ""
    while True:
        page = queries.library_page(
            actor=actor, filter=queries.LibraryFilter(), today=TODAY, after=after, limit=3
        )
        seen += [line.code for line in page.lines]
        after = page.after
        if not after:
            break

    assert seen == [f"TL-{number}" for number in range(7)]


def test_the_count_of_what_is_in_force_leaves_out_what_one_may_not_see(agency):
    in_force(agency, code="QT-05")
    hidden, _revision = in_force(agency, code="QT-06")
    Document.objects.filter(pk=hidden).update(level="restricted", owner_unit_id=agency.units["LD"])

    assert queries.in_force_count(actor=agency.actor("huy")) == 1
    assert queries.in_force_count(actor=agency.actor("lan")) == 2
    lines = queries.clause_lines(actor=agency.actor("huy"))
    assert lines == ()


# Pages


def test_the_list_and_the_page_of_a_document(agency, client, django_assert_max_num_queries):
    document_id, _revision = in_force(agency, code="QT-05", title="Kiểm soát sự không phù hợp")
    Document.objects.update(in_force_since=localdate() - timedelta(days=30))
    add(agency, kind="form", title="Phiếu ghi nhận", parent_id=document_id)
    agency.sign_in(client, "huy")
    client.get(reverse("documents:library"))
    with django_assert_max_num_queries(24):
        listed = client.get(reverse("documents:library"))
    page = client.get(reverse("documents:page", args=[document_id]))
    text, shown = html.unescape(listed.content.decode()), html.unescape(page.content.decode())

    assert "1 tài liệu đang hiệu lực" in text
    assert 'class="tag tag--new">Mới' in text
    assert text.index("BM-05.01") < text.index("QT-05</td>")
    assert "<h1>Kiểm soát sự không phù hợp</h1>" in shown
    assert "Phiếu ghi nhận" in shown
    assert 'aria-current="true"><b class="num">QT-05' in shown


def test_another_agencys_document_answers_as_if_there_were_none(agency, other_agency, client):
    document_id, _revision = in_force(agency, code="QT-05")
    other_agency.sign_in(client, "h9920.lan")
    for name in ("page", "edit"):
        assert client.get(reverse(f"documents:{name}", args=[document_id])).status_code == 404
    assert "QT-05" not in client.get(reverse("documents:library")).content.decode()


def test_a_document_is_made_and_changed_in_the_browser(agency, client, sample_docx):
    agency.sign_in(client, "lan")
    upload = io.BytesIO(sample_docx)
    upload.name = "Quy trình.docx"
    made = client.post(
        reverse("documents:new"),
        {
            "kind": "system_procedure", "title": "Đánh giá nội bộ", "code": "", "parent": "",
            "owner_unit": agency.units["PKH"], "level": "internal", "tags": "đánh giá",
            "clauses": "ISO 9001:2015: 9.2", "issue": "03", "amendment": "01", "file": upload,
        },
        follow=True,
    )  # fmt: skip
    document = Document.objects.get()
    page = queries.document_page(actor=agency.actor("lan"), document_id=document.pk)
    refused = client.post(
        reverse("documents:new"),
        {
            "kind": "form", "title": "", "code": "QT-01", "parent": "KHÔNG-CÓ", "level": "internal",
            "issue": "01", "amendment": "00",
        },
    )  # fmt: skip
    edit = reverse("documents:edit", args=[document.pk])
    form = {"title": "Đánh giá nội bộ hằng năm", "code": "QT-01", "level": "public",
            "clauses": "9001", "tags": "", "parent": "", "version": document.version}  # fmt: skip
    saved = client.post(edit, form)
    lost = client.post(edit, form)

    assert "Đã mở bản thảo QT-01." in html.unescape(made.content.decode())
    assert (page.open.issue, page.open.amendment) == ("03", "01")
    assert page.open.original_file_id is not None
    assert refused.status_code == 422
    assert saved.status_code == 302
    assert lost.status_code == 409
    assert "Trần Thị Mai Lan vừa sửa" in html.unescape(lost.content.decode())
    assert Document.objects.get().title == "Đánh giá nội bộ hằng năm"


def test_the_next_code_is_shown_while_the_kind_is_chosen(agency, client):
    add(agency, code="QT-05")
    agency.sign_in(client, "lan")
    ask = reverse("documents:code_proposal")

    assert "BM-05.01" in client.get(ask, {"kind": "form", "parent": "qt-05"}).content.decode()
    assert "QT-01" in client.get(ask, {"kind": "system_procedure"}).content.decode()
    assert "hãy ghi tài liệu đó" in html.unescape(
        client.get(ask, {"kind": "form"}).content.decode()
    )


def test_kept_filters_are_ones_own(agency, client):
    add(agency)
    agency.sign_in(client, "lan")
    save = {"name": "Biểu mẫu", "query": "loai=form&la=1"}
    client.post(reverse("documents:view_save"), save)
    (one,) = queries.saved_views(actor=agency.actor("lan"))
    client.post(reverse("documents:view", args=[one.id]), {"name": "Mẫu của tôi"})
    listed = html.unescape(client.get(reverse("documents:library")).content.decode())
    agency.sign_in(client, "huy")
    stolen = client.get(reverse("documents:view", args=[one.id]))
    removed_by_other = client.post(reverse("documents:view_remove", args=[one.id]))
    agency.sign_in(client, "lan")
    client.post(reverse("documents:view_remove", args=[one.id]))

    assert one.query == "loai=form"
    assert "Mẫu của tôi" in listed
    assert (stolen.status_code, removed_by_other.status_code) == (404, 404)
    assert queries.saved_views(actor=agency.actor("lan")) == ()
    assert JournalEntry.objects.filter(action__startswith="library_view.").count() == 3


def test_the_register_holds_what_the_list_holds(agency, client):
    in_force(agency, code="QT-05", title="Kiểm soát sự không phù hợp")
    add(agency, kind="policy", title="=cmd()")
    agency.sign_in(client, "lan")
    answer = client.get(reverse("documents:export"))
    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert rows[0][:4] == ["TT", "Mã hiệu", "Tên tài liệu", "Loại"]
    assert [row[1] for row in rows[1:]] == ["CS-01", "QT-05"]
    assert rows[2][4:6] == ["01", "00"]
    assert rows[2][8] == "Bản điện tử trên hệ thống"
    assert rows[1][2] == "=cmd()"


def test_the_page_of_masks_shows_what_is_wrong_at_its_field(agency, client):
    secretary(agency)
    agency.sign_in(client, "thuky")
    page = reverse("documents:masks")
    good = client.post(page, {"kind": "form", "mask": "{parent}/BM-{seq:02}", "version": 0})
    wrong = client.post(page, {"kind": "form", "mask": "BM", "version": 1})
    agency.sign_in(client, "lan")

    assert good.status_code == 302
    assert wrong.status_code == 422
    assert "thiếu số thứ tự" in html.unescape(wrong.content.decode())
    assert client.get(page).status_code == 403
