"""The proof of a draft against the registers as they are today, and the rules beyond it."""

import json
from datetime import date

from django.conf import settings

from nep.apps.documents import queries as documents
from nep.apps.legal import queries as legal
from nep.apps.organization import queries as organization
from nep.apps.procedures import ports
from nep.apps.procedures.models import LinterSetting, SharedTthc
from nep.apps.procedures.queries._mapping import role_texts
from nep.apps.procedures.queries._tthc import TthcFacts
from nep.apps.procedures.queries._versions import called_versions, table_of, versions_in_force
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.lint import Rule, RuleBook, lint, read_book, symbols_of, with_setting
from nep.apps.procedures.rules.other_rows import hashes_called
from nep.apps.procedures.rules.report import EndedLaw, Facts, PackageForm, Report, SharingTthc
from nep.apps.procedures.rules.wording import UNIT_NAMES
from nep.kernel.vietnamese import date_text


def proof(
    *,
    agency_id: int,
    draft: Draft,
    tthc: TthcFacts,
    today: date,
    document_id: int | None = None,
) -> Report:
    """Return every check of a draft against the registers of the agency as they are today.

    With `document_id` also what belongs to the procedure as a document: its forms, what it cites.
    """
    keys = {step.role for step in draft.table.steps if step.role}
    directory = organization.directory(agency_id=agency_id, today=today)
    return lint(
        draft,
        Facts(
            holders={key: len(directory.people(key)) for key in keys},
            role_words=role_texts(agency_id=agency_id, keys=keys),
            tthc_code=tthc.code,
            is_internal=tthc.is_internal,
            tthc_abolished=_abolished(tthc, today),
            tthc_amount=tthc.limit_amount,
            tthc_unit=tthc.limit_unit,
            book=rule_book(agency_id=agency_id),
            papers=tuple(paper.name for paper in tthc.papers),
            paces=ports.paces_of(agency_id, tthc.id, today),
            foreign_names=organization.peer_names(agency_id),
            own_names=organization.own_names(agency_id),
            package_forms=_forms(document_id, agency_id),
            step_forms={
                step: frozenset(form.document_id for form in carried.forms)
                for step, carried in draft.carried.items()
            },
            called=called_versions(agency_id=agency_id, hashes=hashes_called(draft.table)),
            begun=_begun(draft, tthc, document_id, agency_id),
            shared_by=_shared_by(document_id),
            ended_laws=_ended(draft, document_id, agency_id, today),
        ),
    )


def _shared_by(document_id: int | None) -> tuple[SharingTthc, ...]:
    """Return the TTHC with a limit that go by the procedure of a document beside its own."""
    if document_id is None:
        return ()
    rows = SharedTthc.objects.filter(procedure__document_id=document_id)
    limited = rows.filter(tthc__limit_amount__isnull=False, tthc__limit_unit__in=list(UNIT_NAMES))
    found = limited.order_by("tthc__code", "tthc_id").values_list(
        "tthc__name", "tthc__limit_amount", "tthc__limit_unit"
    )
    return tuple(SharingTthc(name, amount, unit) for name, amount, unit in found if amount)


def _begun(
    draft: Draft, tthc: TthcFacts, document_id: int | None, agency_id: int
) -> tuple[str, ...]:
    """Return the codes of other internal procedures in force that the draft's message opens too.

    No query where no message opens its cases.
    """
    message = draft.table.begins if tthc.is_internal else ""
    return tuple(
        one.code
        for one in (versions_in_force(agency_id=agency_id) if message else ())
        if one.is_internal
        and one.document_id != document_id
        and table_of(one.content_hash).begins == message
    )


def _abolished(tthc: TthcFacts, today: date) -> str:
    """Return by what and since when a TTHC is abolished on a day, "" while it is not."""
    if tthc.abolished_from is None or tthc.abolished_from > today:
        return ""
    return f"{tthc.abolition}, từ {date_text(tthc.abolished_from)}"


def rule_book(*, agency_id: int) -> RuleBook:
    """Return the rules in force in an agency: the shipped ones as it has set them; one query."""
    shipped = read_book(settings.LINTER_RULES)
    rules = dict(shipped.rules)
    for row in LinterSetting.objects.filter(agency_id=agency_id):
        if row.code in rules:
            rules[row.code] = with_setting(
                rules[row.code],
                severity=row.severity,
                figures=json.loads(row.figures),
                words=json.loads(row.words),
            )
    return RuleBook(rules, shipped.proof)


def linter_rules(*, agency_id: int) -> tuple[Rule, ...]:
    """Return the rules in force in an agency, in the shipped order; one query."""
    return tuple(rule_book(agency_id=agency_id).rules.values())


def proof_reasons() -> tuple[tuple[str, str], ...]:
    """Return (why, how to mend) of everything that always stops an approval."""
    return tuple(read_book(settings.LINTER_RULES).proof.values())


def _forms(document_id: int | None, agency_id: int) -> tuple[PackageForm, ...]:
    if document_id is None:
        return ()
    found = documents.forms_below(document_id=document_id, agency_id=agency_id)
    return tuple(PackageForm(id_, code, title) for id_, code, title in found)


def _ended(
    draft: Draft, document_id: int | None, agency_id: int, today: date
) -> tuple[EndedLaw, ...]:
    objects = [("document", document_id), ("step", document_id)] if document_id else []
    found = legal.ended_texts(
        agency_id=agency_id, numbers=symbols_of(draft), objects=objects, today=today
    )
    return tuple(
        EndedLaw(
            symbol=one.number or one.title,
            ended_on=one.expires_on,
            replaced_by=one.replaced_by,
            is_symbol=bool(one.number),
            is_cited=one.is_cited,
            cited_in=one.parts - {""},
        )
        for one in found
    )
