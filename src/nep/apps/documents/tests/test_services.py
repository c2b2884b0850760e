"""Documents of any kind through their services, and the page of exceptions."""

import html

import pytest
from django.urls import reverse

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, Revision, SeparationException
from nep.apps.documents.services import _life_rows
from nep.apps.organization.tests.scene import NOW
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

REASON = "Xã chỉ có hai công chức làm việc này"


def create(agency, *, by="lan", code="QT-01"):
    return services.document_create(
        actor=agency.actor(by), kind="procedure", code=code, title="Tiếp công dân", issue="01",
        amendment="00", original_file_id=None, now=NOW,
    )  # fmt: skip


def test_a_document_begins_with_a_draft_of_its_author(agency):
    document_id, revision_id = create(agency)
    facts = queries.revision(revision_id=revision_id, agency_id=agency.agency_id)

    assert (facts.document_id, facts.state, facts.drafter) == (
        document_id, "draft", "Trần Thị Mai Lan",
    )  # fmt: skip
    assert facts.author_ids == {agency.people["lan"]}
    assert JournalEntry.objects.filter(action="document.created").count() == 1


@pytest.mark.parametrize(
    ("code", "title", "refusal"),
    [("", "Tên", "code_missing"), ("QT-9", "  ", "title_missing"), ("qt-01", "Tên", "code_taken")],
)
def test_a_document_needs_a_free_code_and_a_title(agency, code, title, refusal):
    create(agency)

    with pytest.raises(Refusal) as refused:
        services.document_create(
            actor=agency.actor("lan"), kind="procedure", code=code, title=title, issue="01",
            amendment="00", original_file_id=None, now=NOW,
        )  # fmt: skip
    assert refused.value.code == refusal
    assert Document.objects.count() == 1


def test_two_agencies_may_use_one_code(agency, other_agency):
    create(agency)
    create(other_agency)

    assert Document.objects.count() == 2


def test_another_agencys_revision_is_not_found(agency, other_agency):
    _document, revision_id = create(agency)

    with pytest.raises(NotFound):
        queries.revision(revision_id=revision_id, agency_id=other_agency.agency_id)
    with pytest.raises(NotFound):
        services.revision_touch(actor=other_agency.actor("lan"), revision_id=revision_id, now=NOW)


def test_the_loser_of_two_steps_at_once_is_told(agency):
    _document, revision_id = create(agency)
    first = Revision.objects.get(pk=revision_id)
    second = Revision.objects.get(pk=revision_id)
    _life_rows.save(first)

    with pytest.raises(Conflict):
        _life_rows.save(second)


def test_a_title_is_changed_and_found_without_marks(agency):
    document_id, _revision = create(agency)
    services.document_retitle(
        actor=agency.actor("lan"), document_id=document_id, title="Đón tiếp", now=NOW
    )

    assert Document.objects.get().folded == "qt-01 don tiep"


# Exceptions


def test_only_a_leader_grants_an_exception_and_says_why(agency):
    with pytest.raises(Forbidden):
        services.exception_grant(
            actor=agency.actor("lan"), pair="author_checker", reason=REASON, now=NOW
        )
    with pytest.raises(Refusal, match="lý do"):
        services.exception_grant(
            actor=agency.actor("ha"), pair="author_checker", reason="vì", now=NOW
        )
    with pytest.raises(Refusal) as unknown:
        services.exception_grant(actor=agency.actor("ha"), pair="mọi", reason=REASON, now=NOW)
    assert unknown.value.code == "pair_unknown"


def test_an_exception_holds_once_until_it_is_ended(agency, other_agency):
    services.exception_grant(
        actor=agency.actor("ha"), pair="author_checker", reason=REASON, now=NOW
    )
    with pytest.raises(Refusal, match="đang có hiệu lực"):
        services.exception_grant(
            actor=agency.actor("ha"), pair="author_checker", reason=REASON, now=NOW
        )
    row = SeparationException.objects.get()

    assert queries.exceptions_of(agency.agency_id) == {"author_checker": REASON}
    assert queries.exceptions_of(other_agency.agency_id) == {}
    with pytest.raises(NotFound):
        services.exception_end(actor=other_agency.actor("ha"), exception_id=row.id, now=NOW)
    services.exception_end(actor=agency.actor("ha"), exception_id=row.id, now=NOW)
    assert queries.exceptions_of(agency.agency_id) == {}


def test_the_page_of_exceptions(agency, client):
    page = reverse("documents:exceptions")
    agency.sign_in(client, "ha")
    client.post(reverse("documents:grant"), {"pair": "checker_approver", "reason": REASON})
    refused = client.post(reverse("documents:grant"), {"pair": "checker_approver", "reason": "x"})
    shown = html.unescape(client.get(page).content.decode())
    agency.sign_in(client, "lan")
    seen = html.unescape(client.get(page).content.decode())

    assert REASON in shown
    assert refused.status_code == 422
    assert "Dừng ngoại lệ" in shown
    assert "Dừng ngoại lệ" not in seen
    assert client.post(reverse("documents:grant"), {}).status_code == 403
