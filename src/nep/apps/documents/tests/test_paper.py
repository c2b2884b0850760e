"""Paper copies carry numbers, are recalled with each new version, and are written off once."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.documents import queries, services
from nep.apps.documents.models import Access, PaperCopy, Revision
from nep.apps.documents.tests import make
from nep.apps.documents.tests.test_publication import a_pdf, published, texts
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import WorkItem
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

LATER = NOW + timedelta(days=1)


@pytest.fixture
def iso(agency):
    make.secretary(agency)
    return agency


def give(agency, document_id, target, *, by="thuky", place="", now=NOW):
    return services.copy_give(
        actor=agency.actor(by, now=now), document_id=document_id, target=target, place=place,
        now=now,
    )  # fmt: skip


def end(agency, copy_id, kind="recalled", note="", *, by="thuky", now=LATER):
    return services.copy_end(
        actor=agency.actor(by, now=now), copy_id=copy_id, kind=kind, note=note, now=now
    )


def items():
    return WorkItem.objects.filter(source_type="document_recall").order_by("id")


def test_copies_are_numbered_within_a_version(iso):
    document_id, _revision = make.in_force(iso)
    give(iso, document_id, f"unit:{iso.units['PKH']}", place="tủ số 2")
    give(iso, document_id, f"person:{iso.people['tuan']}")
    make.next_version(iso, document_id, now=LATER)
    give(iso, document_id, f"unit:{iso.units['MC']}", now=LATER)

    told = {
        (one.revision, one.number, one.holder)
        for one in queries.copies_of(document_id=document_id, agency_id=iso.agency_id)
    }
    assert told == {
        ("lần 01", 1, "Phòng Kế hoạch, tủ số 2"),
        ("lần 01", 2, "Hoàng Minh Tuấn (Bộ phận Một cửa)"),
        ("lần 02", 1, "Bộ phận Một cửa"),
    }


def test_a_new_version_asks_for_the_old_copies_once(iso):
    document_id, _revision = make.in_force(iso)
    first = give(iso, document_id, f"unit:{iso.units['PKH']}")
    second = give(iso, document_id, f"unit:{iso.units['MC']}")
    make.next_version(iso, document_id, now=LATER)

    assert services.copies_recall(document_id=document_id, now=LATER) == 0
    assert [one.title for one in items()] == ["Thu hồi 2 bản giấy của QT-05"]
    assert len(queries.copies_to_recall(actor=iso.actor("thuky"))) == 2
    end(iso, first)
    assert items().get().state == WorkItem.OPEN
    end(iso, second, "destroyed", "Cắt hủy tại chỗ")
    assert items().get().state == WorkItem.DONE
    assert queries.copies_to_recall(actor=iso.actor("thuky")) == ()


@pytest.mark.parametrize(
    ("kind", "note", "code"),
    [("burnt", "", "end_unknown"), ("lost", "mất", "note_missing")],
)
def test_a_copy_is_written_off_in_a_known_way_with_its_story(iso, kind, note, code):
    document_id, _revision = make.in_force(iso)
    copy = give(iso, document_id, f"unit:{iso.units['PKH']}")

    with pytest.raises(Refusal) as refused:
        end(iso, copy, kind, note)
    assert refused.value.code == code
    assert PaperCopy.objects.get().ended_on is None


def test_a_copy_ends_once_and_only_by_who_manages(iso, other_agency):
    make.secretary(other_agency, "thuky2")
    document_id, _revision = make.in_force(iso)
    copy = give(iso, document_id, f"unit:{iso.units['PKH']}")

    with pytest.raises(Forbidden):
        end(iso, copy, by="lan")
    with pytest.raises(NotFound):
        end(other_agency, copy, by="thuky2")
    end(iso, copy, "lost", "Thất lạc khi chuyển trụ sở tháng 12")
    with pytest.raises(Conflict):
        end(iso, copy)


@pytest.mark.parametrize("target", ["", "unit:1", "everyone", "position:1"])
def test_a_copy_goes_to_a_unit_or_a_person_of_the_agency(iso, target):
    document_id, _revision = make.in_force(iso)

    with pytest.raises(Refusal, match="chọn đơn vị hoặc người"):
        give(iso, document_id, target)


def test_a_copy_prints_with_its_number_and_its_holder_while_it_holds(iso, client):
    document_id, revision_id, _pages = published(iso, a_pdf(), "qt.pdf")
    copy_id = give(iso, document_id, f"unit:{iso.units['PKH']}", place="tủ số 2")
    place = reverse("documents:copy_print", args=[copy_id])
    iso.sign_in(client, "thuky")
    answer = client.get(place)
    pages = texts(answer.content)

    assert answer["Content-Disposition"].startswith("inline")
    assert len(pages) == 4
    assert all("Bản số 01: Phòng Kế hoạch, tủ số 2" in said for said in pages)
    assert place in html.unescape(
        client.get(reverse("documents:page", args=[document_id])).content.decode()
    )
    assert Access.objects.get(what="printed").revision_id == revision_id
    iso.sign_in(client, "huy")
    assert client.get(place).status_code == 403

    with pytest.raises(Refusal) as ended:
        end(iso, copy_id)
        queries.numbered_copy(actor=iso.actor("thuky"), copy_id=copy_id, now=LATER)
    assert ended.value.code == "copy_ended"
    second = give(iso, document_id, f"unit:{iso.units['MC']}")
    Revision.objects.filter(pk=revision_id).update(state="retired", retired_on=NOW.date())
    with pytest.raises(Refusal) as old:
        queries.numbered_copy(actor=iso.actor("thuky"), copy_id=second, now=LATER)
    assert old.value.code == "copy_old"
