"""Work found by what its case says."""

from nep.apps.cases.queries.searching import open_case_ids
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import queries as work
from nep.apps.work.ports import finders


def found(at, text, who="tuan", limit=10):
    return open_case_ids(at.actor(who), text, limit)


def test_a_case_is_found_by_code_applicant_and_procedure_with_and_without_marks(at):
    mine = at.accept(name="Nguyễn Thị Ánh Đào")
    other = at.accept(name="Lê Văn Bền")

    assert found(at, mine.code[-6:]) == [mine.pk]
    assert found(at, "anh dao") == found(at, "Đào Ánh") == [mine.pk]
    assert found(at, "cap phep") == [other.pk, mine.pk]
    assert found(at, "ĐÀO") == [mine.pk]
    assert found(at, "không có ai") == found(at, " ") == []
    assert len(found(at, "cap phep", limit=1)) == 1


def test_finished_and_foreign_cases_are_not_found(at, other_agency):
    case = at.accept(name="Nguyễn Thị Ánh Đào")

    stranger = other_agency.actor("lan")

    assert open_case_ids(stranger, "anh dao", 10) == []
    case.refresh_from_db()
    type(case).objects.filter(pk=case.pk).update(status=9, finished_at=NOW, outcome="granted")
    assert found(at, "anh dao") == []


def test_the_worklist_finds_its_items_through_the_case(at):
    case = at.accept(name="Nguyễn Thị Ánh Đào")
    at.accept(name="Lê Văn Bền")
    actor = at.actor("tuan")
    wanted = work.ItemFilter.read({"q": "anh dao"}, actor=actor)

    rows, is_cut = work.filtered_items(actor=actor, filter=wanted, now=NOW)

    assert "case" in finders()
    assert [row.source_id for row in rows] == [case.pk]
    assert is_cut is False
