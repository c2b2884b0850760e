"""Where it is seen that an obligation of the year is done: one reader each, told to the port."""

from datetime import date

from nep.apps.audits import queries as audits
from nep.apps.competence import queries as competence
from nep.apps.conformity import ports
from nep.apps.conformity.queries._declaration import change_since
from nep.apps.conformity.queries._look import Look
from nep.apps.conformity.rules import declaration as law
from nep.apps.conformity.rules.year import Seen
from nep.apps.documents import queries as documents
from nep.apps.legal import queries as legal
from nep.apps.planning import queries as planning
from nep.apps.planning.rules.objectives import IN_FORCE, JUDGED
from nep.apps.records import queries as records
from nep.apps.reviews import queries as reviews
from nep.kernel.vietnamese import date_text


def _file_plan(look: Look) -> Seen:
    plan = look.counted(records.FILE_PLAN)
    if plan is None:
        return Seen(told="Chưa lập.")
    if plan.newest_on is None:
        return Seen(begun=True, told="Đã lập, chờ ban hành.")
    return Seen(plan.newest_on, True, f"Ban hành ngày {date_text(plan.newest_on)}.")


def _legal(look: Look) -> Seen:
    waiting, done = look.counted(legal.WAITING), look.counted(legal.DONE)
    if waiting:
        first = date.fromisoformat(waiting.note)
        return Seen(
            begun=True, due_on=first,
            told=f"{waiting.n} văn bản chờ rà soát, gần nhất hạn {date_text(first)}.",
        )  # fmt: skip
    told = "Không có văn bản nào chờ rà soát."
    return Seen(done.newest_on if done else None, True, told, needed=False)


def _document_reviews(look: Look) -> Seen:
    late, soon = look.counted(documents.REVIEW_LATE), look.counted(documents.REVIEW_SOON)
    first = late or soon
    if first is None:
        return Seen(begun=True, told="Không có tài liệu nào đến hạn trong 30 ngày.", needed=False)
    told = (
        f"{late.n if late else 0} tài liệu quá hạn soát xét, "
        f"{soon.n if soon else 0} tài liệu sắp đến hạn."
    )
    return Seen(begun=True, told=told, due_on=date.fromisoformat(first.note))


def _declaration(look: Look) -> Seen:
    row = next((one for one in look.declarations if one.state in law.STANDING_STATES), None)
    if row is None:
        open_ = next((one for one in look.declarations if one.state in law.OPEN_STATES), None)
        told = f"Đang làm: {law.STATE_NAMES[open_.state].lower()}." if open_ else "Chưa công bố."
        return Seen(begun=open_ is not None, told=told,
                    url=f"/cong-bo/{open_.id}/" if open_ else "")  # fmt: skip
    url = f"/cong-bo/{row.id}/"
    change = change_since(row, look.scope)
    if change:
        return Seen(begun=False, told=f"Phạm vi {change.text}, cần công bố lại.", url=url)
    if row.state == law.DECLARED:
        return Seen(begun=True, told="Còn phải gửi thông báo, niêm yết.", url=url)
    told = f"Đúng phạm vi, quyết định số {row.decision_number}."
    return Seen(row.decision_on, True, told, url)


def _context(look: Look) -> Seen:
    found = look.planned("4.1", "4.2", "4.3")
    newest = max((one for one in found if one.newest_on), key=_newest, default=None)
    if newest is None or newest.newest_on is None:
        return Seen(told="Chưa có bối cảnh, phạm vi được phê duyệt.")
    told = f"{newest.title}, ngày {date_text(newest.newest_on)}."
    if newest.newest_on.year < look.year:
        return Seen(told=f"{told} Năm nay chưa xem lại.", url=newest.url)
    return Seen(newest.newest_on, True, told, newest.url)


def _newest(one) -> date:  # type: ignore[no-untyped-def]
    return one.newest_on or date.min


def _risks(look: Look) -> Seen:
    found = look.planned("6.1")
    newest = max((one.newest_on for one in found if one.newest_on), default=None)
    count = sum(one.count for one in found)
    if newest is None:
        return Seen(told="Chưa có rủi ro, cơ hội nào được đánh giá.")
    told = f"{count} rủi ro, cơ hội; sửa gần nhất ngày {date_text(newest)}."
    return Seen(newest if newest.year >= look.year else None, newest.year >= look.year, told)


def _objectives(look: Look) -> Seen:
    first = look.counted(planning.FIRST_LIST)
    if first is None or first.newest_on is None:
        count = sum(one.n for one in look.all_counted(planning.OBJECTIVES))
        told = f"{count} mục tiêu đang đề xuất." if count else "Chưa có."
        return Seen(begun=bool(count), told=told)
    told = (
        f"{_objectives_in(look, *IN_FORCE)} mục tiêu, phê duyệt ngày {date_text(first.newest_on)}."
    )
    return Seen(first.newest_on, True, told)


def _objectives_in(look: Look, *states: str) -> int:
    return sum(one.n for one in look.all_counted(planning.OBJECTIVES) if one.note in states)


def _objectives_judged(look: Look) -> Seen:
    in_force, judged = _objectives_in(look, *IN_FORCE), _objectives_in(look, JUDGED)
    if not in_force:
        return Seen(told="Chưa có mục tiêu được phê duyệt.")
    told = f"Đã đánh giá {judged}/{in_force} mục tiêu."
    return Seen(look.last_day if judged == in_force else None, bool(judged), told)


def _audit_programme(look: Look) -> Seen:
    found = look.counted(audits.PROGRAMME)
    if found is None:
        return Seen(told="Chưa có.")
    if found.newest_on is None:
        return Seen(begun=True, told="Đang soạn, chờ phê duyệt.")
    told = f"{found.note} đơn vị, phê duyệt ngày {date_text(found.newest_on)}."
    return Seen(found.newest_on, True, told)


def _training(look: Look) -> Seen:
    plan = look.counted(competence.TRAINING_PLAN)
    if plan is None:
        return Seen(told="Chưa có kế hoạch.")
    if plan.newest_on is None:
        return Seen(begun=True, told="Kế hoạch đang soạn, chờ phê duyệt.")
    return Seen(plan.newest_on, True, f"Phê duyệt ngày {date_text(plan.newest_on)}.")


def _audit(look: Look) -> Seen:
    found = [one for one in look.audits if one.ends_on]
    held = [one for one in found if one.is_held]
    if not held:
        return Seen(
            begun=bool(found), told="Đã lên kế hoạch, chưa diễn ra." if found else "Chưa có."
        )
    last = max(held, key=lambda one: (one.ends_on or date.min, one.id))
    told = f"{last.code}: {last.state_name.lower()}, {last.to_correct} điểm không phù hợp."
    on = last.ends_on if last.reported_at else None
    return Seen(on, True, told, f"/danh-gia/{last.id}/")


def _audit_findings(look: Look) -> Seen:
    if not any(one.is_held for one in look.audits):
        return Seen(begun=True, told="Năm nay chưa có đánh giá nào.")
    left = look.counted(audits.LEFT)
    if left:
        return Seen(begun=True, told=f"Còn {left.n} điểm chưa đóng.")
    last = max((one.ends_on for one in look.audits if one.is_held and one.ends_on), default=None)
    return Seen(last, True, "Không còn điểm nào chưa đóng.")


def _review(look: Look) -> Seen:
    found = reviews.reviews_of(agency_id=look.agency_id, year=look.year)
    done = [one for one in found if one.approved_at and one.held_on]
    if done:
        last = max(done, key=lambda one: (one.held_on or date.min, one.id))
        told = f"{last.code}, họp ngày {date_text(last.held_on or look.today)}."
        return Seen(last.held_on, True, told, f"/xem-xet/{last.id}/")
    if found:
        return Seen(begun=True, told=f"{found[0].code}: {found[0].state_name.lower()}.",
                    url=f"/xem-xet/{found[0].id}/")  # fmt: skip
    return Seen(told="Chưa có.")


ports.connect_seen(
    {
        "file_plan": _file_plan,
        "context": _context,
        "objectives": _objectives,
        "objectives_judged": _objectives_judged,
        "risks": _risks,
        "audit_programme": _audit_programme,
        "training": _training,
        "legal": _legal,
        "document_reviews": _document_reviews,
        "audit": _audit,
        "audit_findings": _audit_findings,
        "review": _review,
        "declaration": _declaration,
    }
)
