"""The pages of standards: tree, comparison, gaps, the agency's edition, the Ministry's guidance."""

import html
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW
from nep.apps.standards import queries, services
from nep.apps.standards.models import ClauseLabel, EditionChoice, MinistryGuidance
from nep.apps.standards.queries._invariants import known
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
GUIDANCE = {"edition": "2026", "number": "12/2027/TT-BKHCN", "issued_on": date(2026, 11, 2),
            "title": "Hướng dẫn áp dụng ISO 9001:2026"}  # fmt: skip


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def with_administrator(agency):
    agency.person("tinh", "Quản Thị Tỉnh", (None, "province_admin", "Quản trị tỉnh"))
    return agency.actor("tinh")


def test_the_tree_shows_both_languages_and_marks_what_nobody_read(agency, client):
    agency.sign_in(client, "lan")
    page = text(client.get(reverse("standards:tree")))
    found = client.get(reverse("standards:tree"), {"q": "nhan thuc"})

    assert "Cơ quan áp dụng TCVN ISO 9001:2015" in page
    assert "Understanding the organization and its context" in page
    assert "chưa xác minh" in page
    assert [one.number for one in found.context["clauses"]] == ["7.3"]


def test_two_editions_stand_side_by_side_in_every_pair(agency, client):
    agency.sign_in(client, "lan")
    place = reverse("standards:compare")
    newest = text(client.get(place))
    far = client.get(place, {"cu": "2008", "moi": "2026"}).context["comparison"]
    near = client.get(place, {"cu": "2008", "moi": "2015"}).context["comparison"]

    assert "biến đổi khí hậu" in newest
    by_number = {line.newer[0].number: line for line in far.lines}
    assert [one.number for one in by_number["6.1.2"].older] == ["5.4.2", "8.5.3"]
    assert by_number["7.1.6"].change == "new"
    assert {line.newer[0].number for line in near.lines if line.change == "new"} == {
        "4.1", "4.2", "7.1.6",
    }  # fmt: skip


def test_the_gap_list_follows_the_target(agency, client):
    agency.sign_in(client, "thu")
    page = client.get(reverse("standards:gaps"))

    gaps = {line.newer[0].number for line in page.context["comparison"].gaps}
    assert gaps == {"4.1", "4.2", "5.1.1", "5.2.1", "6.1.1", "6.1.2", "6.1.3", "6.3", "7.3",
                    "7.5.1", "8.2.4", "9.2.1", "9.2.2", "9.3.2", "10.1"}  # fmt: skip


def test_editions_and_pairs_go_out_as_excel(agency, client):
    agency.sign_in(client, "lan")
    one = client.get(reverse("standards:export"), {"ban": "2026"})
    two = client.get(reverse("standards:export"), {"cu": "2015", "moi": "2026"})

    assert one.content[:2] == b"PK" == two.content[:2]
    assert "iso-9001-2015-2026.xlsx" in two["Content-Disposition"]


def test_the_agency_s_edition_is_written_with_its_decision(agency, client):
    agency.sign_in(client, "thu")
    place = reverse("standards:choose")
    bare = client.post(place, {"edition": "2008", "target": "", "since": "", "decision": ""})
    locked = client.post(place, {"edition": "2026", "target": "", "since": "01/11/2026",
                                 "decision": "12/QĐ-STP"})  # fmt: skip
    done = client.post(place, {"edition": "2015", "target": "2026", "since": "", "decision": ""})

    assert (bare.status_code, locked.status_code, done.status_code) == (422, 422, 302)
    assert "Ghi số quyết định" in text(bare)
    assert "Bộ Khoa học và Công nghệ" in text(locked)
    found = queries.edition_of(agency.agency_id)
    assert (found.in_force, found.target, found.is_set) == ("2015", "2026", True)
    assert JournalEntry.objects.filter(action="standard.chosen").count() == 1


def test_the_newest_choice_stands_and_the_old_ones_stay(agency):
    actor = agency.actor("thu")
    for edition, target in (("2008", "2015"), ("2015", "2026")):
        services.edition_choose(actor=actor, edition=edition, target=target,
                                since=date(2026, 11, 1), decision="7/QĐ-STP", now=NOW)  # fmt: skip

    assert EditionChoice.objects.count() == 2
    assert queries.edition_of(agency.agency_id).in_force == "2015"
    assert [one.edition for one in queries.choices_of(agency.agency_id)] == ["2015", "2008"]
    assert queries.editions_of([agency.agency_id, 1])[1].is_set is False


def test_who_may_not_choose_is_refused(agency):
    with pytest.raises(Forbidden):
        services.edition_choose(actor=agency.actor("lan"), edition="2015", target="2026",
                                since=None, decision="", now=NOW)  # fmt: skip
    assert not EditionChoice.objects.exists()


def test_guidance_unlocks_an_edition_for_its_province_until_it_is_withdrawn(agency, other_agency):
    actor = with_administrator(agency)
    lock = queries.declaration_lock
    assert not lock(agency_id=agency.agency_id, edition="2026")

    guidance_id = services.guidance_record(actor=actor, now=NOW, **GUIDANCE)

    assert lock(agency_id=agency.agency_id, edition="2026")
    assert not lock(agency_id=agency.agency_id, edition="2030")
    with pytest.raises(Refusal, match="đã được ghi nhận"):
        services.guidance_record(actor=actor, now=NOW, **GUIDANCE)
    with pytest.raises(Refusal, match="sau hôm nay"):
        services.guidance_record(
            actor=actor, now=NOW, **{**GUIDANCE, "issued_on": date(2027, 1, 1)}
        )
    with pytest.raises(Refusal, match="lý do"):
        services.guidance_withdraw(actor=actor, guidance_id=guidance_id, reason=" ", now=NOW)
    with pytest.raises(NotFound):
        services.guidance_withdraw(actor=replace(actor, province_id=1), guidance_id=guidance_id,
                                   reason="Tỉnh khác", now=NOW)  # fmt: skip
    services.guidance_withdraw(actor=actor, guidance_id=guidance_id, reason="Ghi nhầm", now=NOW)
    assert not lock(agency_id=agency.agency_id, edition="2026")
    with pytest.raises(NotFound):
        services.guidance_withdraw(actor=actor, guidance_id=guidance_id, reason="Nữa", now=NOW)


def test_only_the_province_records_guidance_and_titles(agency, client):
    with pytest.raises(Forbidden):
        services.guidance_record(actor=agency.actor("thu"), now=NOW, **GUIDANCE)
    with pytest.raises(Forbidden):
        services.label_set(actor=agency.actor("thu"), edition="2026", number="6.1.2",
                           label="Khác", now=NOW)  # fmt: skip
    agency.sign_in(client, "thu")
    assert client.post(reverse("standards:label_set"), {"number": "6.1.2"}).status_code == 403
    assert not MinistryGuidance.objects.exists()


def test_a_title_that_nobody_read_is_set_and_taken_back(agency, client):
    with_administrator(agency)
    agency.sign_in(client, "tinh")
    place = reverse("standards:label_set")
    done = client.post(place, {"edition": "2026", "number": "6.1.2", "label": "Ứng phó rủi ro"})
    official = client.post(place, {"edition": "2015", "number": "4.1", "label": "Khác"})
    page = text(client.get(reverse("standards:tree"), {"ban": "2026"}))

    assert (done.status_code, official.status_code) == (302, 422)
    assert queries.clause_title("2026", "6.1.2") == "Ứng phó rủi ro"
    assert "quản trị đặt" in page
    client.post(place, {"edition": "2026", "number": "6.1.2", "label": ""})
    assert queries.clause_title("2026", "6.1.2") == "Hành động giải quyết rủi ro"


def test_the_guidance_form_works_over_the_page(agency, client):
    with_administrator(agency)
    agency.sign_in(client, "tinh")
    place = reverse("standards:guidance_record")
    empty = client.post(place, {"edition": "2026", "number": "", "issued_on": "", "title": ""})
    client.post(place, {**GUIDANCE, "issued_on": "02/11/2026"})
    page = text(client.get(reverse("standards:tree")))

    assert empty.status_code == 422
    assert "12/2027/TT-BKHCN" in page
    row = MinistryGuidance.objects.get()
    client.post(reverse("standards:guidance_withdraw", args=[row.pk]), {"reason": "Ghi nhầm"})
    row.refresh_from_db()
    assert row.withdraw_reason == "Ghi nhầm"


def test_titles_are_there_for_other_parts(agency):
    assert queries.clause_title("2015", "9.1.1").endswith("– Khái quát")
    assert queries.clause_title("2015", "99") == ""
    assert ("2015:8.5.1", "8.5.1 Kiểm soát sản xuất và cung cấp dịch vụ") in (
        queries.clause_choices("2015")
    )
    assert queries.rows_between("2015", "2015")["7.5"] == ("7.5.1", "7.5.2", "7.5.3")
    assert queries.rows_between("2015", "2026")["9.2.2"] == ("9.2.2",)
    assert queries.rows_between("2015", "2015")["9"] == ()


def test_the_doctor_finds_editions_and_titles_that_cannot_be(agency):
    person = agency.people["thu"]
    EditionChoice.objects.create(agency_id=agency.agency_id, edition="1994", chosen_by_id=person,
                                 chosen_at=NOW)  # fmt: skip
    ClauseLabel.objects.create(edition="2015", number="4.1", label="Khác", changed_by_id=person,
                               changed_at=NOW)  # fmt: skip
    ClauseLabel.objects.create(edition="2026", number="6.1.2", label="Ứng phó",
                               changed_by_id=person, changed_at=NOW)  # fmt: skip

    assert sorted(one.code for one in known()) == ["standards_edition", "standards_label"]
