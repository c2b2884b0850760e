"""Topics that audits, training, context, objectives, risks and opportunities fill."""

from nep.apps.audits import queries as internal
from nep.apps.audits.rules.life import LEVELS
from nep.apps.competence import queries as competence
from nep.apps.planning import queries as planning
from nep.apps.planning.queries import RiskLine
from nep.apps.planning.rules import context
from nep.apps.reviews.queries._span import Span, count, percent
from nep.apps.reviews.rules.inputs import Fact, Topic
from nep.kernel.vietnamese import date_text

MOST_NAMED = 5
_VERIFIED, _TREATING = "verified", frozenset({"rated", "treating"})


def audits(span: Span) -> Topic:
    """Tell which audits took place, what they found by level, how findings were corrected."""
    years = range(span.starts_on.year, span.ends_on.year + 1)
    found = [
        one
        for year in years
        for one in internal.audits_of(agency_id=span.agency_id, year=year)
        if one.is_held
    ]
    if not found:
        return Topic(
            "Trong kỳ chưa có cuộc đánh giá nội bộ nào. Quyết định 19/2014/QĐ-TTg yêu cầu đánh giá ít nhất "
            "mỗi năm một lần, trước khi xem xét."
        )
    counts = {level: sum(one.counts.get(level, 0) for one in found) for level in LEVELS}
    done = internal.figures(
        agency_id=span.agency_id, since=span.starts_on, until=span.ends_on, today=span.today
    )
    told = (
        f"{count(len(found))} cuộc đánh giá; {count(counts['major'])} không phù hợp nặng, "
        f"{count(counts['minor'])} nhẹ; khắc phục xong ngay lần đầu "
        f"{percent(done.in_time, done.treated)}."
    )
    facts = [
        Fact(f"{one.code}: {', '.join(one.units)}", one.state_name, "", f"/danh-gia/{one.id}/")
        for one in found[:MOST_NAMED]
    ]
    facts += [
        Fact(name, count(counts[level]), "", "/danh-gia/phat-hien/")
        for level, name in LEVELS.items()
    ]
    facts.append(
        Fact("Phiếu từ đánh giá khắc phục xong ngay lần đầu",
             percent(done.in_time, done.treated), "", "/danh-gia/phat-hien/")
    )  # fmt: skip
    facts.append(Fact("Lượt đánh giá theo chương trình đã làm", f"{done.held}/{done.lines}", "",
                      "/danh-gia/"))  # fmt: skip
    return Topic(told, tuple(facts))


def training(span: Span) -> Topic:
    """Tell what was taught in the year the period ends in, and which required competence lacks."""
    year = span.ends_on.year
    now = competence.training_of(agency_id=span.agency_id, year=year)
    before = competence.training_of(agency_id=span.agency_id, year=year - 1)
    gaps = competence.gaps(agency_id=span.agency_id, today=span.today)
    lacking = sum(len(one.lacking) for one in gaps)
    told = (
        f"Năm {year}: {count(now.held)}/{count(now.planned)} buổi đào tạo đã mở, {count(now.people)} "
        "người dự"
        + (f"; {count(lacking)} lượt người còn thiếu năng lực vị trí cần." if lacking else ".")
        if now.planned
        else f"Năm {year} chưa có buổi đào tạo nào trong kế hoạch."
    )
    facts = [
        Fact("Buổi đào tạo đã mở", count(now.held), count(before.held), "/nang-luc/"),
        Fact("Người đã dự", count(now.people), count(before.people), "/nang-luc/"),
        Fact("Xét thấy có tác dụng", count(now.effective), count(before.effective), "/nang-luc/"),
        Fact("Nhu cầu chưa đáp ứng, hôm chốt", count(now.needs_open), "", "/nang-luc/"),
    ]
    facts += [
        Fact(f"Thiếu “{one.title}” ({one.role_name})", f"{len(one.lacking)}/{one.holders}", "",
             "/nang-luc/vi-tri/")
        for one in gaps
        if one.lacking
    ][:MOST_NAMED]  # fmt: skip
    return Topic(told, tuple(facts))


def issues(span: Span) -> Topic:
    """Tell whether context was looked at again in the period, and which issues stand."""
    part = _part(span, context.CONTEXT)
    if part is None or not isinstance(part.content, context.Context):
        return Topic("Chưa phê duyệt bối cảnh của cơ quan.")
    said = part.content
    rows = (("Điểm yếu", said.weaknesses), ("Thách thức", said.threats),
            ("Thuận lợi bên ngoài", said.opportunities), ("Điểm mạnh", said.strengths))  # fmt: skip
    facts = tuple(Fact(name, "; ".join(texts), "", "/boi-canh/") for name, texts in rows if texts)
    return Topic(_standing(part, span), facts)


def parties(span: Span) -> Topic:
    """Tell whether the needs of interested parties were looked at again, and which they are."""
    part = _part(span, context.PARTIES)
    if part is None or not isinstance(part.content, tuple):
        return Topic("Chưa phê duyệt danh mục các bên quan tâm.")
    facts = tuple(Fact(one.party, one.need, "", "/boi-canh/") for one in part.content)
    return Topic(_standing(part, span), facts)


def _part(span: Span, name: str) -> planning.PartLine | None:
    home = planning.context_home(actor=span.actor)
    return next((one for one in home.parts if one.part == name and one.in_force), None)


def _standing(part: planning.PartLine, span: Span) -> str:
    line = part.in_force
    since = line.effective_on if line else None
    if line is None or since is None:
        return ""
    said = f"{part.name} lần {line.edition:02d}, hiệu lực từ {date_text(since)}"
    if span.starts_on <= since <= span.ends_on:
        return f"{said}, mới trong kỳ."
    return f"{said}, trong kỳ không thay đổi; cuộc họp xem còn đúng không."


def objectives(span: Span) -> Topic:
    """Tell what became of each approved objective of the years of the period."""
    years = range(span.starts_on.year, span.ends_on.year + 1)
    found = [
        one
        for year in years
        for one in planning.objectives_of(agency_id=span.agency_id, year=year, today=span.today)
    ]
    if not found:
        return Topic("Chưa phê duyệt mục tiêu chất lượng nào cho kỳ này.")
    met, missed = sum(one.met is True for one in found), sum(one.met is False for one in found)
    told = f"{met}/{len(found)} mục tiêu đang đạt" + (
        f", {missed} mục tiêu không đạt." if missed else "."
    )
    facts = tuple(
        Fact(f"{one.title} (mức đặt ra: {one.target_text})", one.value_text or "chưa có kết quả",
             "", one.url)
        for one in found
    )  # fmt: skip
    return Topic(told, facts)


def risks(span: Span) -> Topic:
    """Tell how far risks and opportunities are treated, and which are still high."""
    found = planning.risks_of(agency_id=span.agency_id, today=span.today)
    if not found:
        return Topic("Chưa nhận diện rủi ro, cơ hội nào.")
    dangers = [one for one in found if one.kind == "risk"]
    chances = [one for one in found if one.kind != "risk"]
    verified = sum(one.state == _VERIFIED for one in dangers)
    high = [one for one in dangers if one.now_level == "high"]
    told = (
        f"{count(len(dangers))} rủi ro, {count(verified)} đã kiểm tra ứng phó, {count(len(high))} còn ở "
        f"mức cao; {count(len(chances))} cơ hội."
    )
    facts = [
        Fact("Rủi ro đang theo dõi", count(len(dangers)), "", "/rui-ro/"),
        Fact("Đã kiểm tra ứng phó", count(verified), "", "/rui-ro/"),
        Fact("Đang ứng phó hoặc chờ ứng phó",
             count(sum(one.state in _TREATING for one in dangers)), "", "/rui-ro/"),
        Fact("Đã xảy ra", count(sum(bool(one.happened) for one in dangers)), "", "/rui-ro/"),
    ]  # fmt: skip
    facts += [_named(one) for one in high[:MOST_NAMED]]
    return Topic(told, tuple(facts))


def chances(span: Span) -> tuple[Fact, ...]:
    """Return the opportunities an agency watches, the highest first."""
    found = planning.risks_of(agency_id=span.agency_id, today=span.today, kind="opportunity")
    return tuple(_named(one) for one in found[:MOST_NAMED])


def _named(one: RiskLine) -> Fact:
    return Fact(f"{one.code}: {one.title}", one.now_level_name or one.state_name, "", one.url)
