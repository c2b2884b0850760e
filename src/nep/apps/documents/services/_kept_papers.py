"""The papers of documents whose content another app owns, frozen when they come into force."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from nep.apps.documents import ports, queries, rules
from nep.apps.documents.models import KeptPaper, Revision
from nep.apps.documents.rules.paper_tries import MOST_TRIES, next_try
from nep.foundation.files.queries import read
from nep.foundation.files.services import store
from nep.foundation.journal.services import record
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.preview import pdf_of
from nep.foundation.printing.stamp import stamped
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

log = logging.getLogger(__name__)
PAPERS_AT_ONCE = 3  # each takes a core for most of a second, and pages are asked for meanwhile
MOST_KEPT = 200_000_000


def papers_catch_up(*, now: datetime, limit: int = PAPERS_AT_ONCE) -> int:
    """Keep the papers of revisions in force that have none yet; return how many were kept.

    Nothing is locked while a paper is made. One whose PDF cannot be made is kept as Word, with
    the reason. Repeating changes nothing.
    """
    rows = Revision.objects.filter(
        state=rules.IN_FORCE, kept_paper=None, document__kind__in=ports.paper_kinds(),
        published_file=None,
    )  # fmt: skip
    kept = 0
    for row in rows.order_by("id").iterator(chunk_size=200):
        kept += _kept(row, now)
        if kept >= limit:
            break
    return kept


def _kept(row: Revision, now: datetime) -> int:
    """Keep one paper; one that cannot be made stops no other."""
    try:
        return _keep(row, now)
    except (NotMade, Refusal):
        log.exception("paper of revision %s not kept", row.pk)
        return 0


def _keep(row: Revision, now: datetime) -> int:
    told = _told(row, now)
    word = queries.own_word(told)
    if word is None:
        return 0
    name, pdf, fault = word.name.removesuffix(".docx"), b"", ""
    try:
        pdf = _under_stamp(row, told, queries.own_pdf(told, made_at=now) or b"", now)
    except NotMade as reason:
        fault = reason.message[:300]
    try:
        with transaction.atomic():
            _write(row, name, word.data, pdf, fault, now)
    except IntegrityError:  # kept by another worker in the same instant
        return 0
    return 1


def _told(row: Revision, now: datetime) -> queries.Publication:
    return queries.publication(
        revision_id=row.id, agency_id=row.agency_id, today=local(now).date()
    )  # fmt: skip


def _under_stamp(row: Revision, told: queries.Publication, pages: bytes, now: datetime) -> bytes:
    """Return pages under the stamp of their revision; what is made late says so."""
    stamp = queries.stamp_of(told, link=queries.verification_link(told.public_key))
    late = queries.remade_note(
        state=row.state, effective_from=row.effective_from, today=local(now).date()
    )
    stamp = replace(stamp, note=". ".join(filter(None, (stamp.note, late))))
    return stamped(pages, stamp, made_at=now)


def _write(row: Revision, name: str, word: bytes, pdf: bytes, fault: str, now: datetime) -> None:
    facts = _facts(row, now)
    kept = KeptPaper.objects.create(
        revision=row, content_hash=row.content_hash, fault=fault, made_at=now,
        try_at=None if pdf else next_try(tries=1, now=now),
        word=store(data=word, name=f"{name}.docx", kinds=("docx",), **facts),
        pdf=store(data=pdf, name=f"{name}.pdf", kinds=("pdf",), **facts) if pdf else None,
    )  # fmt: skip
    record(
        actor_id=None, agency_id=row.agency_id, action="revision.paper_kept",
        object_type="revision", object_id=row.pk, at=now,
        new={"word": kept.word.sha256, "pdf": kept.pdf.sha256 if kept.pdf else ""},
    )  # fmt: skip


def _facts(row: Revision, now: datetime) -> dict[str, Any]:
    return {"agency_id": row.agency_id, "actor_id": None, "at": now, "max_bytes": MOST_KEPT}


def papers_retry(*, now: datetime, limit: int = PAPERS_AT_ONCE) -> int:
    """Try again the PDFs that could not be made with their papers; return how many were made.

    A PDF is made of the Word file that was kept, so that both say the same. Only revisions in force
    are asked, each failure waits longer than the one before, and the last of `MOST_TRIES` ends it.
    """
    rows = KeptPaper.objects.filter(
        Q(try_at=None) | Q(try_at__lte=now), pdf=None, tries__lt=MOST_TRIES,
        revision__state=rules.IN_FORCE,
    ).select_related("revision", "word")  # fmt: skip
    return sum(_retry(row, now) for row in rows.order_by("try_at", "id")[:limit])


def _retry(row: KeptPaper, now: datetime) -> int:
    """Try one PDF; what another worker did in the same instant stands."""
    revision, tries = row.revision, row.tries + 1
    mine = KeptPaper.objects.filter(pk=row.pk, pdf=None, tries=row.tries)
    try:
        pages = pdf_of(read(row.word_id), name=row.word.name)
        data = _under_stamp(revision, _told(revision, now), pages, now)
        with transaction.atomic():
            name = f"{row.word.name.removesuffix('.docx')}.pdf"
            pdf = store(data=data, name=name, kinds=("pdf",), **_facts(revision, now))
            if not mine.update(pdf=pdf, fault="", tries=tries, try_at=None):
                raise _Done
            record(
                actor_id=None, agency_id=revision.agency_id, action="revision.paper_kept",
                object_type="revision", object_id=revision.pk, at=now, new={"pdf": pdf.sha256},
            )  # fmt: skip
    except (NotMade, Refusal) as reason:
        mine.update(fault=reason.message[:300], tries=tries, try_at=next_try(tries=tries, now=now))
        return 0
    except _Done:
        return 0
    return 1


class _Done(Exception):
    """Another worker has made the PDF meanwhile."""
