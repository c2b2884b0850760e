"""Topics that documents, legal texts, sheets and actions fill."""

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.documents import queries as documents
from nep.apps.improvement import queries as improvement
from nep.apps.legal import queries as legal
from nep.apps.organization import queries as organization
from nep.apps.reviews.models import Review
from nep.apps.reviews.queries._register import KIND, left_before
from nep.apps.reviews.queries._span import Span, count, percent
from nep.apps.reviews.queries._topics_plan import chances
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import Fact, Topic
from nep.kernel.vietnamese import date_text


def previous(span: Span) -> Topic:
    """Tell what became of every decision of the last review, and of what is left of earlier ones."""
    if span.previous_id is None:
        return Topic("Đây là lần xem xét đầu tiên ghi trên hệ thống.")
    ids = Review.objects.filter(
        agency_id=span.agency_id, state__in=life.DONE, pk__lte=span.previous_id
    ).values_list("id", flat=True)
    own = actions.of_origin(agency_id=span.agency_id, kind=KIND, ids=list(ids), today=span.today)
    shown = [one for one in own if one.origin_id == span.previous_id or not one.is_ended]
    left = left_before(agency_id=span.agency_id, previous_id=span.previous_id, today=span.today)
    if not shown:
        return Topic("Lần trước không giao việc nào.")
    done, late = len(shown) - len(left), sum(one.is_late for one in left)
    told = f"{done}/{len(shown)} việc đã kết thúc" + (f", {late} việc quá hạn." if late else ".")
    return Topic(told, tuple(_followed(one) for one in shown))


def _followed(one: ActionLine) -> Fact:
    return Fact(
        f"{one.title} ({one.owner}, hạn {date_text(one.due_on)})",
        "Quá hạn" if one.is_late else one.state_name, "", f"/hanh-dong/{one.id}/",
    )  # fmt: skip


def legal_changes(span: Span) -> Topic:
    """Tell which texts came into force or expired, and how they were reviewed."""
    now, before = (
        legal.legal_tally(
            agency_id=span.agency_id, starts_on=days[0], ends_on=days[1], today=span.today
        )
        for days in (span.days, span.days_before)
    )
    told = (
        f"{count(now.began)} văn bản bên ngoài có hiệu lực, {count(now.expired)} hết hiệu lực trong kỳ; "
    ) + (
        f"{count(now.done)}/{count(now.asked)} lần rà soát đã có kết quả."
        if now.asked
        else "không lần nào phải rà soát."
    )
    facts = (
        Fact("Văn bản bắt đầu có hiệu lực", count(now.began), count(before.began), "/van-ban/"),
        Fact("Văn bản hết hiệu lực", count(now.expired), count(before.expired), "/van-ban/"),
        Fact("Rà soát đã có kết quả", count(now.done), count(before.done), "/van-ban/ra-soat/"),
        Fact("Rà soát quá hạn, hôm chốt", count(now.late), "", "/van-ban/ra-soat/"),
    )
    return Topic(told, facts)


def nonconformities(span: Span) -> Topic:
    """Tell how many nonconformities were found, closed, came back; how actions were done."""
    now, before = (
        improvement.tally(
            agency_id=span.agency_id, starts_on=days[0], ends_on=days[1], today=span.today
        )
        for days in (span.days, span.days_before)
    )
    done, done_before = (
        actions.tally(
            agency_id=span.agency_id, starts_on=days[0], ends_on=days[1], today=span.today
        )
        for days in (span.days, span.days_before)
    )
    told = (
        f"{count(now.found)} phiếu, {count(now.closed)} đã đóng, {count(now.running)} đang mở"
        + (f", {count(now.late)} quá hạn phân tích." if now.late else ".")
        if now.found
        else "Trong kỳ không ghi nhận sự không phù hợp nào."
    )
    place, acts = "/khong-phu-hop/?loc=tat-ca", "/hanh-dong/?loc=tat-ca"
    facts = (
        Fact("Sự không phù hợp ghi nhận", count(now.found), count(before.found), place),
        Fact("trong đó phòng ngừa", count(now.potential), count(before.potential),
             "/khong-phu-hop/?loc=phong-ngua"),
        Fact("Đã đóng, có hiệu lực", count(now.closed), count(before.closed),
             "/khong-phu-hop/?loc=da-dong"),
        Fact("Phải phân tích lại", count(now.again), count(before.again), place),
        Fact("Hành động đã giao", count(done.opened), count(done_before.opened), acts),
        Fact("Làm xong đúng hạn ban đầu", percent(done.in_time, done.checked),
             percent(done_before.in_time, done_before.checked), acts),
        Fact("Hành động quá hạn, hôm chốt", count(done.late), "", "/hanh-dong/?loc=qua-han"),
    )  # fmt: skip
    return Topic(told, facts)


def monitoring(span: Span) -> Topic:
    """Tell how documents are kept current and read."""
    in_force = documents.in_force_count(actor=span.actor)
    due = documents.reviews_due(actor=span.actor, today=span.today, limit=1)
    now, before = (
        documents.reading_tally(
            agency_id=span.agency_id, starts_on=days[0], ends_on=days[1], today=span.today
        )
        for days in (span.days, span.days_before)
    )
    told = (
        f"{count(in_force)} tài liệu đang hiệu lực, {count(due.late)} quá hạn soát xét; "
        f"{percent(now.done, now.asked)} lượt đọc đã xác nhận."
        if now.asked
        else f"{count(in_force)} tài liệu đang hiệu lực, {count(due.late)} quá hạn soát xét."
    )
    facts = (
        Fact("Tài liệu đang hiệu lực", count(in_force), "", "/tai-lieu/?tt=hl"),
        Fact("Quá hạn soát xét, hôm chốt", count(due.late), "", "/tai-lieu/soat-xet/"),
        Fact("Lượt đọc phải xác nhận", count(now.asked), count(before.asked), ""),
        Fact("Đã xác nhận đúng hạn", percent(now.in_time, now.asked),
             percent(before.in_time, before.asked), ""),
    )  # fmt: skip
    return Topic(told, facts)


def resources(span: Span) -> Topic:
    """Tell how many people and units there are, and which units have no head."""
    members = organization.members(agency_id=span.agency_id, today=span.today)
    units = organization.units_of(span.agency_id)
    away = organization.away_today(agency_id=span.agency_id, today=span.today)
    headed = {id_ for one in members if one.roles & {"unit_head", "leader"} for id_ in one.unit_ids}
    without = [unit.name for unit in units if unit.id not in headed]
    several = sum(len(one.roles) > 1 for one in members)
    told = f"{count(len(members))} người ở {count(len(units))} đơn vị." + (
        f" Đơn vị chưa có trưởng đơn vị: {', '.join(without)}." if without else ""
    )
    facts = (
        Fact("Người đang công tác", count(len(members)), "", "/co-quan/"),
        Fact("Người giữ từ hai vai trò", count(several), "", "/co-quan/"),
        Fact("Người vắng hôm chốt", count(len(away)), "", "/co-quan/"),
    )
    return Topic(told, facts)


def improvements(span: Span) -> Topic:
    """Tell what was proposed: preventive sheets, opinions, changes of documents."""
    kept = improvement.tally(
        agency_id=span.agency_id, starts_on=span.starts_on, ends_on=span.ends_on, today=span.today
    )
    asked = documents.request_counts(actor=span.actor)
    told = (
        f"{count(kept.potential)} phiếu phòng ngừa trong kỳ; "
        f"{count(asked.get('asked', 0) + asked.get('accepted', 0))} đề nghị sửa tài liệu đang chờ."
    )
    facts = (
        Fact("Phiếu phòng ngừa", count(kept.potential), "", "/khong-phu-hop/?loc=phong-ngua"),
        Fact("Đề nghị sửa tài liệu chưa xong", count(asked.get("asked", 0) + asked.get("accepted", 0)),
             "", "/tai-lieu/de-nghi/"),
        Fact("Đề nghị sửa tài liệu đã làm", count(asked.get("done", 0)), "", "/tai-lieu/de-nghi/"),
        *chances(span),
    )  # fmt: skip
    return Topic(told, facts)
