"""Where it is seen that an obligation of the year is done: one reader each, told to the port."""

from datetime import date

from nep.apps.conformity import ports
from nep.apps.conformity.models import Declaration
from nep.apps.conformity.queries._declaration import change_since
from nep.apps.conformity.rules import declaration as law
from nep.apps.conformity.rules.year import Seen
from nep.apps.documents import queries as documents
from nep.apps.legal import queries as legal
from nep.apps.organization.rules import Actor
from nep.apps.records import queries as records
from nep.kernel.vietnamese import date_text, local


def _reader(agency_id: int) -> Actor:
    """Return who reads lists of an agency for the system: nobody, in no role."""
    return Actor(0, None, "Nếp", agency_id)


def _file_plan(agency_id: int, year: int, _today: date) -> Seen:
    exists, approved_at = records.plan_state(agency_id=agency_id, year=year)
    if approved_at is None:
        return Seen(begun=exists, told="Đã lập, chờ ban hành." if exists else "Chưa lập.")
    on = local(approved_at).date()
    return Seen(on, True, f"Ban hành ngày {date_text(on)}.")


def _legal(agency_id: int, year: int, today: date) -> Seen:
    lines = legal.reviews(actor=_reader(agency_id), today=today)
    waiting = [one for one in lines if one.is_open]
    if waiting:
        first = min(waiting, key=lambda one: one.due_on)
        return Seen(
            begun=True, due_on=first.due_on,
            told=f"{len(waiting)} văn bản chờ rà soát, gần nhất hạn {date_text(first.due_on)}.",
        )  # fmt: skip
    done = [local(one.done_at).date() for one in lines if one.done_at]
    newest = max((on for on in done if on.year == year), default=None)
    told = "Không có văn bản nào chờ rà soát."
    return Seen(newest, True, told, needed=False)


def _document_reviews(agency_id: int, _year: int, today: date) -> Seen:
    due = documents.reviews_due(actor=_reader(agency_id), today=today, limit=1)
    if not due.late and not due.soon:
        return Seen(begun=True, told="Không có tài liệu nào đến hạn trong 30 ngày.", needed=False)
    first = due.lines[0].due_on if due.lines else today
    told = f"{due.late} tài liệu quá hạn soát xét, {due.soon} tài liệu sắp đến hạn."
    return Seen(begun=True, told=told, due_on=first)


def _declaration(agency_id: int, _year: int, _today: date) -> Seen:
    row = Declaration.objects.filter(agency_id=agency_id, state__in=law.STANDING_STATES).first()
    if row is None:
        open_ = Declaration.objects.filter(agency_id=agency_id, state__in=law.OPEN_STATES).first()
        told = f"Đang làm: {law.STATE_NAMES[open_.state].lower()}." if open_ else "Chưa công bố."
        return Seen(begun=open_ is not None, told=told,
                    url=f"/cong-bo/{open_.id}/" if open_ else "")  # fmt: skip
    url = f"/cong-bo/{row.id}/"
    change = change_since(row)
    if change:
        return Seen(begun=False, told=f"Phạm vi {change.text}, cần công bố lại.", url=url)
    if row.state == law.DECLARED:
        return Seen(begun=True, told="Còn phải gửi thông báo, niêm yết.", url=url)
    told = f"Đúng phạm vi, quyết định số {row.decision_number}."
    return Seen(row.decision_on, True, told, url)


ports.connect_seen(
    {
        "file_plan": _file_plan,
        "legal": _legal,
        "document_reviews": _document_reviews,
        "declaration": _declaration,
    }
)
