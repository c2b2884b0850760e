"""The agency's TTHC beside what is published: coverage, taking over, sharing, proposals."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.catalogue import queries as catalogue
from nep.apps.catalogue.rules import published
from nep.apps.catalogue.services import entry_abolish
from nep.apps.catalogue.tests import make
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import SharedTthc, Tthc
from nep.apps.procedures.queries import CoverageFilter
from nep.apps.procedures.queries._invariants import published as published_rows
from nep.apps.procedures.rules import published as rules
from nep.apps.procedures.tests import scene
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Refusal

TODAY = NOW.date()


def publish(*records: dict[str, str]) -> None:
    """Take records into the catalogue as the portal publishes them."""
    assert not make.take(("a.jsonl", make.lines(*records)))["refused"]


def licence(**change: str) -> dict[str, str]:
    """Return the published side of the scene's TTHC, by the department itself."""
    return make.record(**{
        "ma_thu_tuc": scene.CODE, "ten_thu_tuc": "Cấp giấy phép", "cap_thuc_hien": "Cấp tỉnh",
        "co_quan_thuc_hien": "Sở Khoa học và Công nghệ", "linh_vuc": "Khoa học", **change})  # fmt: skip


def cover(agency, **wanted) -> queries.CoveragePage:
    return queries.coverage(
        agency_id=agency.agency_id, filter=CoverageFilter(**wanted), today=TODAY
    )


def states(agency) -> dict[str, str]:
    return {line.code: line.state for line in cover(agency).lines}


def abolish(code: str) -> None:
    page = catalogue.entry(code=code, today=TODAY)
    entry_abolish(
        actor=setup_actor(), code=code, version=page.version, decision="77/QĐ-BXD", on=TODAY,
        now=NOW,
    )  # fmt: skip


def test_a_tthc_is_bound_by_its_code_at_birth_and_when_the_list_comes_later(agency):
    first = scene.tthc(agency, code="1.000001")
    publish(licence(ma_thu_tuc="1.000001"), licence(ma_thu_tuc="1.000002"))
    drain(now=NOW)
    second = scene.tthc(agency, code="1.000002.H05")

    assert all(Tthc.objects.get(pk=pk).entry_id for pk in (first, second))


def test_what_differs_is_shown_and_taken_over_by_one_tap_or_part_by_part(agency, client):
    publish(licence())
    tthc_id = scene.tthc(agency, limit_amount=Decimal(5))
    agency.sign_in(client, "lan")
    place = reverse("procedures:tthc", args=[tthc_id])
    shown = html.unescape(client.get(place).content.decode())
    facts = queries.tthc(tthc_id=tthc_id, agency_id=agency.agency_id)
    services.tthc_take_over(
        actor=agency.actor("lan"), tthc_id=tthc_id, version=facts.version, parts=["limit"], now=NOW
    )
    later = queries.tthc(tthc_id=tthc_id, agency_id=agency.agency_id)
    client.post(reverse("procedures:take_over", args=[tthc_id]), {"version": later.version})
    after = queries.tthc(tthc_id=tthc_id, agency_id=agency.agency_id)
    side = queries.published_side(facts=after, today=TODAY)

    assert "khác danh mục công bố" in shown and "Bản vẽ thiết kế" in shown
    assert (later.limit_words, later.papers) == ("20 ngày làm việc", ())
    assert [one.name for one in after.papers] == ["Đơn đề nghị theo mẫu.", "Bản vẽ thiết kế"]
    assert side is not None and side.differences == ()


def test_a_limit_in_days_of_an_open_kind_is_never_converted():
    told = published('{"limit_amount":"5","limit_unit":"calendar_day","name":"A",'
                     '"doubts":[{"code":"limit_kind","field":"limit","text":"?"}]}')  # fmt: skip
    own = rules.own_of(told)

    assert (own.limit_amount, own.limit_unit) == (Decimal(5), "")
    (one,) = rules.differences(rules.Own(name="A"), told)
    assert one.is_open
    assert rules.differences(replace(own, fee="Tự ghi"), told) == ()


def test_coverage_tells_own_shared_drafted_missing_and_abolished(agency):
    codes = [f"1.00000{n}" for n in range(5)]
    publish(*(licence(ma_thu_tuc=code) for code in codes))
    made = scene.published(agency, code=codes[0])
    ids = {code: scene.tthc(agency, code=code) for code in codes[1:]}
    services.draft_from_tthc(actor=agency.actor("lan"), tthc_id=ids[codes[1]], now=NOW)
    services.tthc_share(
        actor=agency.actor("lan"), tthc_id=ids[codes[2]], procedure_id=made.procedure_id, now=NOW
    )
    scene.tthc(agency, code="", name="Việc nội bộ", is_internal=True)
    abolish(codes[0])
    abolish(codes[4])
    page = cover(agency)

    assert states(agency) == {
        codes[0]: "covered", codes[1]: "drafted", codes[2]: "shared", codes[3]: "missing",
        codes[4]: "missing",
    }  # fmt: skip
    assert (page.total, page.covered, page.counts["pointing"]) == (3, 1, 1)
    assert [one.code for one in cover(agency, state="abolished").lines] == [codes[0], codes[4]]
    assert [one.code for one in cover(agency, state="missing").lines] == [codes[3]]
    with pytest.raises(Refusal, match="bãi bỏ"):
        services.draft_from_tthc(actor=agency.actor("lan"), tthc_id=ids[codes[4]], now=NOW)


def test_coverage_asks_a_constant_number_of_statements_and_pages_by_the_last_shown(agency):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            cover(agency)
        return len(asked)

    scene.tthc(agency, code="1.000001")
    few = statements()
    for n in range(2, 8):
        scene.tthc(agency, code=f"1.00000{n}")
    first = queries.coverage(
        agency_id=agency.agency_id, filter=CoverageFilter(), today=TODAY, limit=4
    )
    rest = cover(agency, after=first.next_after)

    assert statements() == few <= 3
    assert [one.code[-1] for one in first.lines + rest.lines] == list("1234567")


def test_similar_tthc_go_by_one_procedure_in_the_intake_too(agency):
    made = scene.published(agency)
    other = scene.tthc(agency, code="1.000002", name="Cấp lại giấy phép")
    short = scene.tthc(agency, code="1.000003", limit_amount=Decimal(1))
    services.tthc_share(
        actor=agency.actor("lan"), tthc_id=other, procedure_id=made.procedure_id, now=NOW
    )
    (version,) = queries.versions_in_force(agency_id=agency.agency_id, tthc_id=other, on=TODAY)
    lines = queries.tthc_lines(agency_id=agency.agency_id, only_in_force=True)
    refused = []
    for tthc_id in (short, version.tthc_id - version.tthc_id):
        try:
            services.tthc_share(
                actor=agency.actor("lan"), tthc_id=tthc_id, procedure_id=made.procedure_id, now=NOW
            )
        except Refusal as refusal:
            refused.append(refusal.code)
    services.tthc_unshare(
        actor=agency.actor("lan"), tthc_id=other, procedure_id=made.procedure_id,
        reason="Không còn tương tự", now=NOW,
    )  # fmt: skip

    assert (version.tthc_id, version.tthc_name) == (other, "Cấp lại giấy phép")
    assert version.procedure_id == made.procedure_id
    assert {one.id for one in lines} >= {other}
    assert refused == ["share_too_long", "not_found"]
    assert not queries.versions_in_force(agency_id=agency.agency_id, tthc_id=other)


def test_the_public_finds_a_tthc_that_goes_by_the_procedure_of_another(agency, client):
    made = scene.published(agency)
    other = scene.tthc(agency, code="1.000009", name="Cấp lại văn bản tương tự")
    services.tthc_share(
        actor=agency.actor("lan"), tthc_id=other, procedure_id=made.procedure_id, now=NOW
    )
    at = reverse("portal:procedures", args=[organization.agency(agency.agency_id).code])
    found = queries.procedures_public(agency.agency_id, query="1.000009")
    listed = html.unescape(client.get(at).content.decode())
    (address,) = re.findall(rf'href="([^"]+/{other}/)"', listed)
    page = html.unescape(client.get(address).content.decode())
    own = html.unescape(client.get(f"{at}{made.procedure_id}/").content.decode())

    assert [one.version.tthc_name for one in found] == ["Cấp lại văn bản tương tự"]
    assert "Cấp giấy phép" in listed
    assert "Cấp lại văn bản tương tự" in page and "1.000009" in page
    assert "Cấp giấy phép" in own
    assert client.get(f"{at}{made.procedure_id}/{other + 1}/").status_code == 404


def test_every_tthc_is_reached_in_the_list_and_chosen_for_a_procedure(agency, client):
    agency.sign_in(client, "lan")
    Tthc.objects.bulk_create(
        Tthc(
            agency_id=agency.agency_id, code=f"2.{n:06d}", name=f"Thủ tục số {n:04d}",
            folded=f"2.{n:06d} thu tuc so {n:04d}",
        )
        for n in range(2100)
    )  # fmt: skip
    at = reverse("procedures:tthc_list")
    first, last = (
        html.unescape(client.get(at + more).content.decode()) for more in ("", "?tu=2000")
    )
    new = html.unescape(client.get(reverse("procedures:new")).content.decode())

    assert "2100 thủ tục" in first and "1–200 / 2100" in first
    assert "Thủ tục số 0000" in first and "Thủ tục số 2099" not in first
    assert "Thủ tục số 2099" in last
    assert "Thủ tục số 2099" in new


def test_entries_are_proposed_by_agency_field_and_level_and_taken_in_bulk(agency, client):
    scene.tthc(agency, code="1.777777", field="Đo lường")
    publish(
        licence(),
        licence(ma_thu_tuc="1.000002", co_quan_thuc_hien="Chi cục", linh_vuc="Đo lường"),
        licence(ma_thu_tuc="1.000003", co_quan_thuc_hien="Sở Y tế", linh_vuc="Dược"),
        licence(ma_thu_tuc="1.000004", cap_thuc_hien="Cấp xã"),
    )
    page = queries.proposed_entries(agency_id=agency.agency_id, today=TODAY)
    agency.sign_in(client, "lan")
    shown = client.get(reverse("procedures:take")).content.decode()
    every = client.get(reverse("procedures:take"), {"vi": "all"}).content.decode()
    ids = [one.id for one in page.lines if one.why != "level"]
    for _again in range(2):
        answer = client.post(reverse("procedures:take"), {"entries": ids})
    empty = client.post(reverse("procedures:take"), {})
    left = queries.proposed_entries(agency_id=agency.agency_id, today=TODAY)
    taken = Tthc.objects.get(code=scene.CODE)

    assert [(one.code, one.why) for one in page.lines] == [
        ("1.000002", "field"), ("1.000003", "level"), (scene.CODE, "named")
    ]  # fmt: skip
    assert scene.CODE in shown and "1.000003" not in shown and "1.000003" in every
    assert answer["Location"].endswith(reverse("procedures:coverage"))
    assert empty.status_code == 422
    assert [one.code for one in left.lines] == ["1.000003"]
    assert (taken.papers.count(), taken.fee[:7]) == (2, "Trực tu")


def test_a_tthc_without_a_code_gets_candidates_by_its_name_and_is_bound(agency, client):
    publish(licence(ten_thu_tuc="Cấp giấy phép vận chuyển nguồn phóng xạ"))
    tthc_id = scene.tthc(agency, code="", name="Cấp phép vận chuyển nguồn phóng xạ")
    agency.sign_in(client, "lan")
    shown = html.unescape(
        client.get(reverse("procedures:coverage"), {"tt": "unbound"}).content.decode()
    )
    client.post(reverse("procedures:bind"), {"tthc": tthc_id, "code": scene.CODE})
    row = Tthc.objects.get(pk=tthc_id)

    assert f"Ghép {scene.CODE}" in shown
    assert row.code == scene.CODE and row.entry_id
    assert cover(agency, query=scene.CODE).lines


def test_the_page_drafts_with_one_tap_and_gives_a_sheet(agency, client):
    publish(licence())
    tthc_id = scene.tthc(agency, limit_amount=None, limit_unit="")
    agency.sign_in(client, "lan")
    page = html.unescape(client.get(reverse("procedures:coverage")).content.decode())
    answer = client.post(reverse("procedures:draft", args=[tthc_id]))
    sheet = client.get(reverse("procedures:coverage_sheet"), {"tt": "drafted"})
    facts = queries.tthc(tthc_id=tthc_id, agency_id=agency.agency_id)

    assert "0 trong 1 thủ tục có quy trình đang hiệu lực" in page
    assert "/ban/" in answer["Location"]
    assert sheet.content[:2] == b"PK"
    assert (facts.limit_words, len(facts.papers)) == ("20 ngày làm việc", 2)
    assert states(agency) == {scene.CODE: "drafted"}


def test_the_doctor_finds_a_wrong_entry_and_a_procedure_shared_across_agencies(
    agency, other_agency
):
    publish(licence(), licence(ma_thu_tuc="1.000002"))
    made = scene.published(agency)
    sound = list(published_rows())
    other = scene.tthc(other_agency, by="lan", code="1.000002")
    SharedTthc.objects.create(
        agency_id=agency.agency_id, procedure_id=made.procedure_id, tthc_id=other,
        person_id=agency.people["lan"], at=NOW,
    )  # fmt: skip
    Tthc.objects.filter(pk=other).update(code="1.000003")

    assert sound == []
    assert {one.code for one in published_rows()} == {"tthc_entry", "tthc_shared"}


def test_the_proof_stops_a_procedure_of_an_abolished_tthc(agency):
    publish(licence())
    made = scene.begun(agency)

    def codes() -> set[str]:
        page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
        report = queries.proof(
            agency_id=agency.agency_id, draft=page.draft, tthc=page.tthc, today=TODAY
        )
        return {one.code for one in report.errors}

    before = codes()
    abolish(scene.CODE)

    assert "tthc_abolished" not in before
    assert "tthc_abolished" in codes()


def test_a_coming_abolition_does_not_count_before_its_day(agency):
    publish(licence())
    scene.published(agency)
    page = catalogue.entry(code=scene.CODE, today=TODAY)
    entry_abolish(
        actor=setup_actor(), code=scene.CODE, version=page.version, decision="77/QĐ-BXD",
        on=TODAY + timedelta(days=9), now=NOW,
    )  # fmt: skip
    later = queries.coverage(
        agency_id=agency.agency_id, filter=CoverageFilter(), today=TODAY + timedelta(days=9)
    )

    assert cover(agency).counts["pointing"] == 0
    assert later.counts["pointing"] == 1
