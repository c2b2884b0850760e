"""The pages of the register."""

import html

import pytest
from django.urls import reverse

from nep.apps.legal import queries, services
from nep.apps.legal.models import ExternalDocument, LegalReview
from nep.apps.legal.tests import make
from nep.apps.organization.tests.scene import NOW


@pytest.fixture
def secretary(agency, client):
    agency.sign_in(client, "thu")
    return client


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_an_empty_register_says_the_next_step(secretary):
    assert "Nhập từ Excel" in text(secretary.get(reverse("legal:register")))


def test_a_text_is_added_and_a_wrong_one_keeps_what_was_typed(secretary):
    typed = {"kind": "decree", "number": "118/2025/NĐ-CP", "title": "Một cửa",
             "level": "internal", "issued_on": "09/06/2025"}  # fmt: skip
    refused = secretary.post(reverse("legal:new"), {**typed, "effective_from": "01/01/2025"})
    added = secretary.post(reverse("legal:new"), {**typed, "effective_from": "01/07/2025"})

    assert refused.status_code == 422
    assert "phải từ ngày ban hành" in text(refused)
    assert "118/2025/NĐ-CP" in text(refused)
    assert added.status_code == 302
    assert "còn hiệu lực" in text(secretary.get(added["Location"]))


def test_the_page_of_an_ended_text_names_what_still_cites_it(agency, secretary):
    id_ = make.external(agency, expires_on=NOW.date().replace(year=2025))
    make.cite(agency, id_, label="QT-07 Kiểm soát tài liệu")
    shown = text(secretary.get(reverse("legal:external", args=[id_])))

    assert "hết hiệu lực, còn 1 nơi viện dẫn" in shown
    assert "QT-07 Kiểm soát tài liệu" in shown


def test_who_does_not_manage_sees_no_way_to_change(agency, client):
    id_ = make.external(agency)
    agency.sign_in(client, "lan")
    shown = text(client.get(reverse("legal:external", args=[id_])))

    assert "Bỏ khỏi danh mục" not in shown
    assert client.post(reverse("legal:edit", args=[id_])).status_code == 403


def test_another_agencys_text_is_not_found(agency, other_agency, client):
    id_ = make.external(agency)
    other_agency.sign_in(client, "thu2")

    for name in ("external", "file", "edit", "replace", "amend", "withdraw"):
        place = reverse(f"legal:{name}", args=[id_])
        sent = {"kind": "decree", "number": "1/QĐ", "title": "x", "level": "internal",
                "reason": "Ghi nhầm văn bản"}  # fmt: skip
        assert client.post(place, sent).status_code in {404, 405, 422}, name
    assert client.get(reverse("legal:external", args=[id_])).status_code == 404
    assert ExternalDocument.objects.get().title.startswith("Về thực hiện")


def test_the_register_is_read_in_a_fixed_number_of_queries(
    agency, secretary, django_assert_max_num_queries
):
    for number in range(40):
        make.external(agency, number=f"{number}/2026/NĐ-CP")
    secretary.get(reverse("legal:register"))
    with django_assert_max_num_queries(12):
        secretary.get(reverse("legal:register"))


def test_the_export_is_what_the_import_reads(agency, secretary):
    make.external(agency)
    data = secretary.get(reverse("legal:export")).content
    report = services.register_import(
        actor=agency.actor("thu"), name="dm.xlsx", data=data, is_dry=True, now=NOW
    )

    assert [row.outcome for row in report.rows] == ["unchanged"]


def test_a_review_is_recorded_on_its_page(agency, secretary):
    make.external(agency, follow=True)
    row = LegalReview.objects.get()
    place = reverse("legal:review", args=[row.id])
    refused = secretary.post(place, {"result": "updated", "note": ""})
    recorded = secretary.post(place, {"result": "unchanged", "note": ""})

    assert refused.status_code == 422
    assert recorded.status_code == 302
    assert "Không phải sửa tài liệu nào" in text(secretary.get(reverse("legal:reviews")))


def test_another_text_is_named_by_its_symbol_or_its_words(agency, secretary):
    old = make.external(agency, number="61/2018/NĐ-CP", title="Về một cửa, một cửa liên thông")
    new = make.external(agency, number="118/2025/NĐ-CP")
    make.external(agency, number="118/2025/NĐ-CP", issuer="Cơ quan khác", title="Về việc khác")
    place = reverse("legal:replace", args=[old])
    typed = {"on": "01/01/2026", "reason": "Điều 42"}
    unknown = secretary.post(place, {**typed, "new": "999/2025/NĐ-CP"})
    both = secretary.post(place, {**typed, "new": "118/2025/nđ-cp"})
    offered = dict(queries.choices(actor=agency.actor("thu"), today=NOW.date()))
    named = secretary.post(place, {**typed, "new": offered[new]})

    assert unknown.status_code == both.status_code == 422
    assert "Không thấy văn bản “999/2025/NĐ-CP”" in text(unknown)
    assert "khớp nhiều văn bản" in text(both)
    assert named.status_code == 302
    assert ExternalDocument.objects.get(pk=old).replaced_by_id == new


def test_texts_are_offered_while_one_types(agency, other_agency, secretary):
    make.external(agency, number="61/2018/NĐ-CP", title="Về một cửa liên thông")
    make.external(agency, expires_on=NOW.date().replace(year=2025, month=11))
    place = reverse("legal:suggest")
    seen = text(secretary.get(place, {"external": "mot cua"}))
    other_agency.sign_in(secretary, "thu2")

    assert '<option value="61/2018/NĐ-CP Về một cửa liên thông">' in seen
    assert "118/2025" not in seen
    assert "<option" not in text(secretary.get(place, {"new": "mot cua"}))
