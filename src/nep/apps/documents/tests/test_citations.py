"""A document names external ones, warns when one has ended, and leaves its records."""

import html
from datetime import date

import pytest
from django.urls import reverse

from nep.apps.documents.models import PaperCopy, Revision, RevisionAuthor
from nep.apps.documents.tests import make
from nep.apps.legal import services as legal
from nep.apps.legal.models import Citation
from nep.apps.legal.services import ExternalValues
from nep.apps.organization.tests.scene import NOW
from nep.apps.records import ports
from nep.apps.records import services as records
from nep.apps.records.models import Record
from nep.apps.records.ports import HandOver
from nep.apps.work.models import Notice


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def iso(agency):
    make.secretary(agency)
    return agency


def external(agency, *, expires_on=None) -> int:
    values = ExternalValues(
        kind="decree", number="118/2025/NĐ-CP", title="Một cửa", issued_on=date(2025, 6, 9),
        expires_on=expires_on,
    )  # fmt: skip
    return legal.external_add(actor=agency.actor("thuky"), values=values, now=NOW)


def page_of(client, document_id) -> str:
    answer = client.get(reverse("documents:page", args=[document_id]))
    return html.unescape(answer.content.decode())


def test_an_ended_text_shows_on_the_page_of_every_document_that_names_it(iso, client):
    document_id, _revision = make.in_force(iso)
    ended = external(iso, expires_on=date(2026, 12, 9))
    iso.sign_in(client, "lan")
    before = page_of(client, document_id)
    client.post(reverse("documents:cite", args=[document_id]), {"external": ended})
    warned = page_of(client, document_id)
    client.post(reverse("documents:uncite", args=[document_id]), {"external": ended})

    assert "Viện dẫn văn bản hết hiệu lực" not in before
    assert "Viện dẫn văn bản hết hiệu lực" in warned
    assert "118/2025/NĐ-CP" in warned
    assert "Viện dẫn văn bản hết hiệu lực" not in page_of(client, document_id)


def test_who_only_reads_and_who_is_elsewhere_cites_nothing(iso, other_agency, client):
    document_id, _revision = make.in_force(iso)
    text = external(iso)
    iso.sign_in(client, "tuan")
    seen = client.post(reverse("documents:cite", args=[document_id]), {"external": text})
    other_agency.sign_in(client, "lan")
    elsewhere = client.post(reverse("documents:cite", args=[document_id]), {"external": text})

    assert (seen.status_code, elsewhere.status_code) == (403, 404)
    assert not Citation.objects.exists()


def test_a_published_revision_becomes_a_record_once_where_a_series_is_set(iso):
    secretary = iso.actor("thuky")
    plan = records.plan_open(actor=secretary, year=2026, now=NOW)
    records.series_keep(
        actor=secretary, plan_id=plan, code="ISO.01", title="Tài liệu đã ban hành", unit_id=None,
        keeper_id=None, years=None, is_permanent=True, basis="", mark="?", now=NOW,
    )  # fmt: skip
    make.in_force(iso, code="QT-01")
    none_set = Record.objects.count()
    records.deposit_rule_set(actor=secretary, source_type="revision", series_code="ISO.01", now=NOW)
    document_id, revision_id = make.in_force(iso, code="QT-02", title="Kiểm soát hồ sơ")
    row = Record.objects.get()

    assert none_set == 0
    assert (row.source_id, row.source_code, row.file.series.code) == (
        revision_id, "QT-02", "ISO.01",
    )  # fmt: skip
    assert row.link == f"/tai-lieu/{document_id}/"


def test_drafts_and_paper_copies_of_a_leaver_go_to_the_receiver(iso):
    document_id, revision_id = make.in_force(iso)
    PaperCopy.objects.create(
        agency_id=iso.agency_id, document_id=document_id, revision_id=revision_id, number=1,
        holder="Trần Thị Mai Lan", person_id=iso.people["lan"], given_by_id=iso.people["thuky"],
        given_on=NOW.date(),
    )  # fmt: skip
    draft = Revision.objects.create(
        agency_id=iso.agency_id, document_id=document_id, issue="02", amendment="00",
        drafted_by_id=iso.people["lan"], drafted_at=NOW,
    )  # fmt: skip
    shares = {one.key: one for one in ports.leaver_shares(iso.agency_id, iso.people["lan"], NOW)}
    for key in ("drafts", "copies"):
        shares[key].group.move(
            HandOver(iso.actor("thuky"), iso.people["lan"], iso.people["huy"],
                     tuple(one.id for one in shares[key].held), "Chuyển công tác", NOW)
        )  # fmt: skip

    assert PaperCopy.objects.get().holder == "Phạm Quốc Huy"
    assert RevisionAuthor.objects.get().person_id == iso.people["huy"]
    assert Revision.objects.get(pk=draft.pk).drafted_by_id == iso.people["lan"]
    assert Notice.objects.filter(person_id=iso.people["huy"]).count() == 1
