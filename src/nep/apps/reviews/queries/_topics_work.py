"""Topics that cases, feedback and partners fill."""

from typing import Any

from nep.apps.cases import queries as cases
from nep.apps.cases.queries import citizens, finished, joint_figures
from nep.apps.cases.queries.finished import Ended
from nep.apps.cases.rules.citizens import Satisfaction
from nep.apps.documents import queries as documents
from nep.apps.improvement import queries as improvement
from nep.apps.reviews.queries._span import Span, count, months_in, percent
from nep.apps.reviews.rules.inputs import Fact, Topic

SUPPLIERS = "8.4"


def processes(span: Span) -> Topic:
    """Tell how cases were finished: how many, in time, supplemented, done again."""
    now, before = _ended(span, span.months), _ended(span, span.months_before)
    late = cases.CaseFilter(group="qua")
    running_late = cases.cases_count(actor=span.actor, filter=late, now=span.now)
    told = (
        f"Đã trả kết quả {count(now.resolved)} hồ sơ, {percent(now.in_time, now.resolved)} không quá "
        f"hạn (kỳ trước {percent(before.in_time, before.resolved)})."
        if now.resolved
        else "Trong kỳ không có hồ sơ nào có kết quả."
    )
    pairs = (
        ("Hồ sơ có kết quả", now.resolved, before.resolved, "/dieu-hanh/"),
        ("Quá hạn", now["late"], before["late"], "/dieu-hanh/"),
        ("Phải yêu cầu bổ sung", now["supplemented"], before["supplemented"], ""),
        ("Bước sau trả lại bước trước, làm lại", now["reworked"], before["reworked"], ""),
        ("Dừng, rút, trả lại hồ sơ", now["stopped"], before["stopped"], ""),
    )
    facts = [Fact(label, count(one), count(other), url) for label, one, other, url in pairs]
    facts.insert(1, Fact("Không quá hạn", percent(now.in_time, now.resolved),
                         percent(before.in_time, before.resolved), "/dieu-hanh/"))  # fmt: skip
    facts.append(Fact("Đang giải quyết mà đã quá hạn, hôm chốt", count(running_late), "",
                      "/ho-so/?nhom=qua"))  # fmt: skip
    return Topic(told, tuple(facts))


def _ended(span: Span, months: tuple[int, int]) -> Ended:
    found = finished.ended_figures(agency_ids=[span.agency_id], months=months)
    return finished.sum_of(found.values())


def satisfaction(span: Span) -> Topic:
    """Tell how citizens rated, what they reported, what was answered in time."""
    now, before = _rated(span, span.months), _rated(span, span.months_before)
    voices = improvement.feedback_tally(
        agency_id=span.agency_id, starts_on=span.starts_on, ends_on=span.ends_on, today=span.today
    )
    voices_before = improvement.feedback_tally(
        agency_id=span.agency_id, starts_on=span.days_before[0], ends_on=span.days_before[1],
        today=span.today,
    )  # fmt: skip
    answers, satisfied = improvement.survey_satisfaction(
        agency_id=span.agency_id, starts_on=span.starts_on, ends_on=span.ends_on
    )
    told = (
        f"{count(now.total)} người đánh giá, {percent(now.satisfied, now.total)} hài lòng; "
        if now.total else "Chưa có ai đánh giá qua giấy hẹn; "
    ) + (
        f"{count(voices.received)} phản ánh, kiến nghị, khiếu nại, {count(voices.late)} quá hạn trả lời."
        if voices.received else "không nhận phản ánh, kiến nghị, khiếu nại nào."
    )  # fmt: skip
    facts = [
        Fact("Người đánh giá", count(now.total), count(before.total), "/ho-so/danh-gia/"),
        Fact("Hài lòng, rất hài lòng", percent(now.satisfied, now.total),
             percent(before.satisfied, before.total), "/ho-so/danh-gia/"),
        Fact("Phản ánh, kiến nghị, khiếu nại", count(voices.received),
             count(voices_before.received), "/phan-hoi/?loc=tat-ca"),
        Fact("Trả lời đúng hạn", count(voices.in_time), count(voices_before.in_time),
             "/phan-hoi/?loc=da-xong"),
        Fact("Đúng hoặc đúng một phần", count(voices.founded), count(voices_before.founded),
             "/phan-hoi/?loc=da-xong"),
        Fact("Lời báo sai lệch chưa khép, hôm chốt",
             count(citizens.open_report_count(agency_id=span.agency_id)), "", "/ho-so/phan-anh/"),
    ]  # fmt: skip
    if answers:
        share = f"{count(round(satisfied))}%" if satisfied is not None else "–"
        facts.append(
            Fact(f"Hài lòng qua khảo sát ({count(answers)} phiếu)", share, "", "/khao-sat/")
        )
    return Topic(told, tuple(facts))


def _rated(span: Span, months: tuple[int, int]) -> Satisfaction:
    found = [
        citizens.ratings_told(agency_id=span.agency_id, period=month).counts
        for month in months_in(months)
    ]
    one, two, three, four, five = (sum(column) for column in zip(*found, strict=True))
    return Satisfaction((one, two, three, four, five))


def providers(span: Span) -> Topic:
    """Tell how other agencies answered what they were asked for in joint cases, and how suppliers from
    outside are kept an eye on. Source: TCVN ISO 9001:2015 điều 9.3.2 c) 7."""
    now, before = (
        joint_figures.joint_figures(
            wanted=joint_figures.JointFilter(months=months, home=span.agency_id)
        )[0]
        for months in (span.months, span.months_before)
    )
    told = (
        f"Cơ quan khác trả lời {count(now.answered)} lần trong hồ sơ liên thông, "
        f"{percent(now.in_time, now.answered)} đúng hạn."
        if now.answered
        else "Trong kỳ không có hồ sơ liên thông nào do cơ quan khác trả lời."
    )
    facts = (
        Fact("Cơ quan phối hợp đã trả lời", count(now.answered), count(before.answered),
             "/dieu-hanh/"),
        Fact("Trả lời quá hạn", count(now.late), count(before.late), "/dieu-hanh/"),
    )  # fmt: skip
    said, more = _suppliers(span)
    return Topic(f"{told} {said}", (*facts, *more))


def _suppliers(span: Span) -> tuple[str, tuple[Fact, ...]]:
    """Tell how suppliers from outside are kept an eye on: documents in force, what went wrong."""
    kept = [
        one
        for one in documents.evidence_in_force([span.agency_id])
        if one.edition in {"2015", "2026"} and f"{one.clause}.".startswith(f"{SUPPLIERS}.")
    ]
    own: dict[str, Any] = {"agency_id": span.agency_id, "clause": SUPPLIERS}
    found, open_ = improvement.sheets_of_clause(
        starts_on=span.starts_on, ends_on=span.ends_on, **own
    )
    before, _open = improvement.sheets_of_clause(
        starts_on=span.days_before[0], ends_on=span.days_before[1], **own
    )
    documents_count = max((one.count for one in kept), default=0)
    said = (
        f"Nhà cung cấp bên ngoài: {count(documents_count)} tài liệu chọn và theo dõi đang áp dụng, "
        f"{count(found)} sự không phù hợp trong kỳ."
        if kept
        else "Chưa có tài liệu nào về chọn và theo dõi nhà cung cấp bên ngoài (điều 8.4); "
        f"{count(found)} sự không phù hợp trong kỳ."
    )
    return said, (
        Fact("Sự không phù hợp về nhà cung cấp (điều 8.4)", count(found), count(before),
             "/khong-phu-hop/?loc=tat-ca"),
        Fact("Chưa đóng, hôm chốt", count(open_), "", "/khong-phu-hop/"),
    )  # fmt: skip
