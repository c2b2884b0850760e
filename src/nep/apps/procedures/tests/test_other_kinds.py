"""PDF and XML on the import page: read by the worker, drafted, or refused with a sentence."""

import pytest

from nep.apps.documents import queries as documents
from nep.apps.documents.queries._own_paper import own_pdf
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import WordImport
from nep.apps.procedures.tests.scene import published
from nep.foundation.printing import Paper, line, paper_pdf
from tests.word.test_pdf import FLOW

pytestmark = pytest.mark.django_db


def read(agency, *uploads):
    batch = services.word_upload(actor=agency.actor("lan"), uploads=uploads, now=NOW)
    for row in WordImport.objects.filter(batch=batch):
        services.word_read(import_id=row.id, now=NOW)
    return batch, queries.import_lines(agency_id=agency.agency_id, batch=batch)


def test_a_flow_and_a_pdf_become_drafts_that_keep_their_file(agency):
    from_pdf = _pdf_of_a_procedure(agency)

    batch, lines = read(agency, ("DT02_workflow.xml", FLOW.encode()), ("qt.pdf", from_pdf))
    made = services.word_drafts_create(actor=agency.actor("lan"), batch=batch, choices={}, now=NOW)

    assert [one.state for one in lines] == ["read", "read"]
    assert any("cộng lại 12 ngày" in one["message"] for one in lines[0].report["warnings"])
    drafted = [one for _name, ones in made for one in ones]
    assert [one.refusal for one in drafted] == ["", ""]
    page = queries.procedure_page(revision_id=drafted[0].revision_id, agency_id=agency.agency_id)
    assert len(page.draft.table.steps) == 5 and page.tthc.fee == "50.000 đồng"
    assert page.revision.original_file_id


def _pdf_of_a_procedure(agency):
    made = published(agency, code="2.000111", name="Cấp lại giấy phép")
    told = documents.publication(
        revision_id=made.revision_id, agency_id=agency.agency_id, today=NOW.date()
    )
    return own_pdf(told, made_at=NOW)


def test_a_scan_a_letter_and_a_form_are_refused_or_hold_nothing_and_are_not_kept(agency):
    blank = paper_pdf(Paper(title="", issuer="", blocks=(line(""),)), made_at=NOW)

    _batch, lines = read(
        agency, ("quet.pdf", blank), ("mau.xml", b"<?xml version='1.0'?><form></form>")
    )

    assert [one.state for one in lines] == ["refused", "refused"]
    assert "bản quét" in lines[0].refusal and "mẫu nhập liệu" in lines[1].refusal
    assert not WordImport.objects.exclude(file=None).exists()


def test_what_a_killed_worker_left_half_read_is_read_again(agency):
    batch = services.word_upload(
        actor=agency.actor("lan"), uploads=[("DT02.xml", FLOW.encode())], now=NOW
    )
    WordImport.objects.filter(batch=batch).update(state="reading", done=3, total=9)

    services.word_read(import_id=WordImport.objects.get(batch=batch).id, now=NOW)
    services.word_read(import_id=WordImport.objects.get(batch=batch).id, now=NOW)

    row = WordImport.objects.get(batch=batch)
    assert row.state == "read" and row.upload is None and row.file_id
