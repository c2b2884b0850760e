"""Giving a paper out: its edition, number and values are kept, as a part of a larger action."""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from nep.apps.cases.models import (
    Case,
    CaseExtension,
    CasePause,
    FormEdition,
    GivenPaper,
    GivenValues,
)
from nep.apps.cases.queries._forms import apology_of, ending_of, receipt_of, supplement_of
from nep.apps.cases.queries.form_editions import edition_for, layout_of
from nep.apps.cases.queries.given import kept_digest
from nep.apps.cases.rules.form_fields import (
    APOLOGY,
    BOOKS,
    FORM_NAMES,
    RECEIPT,
    REFUSAL,
    STOP,
    SUPPLEMENT,
    form_title,
    takes_number,
)
from nep.apps.cases.rules.form_layout import plain
from nep.apps.cases.services._form_values import (
    Values,
    apology_values,
    ending_values,
    receipt_values,
    supplement_values,
)
from nep.apps.cases.services.form_editions import form_editions_load
from nep.foundation.db import Batch, Mark, Prepared, new_id
from nep.foundation.journal import services as journal
from nep.foundation.numbering.services import take_number
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import date_text, local

PAPER_TABLE, VALUES_TABLE = "cases_givenpaper", "cases_givenvalues"
ENDINGS = {"refused": REFUSAL, "stopped": STOP}


def receipt_give(*, case: Case, now: datetime) -> int | None:
    """Give the receipt (Mẫu 01) of a case just accepted, where the law wants one."""
    if case.at_once or case.internal or case.accepted_at is None:
        return None
    data = receipt_of(case)
    return give(
        form=RECEIPT, case=case, at=data.accepted_at, by_id=case.accepted_by_id,
        values=receipt_values(data), now=now,
    )  # fmt: skip


def supplement_give(*, case: Case, pause: CasePause, now: datetime) -> int | None:
    """Give the request for supplement (Mẫu 02) of a pause just begun."""
    data = supplement_of(case, pause)
    return give(
        form=SUPPLEMENT, case=case, at=data.at, by_id=pause.started_by_id, subject_id=pause.pk,
        number=data.number, values=supplement_values(data, received_at=case.received_at), now=now,
    )  # fmt: skip


def supplement_asked(*, case_id: int, now: datetime) -> int | None:
    """Give the request for supplement of the pause that has just begun."""
    pause = CasePause.objects.select_related("case").get(
        case_id=case_id, kind="supplement", ended_at=None
    )
    return supplement_give(case=pause.case, pause=pause, now=now)


def apology_give(*, case: Case, row: CaseExtension, now: datetime) -> int | None:
    """Give the apology with its later date (Mẫu 04)."""
    data = apology_of(case, row)
    return give(
        form=APOLOGY, case=case, at=data.at, by_id=row.by_id, number=data.number,
        values=apology_values(data), now=now,
    )  # fmt: skip


def ending_give(*, case: Case, kind: str, by_id: int | None, now: datetime) -> int | None:
    """Give the paper on a case refused (Mẫu 03) or stopped (Mẫu 05); internal work has none."""
    if kind not in ENDINGS or case.internal:
        return None
    data = ending_of(case, kind=kind)
    if data is None:
        return None
    return give(
        form=ENDINGS[kind], case=case, at=data.at, by_id=by_id, values=ending_values(data), now=now
    )


def given_or_give(
    *, case: Case, form: str, at: datetime, subject_id: int, make: Callable[[], int | None]
) -> int:
    """Return the paper that was given out, or give it now: cases older than this book, fed ones.

    Raises NotFound("no_form_edition") where no edition holds on that day.
    """
    known = _given(case, form, subject_id)
    if known is None:
        try:
            with transaction.atomic():
                known = make()
        except IntegrityError:  # somebody printed it in the same instant
            known = _given(case, form, subject_id)
    if known is None:
        raise no_edition(form, at)
    return known


_GIVEN = Prepared(
    lambda: (
        GivenPaper.objects.filter(
            case_id=Mark("case"), form=Mark("form"), subject_id=Mark("subject")
        )
        .order_by("id")
        .values_list("id")
    )
)


def _given(case: Case, form: str, subject_id: int) -> int | None:
    found = _GIVEN.rows(case=case.pk, form=form, subject=subject_id)
    return next((key for (key,) in found), None)


def no_edition(form: str, at: datetime) -> NotFound:
    """Return what is raised where no edition of a form holds on a day."""
    return NotFound(
        "no_form_edition",
        f"Ngày {date_text(local(at).date())} không có {form_title(form).lower()} "
        f"({FORM_NAMES[form]}) nào có hiệu lực nên chưa in được. Quản trị cơ quan thêm mẫu ở "
        "Biểu mẫu theo luật.",
    )


def edition_in_force(
    *, form: str, agency_id: int, at: datetime, now: datetime
) -> FormEdition | None:
    """Return the edition for a paper of a moment; the shipped ones are loaded when first needed."""
    on = local(at).date()
    found = edition_for(form=form, agency_id=agency_id, on=on)
    if found is None and not FormEdition.objects.exclude(shipped_key="").exists():
        form_editions_load(now=now)
        found = edition_for(form=form, agency_id=agency_id, on=on)
    return found


def give(
    *,
    form: str,
    at: datetime,
    by_id: int | None,
    values: Values,
    now: datetime,
    case: Case | None = None,
    agency_id: int = 0,
    subject_id: int = 0,
    number: int | None = None,
    about: str = "",
) -> int | None:
    """Keep a paper of a moment with the edition of that day, in the caller's transaction.

    Without `number` one is taken from the form's book of the year, where the edition has a place
    for it. Returns the paper, or None where no edition holds: the act itself is not held up.
    """
    agency_id = case.agency_id if case else agency_id
    edition = edition_in_force(form=form, agency_id=agency_id, at=at, now=now)
    if edition is None:
        return None
    year, pattern = local(at).year, layout_of(edition).number
    if not takes_number(pattern):
        number = 0
    elif number is None:
        number = take_number(agency_id=agency_id, book=BOOKS[form], year=year)
    kept = values | {"number": f"{number:02d}" if number else "", "year": str(year)}
    number_text = plain(pattern, kept)[:80]
    paper_id, batch = new_id(), Batch()
    batch.insert(
        PAPER_TABLE, id=paper_id, agency_id=agency_id, case_id=case.pk if case else None,
        form=form, edition_id=edition.pk, subject_id=subject_id, year=year, number=number,
        number_text=number_text, about=about[:200], at=at, by_id=by_id, kept_at=now,
        digest=kept_digest(edition.digest, kept), erased_at=None,
    )  # fmt: skip
    batch.insert(VALUES_TABLE, paper_id=paper_id, content=packed(kept))
    if form != RECEIPT:  # the acceptance itself says that a receipt was given
        _record(batch, paper_id, case, agency_id, form, number_text, edition, by_id, now)
    batch.flush()
    return paper_id


def _record(
    batch: Batch,
    paper_id: int,
    case: Case | None,
    agency_id: int,
    form: str,
    number_text: str,
    edition: FormEdition,
    by_id: int | None,
    now: datetime,
) -> None:
    journal.record(
        actor_id=by_id, agency_id=agency_id, action="case.paper_given", object_type="given_paper",
        object_id=paper_id, at=now,
        new={
            "form": form, "number": number_text, "edition": edition.pk,
            "case": case.code if case else "",
        },
        batch=batch,
    )  # fmt: skip


def packed(values: Mapping[str, Any]) -> bytes:
    """Return values as their row keeps them."""
    return zlib.compress(json.dumps(values, ensure_ascii=False, sort_keys=True).encode(), 6)


@transaction.atomic
def given_values_erase(*, case_ids: Iterable[int], now: datetime) -> int:
    """Erase what stood on the papers of cases; the book keeps form, number, day; return how many.

    Part of an erasure by rule, which asks the permission and writes the journal.
    """
    rows = GivenPaper.objects.filter(case_id__in=list(case_ids), erased_at=None)
    GivenValues.objects.filter(paper__in=rows).delete()
    return rows.update(erased_at=now)
