"""The papers of documents whose content another app owns, frozen when they come into force."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.documents import ports, queries, rules
from nep.apps.documents.models import KeptPaper, Revision
from nep.foundation.files.services import store
from nep.foundation.journal.services import record
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.stamp import stamped
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

log = logging.getLogger(__name__)
PAPERS_AT_ONCE = 10
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
    today = local(now).date()
    told = queries.publication(revision_id=row.id, agency_id=row.agency_id, today=today)
    word = queries.own_word(told)
    if word is None:
        return 0
    name, pdf, fault = word.name.removesuffix(".docx"), b"", ""
    try:
        made = queries.own_pdf(told, made_at=now)
        link = queries.verification_link(told.public_key)
        stamp = queries.stamp_of(told, link=link)
        late = queries.remade_note(state=row.state, effective_from=row.effective_from, today=today)
        stamp = replace(stamp, note=". ".join(filter(None, (stamp.note, late))))
        pdf = stamped(made or b"", stamp, made_at=now)
    except NotMade as reason:
        fault = reason.message[:300]
    try:
        with transaction.atomic():
            _write(row, name, word.data, pdf, fault, now)
    except IntegrityError:  # kept by another worker in the same instant
        return 0
    return 1


def _write(row: Revision, name: str, word: bytes, pdf: bytes, fault: str, now: datetime) -> None:
    facts: dict[str, Any] = {
        "agency_id": row.agency_id,
        "actor_id": None,
        "at": now,
        "max_bytes": MOST_KEPT,
    }
    kept = KeptPaper.objects.create(
        revision=row, content_hash=row.content_hash, fault=fault, made_at=now,
        word=store(data=word, name=f"{name}.docx", kinds=("docx",), **facts),
        pdf=store(data=pdf, name=f"{name}.pdf", kinds=("pdf",), **facts) if pdf else None,
    )  # fmt: skip
    record(
        actor_id=None, agency_id=row.agency_id, action="revision.paper_kept",
        object_type="revision", object_id=row.pk, at=now,
        new={"word": kept.word.sha256, "pdf": kept.pdf.sha256 if kept.pdf else ""},
    )  # fmt: skip
