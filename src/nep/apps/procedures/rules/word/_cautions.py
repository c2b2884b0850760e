"""What was read but has to be asked, each in a full Vietnamese sentence."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from nep.apps.procedures.rules.word._assembly import Assembled
from nep.apps.procedures.rules.word._model import Caution, ImportedProcedure
from nep.apps.procedures.rules.word._parts import Part
from nep.apps.procedures.rules.word._times import DAY, WORKING_DAY, parse_total
from nep.kernel.text import clean, shorten
from nep.kernel.vietnamese import number_text


def cautions_of(*, place: int, read: Assembled) -> Iterator[Caution]:
    """Yield what has to be asked about one procedure; `place` is its index in the file."""
    procedure = read.procedure
    for code, message in (*_about_totals(read), *_about_parts(read), *_about_units(read)):
        yield Caution(code, message, place)
    for text in read.skipped:
        message = f"Dòng “{shorten(text, 120)}” trong bảng không phải một bước nên không nhập."
        yield Caution("row_skipped", message, place)
    for code, message, step in (
        *_about_times(read), *_about_shared_times(procedure), *_about_rows(procedure),
    ):  # fmt: skip
        yield Caution(code, message, place, step)


def cautions_of_part(place: int, part: Part) -> Iterator[Caution]:
    """Yield what has to be asked about where a procedure was found."""
    if not any(part.columns.heads):
        yield Caution(
            "head_missing",
            "Bảng các bước không có dòng tiêu đề cột; các cột được nhận theo nội dung của ô, cần "
            "xác nhận đã lấy đúng cột.",
            place,
        )
    for text in part.rests:
        yield Caution(
            "rest_not_joined",
            f"Sau bảng các bước có một bảng không có tiêu đề cột, bắt đầu bằng “{shorten(text, 100)}”"
            ", giống phần còn lại của bảng bị ngắt trang nhưng không nối được; các dòng của bảng đó "
            "chưa được nhập, cần kiểm tra và nhập thêm.",
            place,
        )
    line, told = part.limits.line, [parse_total(text).hours for text in part.limits.told]
    if part.limits.lines and line and any(h != parse_total(line).hours for h in told):
        yield Caution(
            "limit_mismatch",
            f"Thời hạn “{shorten(line, 120)}” khác thời hạn nêu trong bảng thông tin "
            f"(“{'”, “'.join(part.limits.told)[:200]}”); cần chọn thời hạn của thủ tục.",
            place,
        )
    if part.case.unnamed:
        yield Caution(
            "case_unnamed",
            "Các bước được đánh số lại sau dòng tổng mà không có tiêu đề; đã tách thành một quy "
            "trình riêng, cần đặt tên trường hợp.",
            place,
        )
    elif part.borrowed:
        yield Caution(
            "heading_shared",
            "Bảng các bước không có tên thủ tục phía trên; tạm lấy tên và mã của bảng đứng trước, "
            "cần xác nhận đó là cùng một thủ tục.",
            place,
        )


def hours_words(hours: Decimal) -> str:
    """Return hours in words: "12 giờ (1,5 ngày)"."""
    return f"{number_text(hours)} giờ ({number_text(hours / 8)} ngày)"


def _about_totals(read: Assembled) -> Iterator[tuple[str, str]]:
    procedure, declared = read.procedure, read.declared
    text = shorten(declared.text or "", 120)
    if declared.many:
        yield (
            "total_many",
            f"Quy trình có nhiều mức tổng thời gian (“{text}”): cần xác nhận các nhánh và thời "
            "gian của từng nhánh.",
        )
    elif declared.text is None and len(read.told) > 1:
        yield (
            "limit_many",
            f"Tài liệu nêu nhiều thời hạn ngoài bảng (“{'”, “'.join(read.told)[:200]}”); cần chọn "
            "thời hạn của thủ tục.",
        )
    elif declared.text is None:
        yield (
            "no_total",
            "Tài liệu không ghi tổng thời gian giải quyết nên không có gì để đối chiếu; cần nhập "
            "thời hạn của thủ tục.",
        )
    elif procedure.declared_total_hours is None:
        yield "total_unreadable", f"Không đọc ra tổng thời gian “{text}”; cần nhập lại."
    elif declared.text in read.told:
        yield (
            "limit_from_text",
            f"Thời hạn lấy từ “{text}” ngoài bảng các bước; cần xác nhận đó là thời hạn của "
            "thủ tục.",
        )
    if procedure.sum_matches_declared is False:
        assert procedure.sum_hours is not None and procedure.declared_total_hours is not None
        yield (
            "total_mismatch",
            f"Tổng thời gian các bước là {hours_words(procedure.sum_hours)}, khác tổng ghi trong "
            f"tài liệu là {hours_words(procedure.declared_total_hours)} (“{text}”).",
        )
    limit = read.limit.hours
    if limit is not None and procedure.declared_total_hours not in (None, limit):
        yield (
            "limit_mismatch",
            f"Thời hạn nêu ngoài bảng (“{shorten(procedure.limit_text or '', 120)}”) khác tổng "
            f"trong bảng (“{text}”).",
        )


def _about_parts(read: Assembled) -> Iterator[tuple[str, str]]:
    """Compare parts with what their own total or their heading states."""
    procedure, done = read.procedure, 0
    for part in read.declared.closing:
        steps = procedure.steps[done : part.after]
        yield from _part(shorten(part.name, 80), part.text, [s.time_hours for s in steps])
        done = max(done, part.after)
    for section in procedure.sections:
        stated = section[section.rfind("(") :] if "(" in section else ""
        hours = [step.time_hours for step in procedure.steps if step.section == section]
        yield from _part(shorten(section, 80), stated, hours)


def _part(name: str, stated: str, hours: list[Decimal | None]) -> Iterator[tuple[str, str]]:
    declared = parse_total(stated).hours if stated else None
    known = [value for value in hours if value is not None]
    if declared is not None and known and sum(known, Decimal(0)) != declared:
        yield (
            "part_mismatch",
            f"Phần “{name}”: tổng các bước là {hours_words(sum(known, Decimal(0)))}, khác mức ghi "
            f"là {hours_words(declared)}.",
        )


def _about_units(read: Assembled) -> Iterator[tuple[str, str]]:
    procedure = read.procedure
    if procedure.declared_total_unit == DAY and not procedure.day_meaning:
        yield (
            "unit_ambiguous",
            f"Thời hạn ghi “{shorten(procedure.declared_total_text or '', 80)}”, không nói rõ ngày "
            "làm việc hay ngày lịch; cần chọn.",
        )
    if read.inferred == "total":
        yield (
            "unit_inferred",
            f"Cột thời gian chỉ ghi số; hiểu là {read.head_unit} vì cộng lại đúng bằng tổng thời "
            "gian đã nêu. Cần xác nhận.",
        )
    if read.unused_times:
        yield (
            "time_columns",
            f"Bảng có nhiều cột thời gian; các cột không lấy: “{'”, “'.join(read.unused_times)}”. "
            "Cần xác nhận đã lấy đúng cột.",
        )
    orders = [step.order for step in procedure.steps if step.time_unit == DAY]
    if orders and read.head_unit != WORKING_DAY:
        hint = " (thời hạn chung tính bằng ngày làm việc)" if procedure.day_meaning else ""
        yield (
            "unit_ambiguous",
            f"{_steps_words(orders)} ghi thời gian bằng “ngày”, không nói rõ ngày làm việc hay "
            f"ngày lịch{hint}; cần chọn.",
        )


def _steps_words(orders: list[int]) -> str:
    if len(orders) == 1:
        return f"Bước thứ {orders[0]}"
    if orders == list(range(orders[0], orders[-1] + 1)):
        return f"Các bước thứ {orders[0]} đến {orders[-1]}"
    return "Các bước thứ " + ", ".join(map(str, orders))


def _about_times(read: Assembled) -> Iterator[tuple[str, str, int]]:
    for step, time in zip(read.procedure.steps, read.times, strict=True):
        if "time" in step.merged:
            continue
        text = shorten(clean(step.time_text), 100)
        if time.uncertain and time.hours is None:
            message = f"Bước thứ {step.order}: thời gian “{text}” {time.reason}; cần nhập lại."
            yield "time_unreadable", message, step.order
        elif time.uncertain:
            message = (
                f"Bước thứ {step.order}: lấy {hours_words(time.hours or Decimal(0))} từ câu "
                f"“{text}”; cần xác nhận."
            )
            yield "time_in_sentence", message, step.order
        elif not text:
            yield "time_missing", f"Bước thứ {step.order} không ghi thời gian.", step.order


def _about_shared_times(procedure: ImportedProcedure) -> Iterator[tuple[str, str, int]]:
    orders: list[int] = []
    for step in (*procedure.steps, None):
        if step is not None and "time" in step.merged:
            orders.append(step.order)
        elif orders:
            text = shorten(procedure.steps[orders[0] - 1].time_text, 60)
            message = (
                f"Các bước thứ {orders[0] - 1} đến {orders[-1]} dùng chung một ô thời gian "
                f"(“{text}”); thời gian được tính một lần ở bước thứ {orders[0] - 1}, cần chia cho "
                "từng bước."
            )
            yield "merged_time", message, orders[0] - 1
            orders = []


def _about_rows(procedure: ImportedProcedure) -> Iterator[tuple[str, str, int]]:
    seen: Counter[tuple[str, str]] = Counter()
    for step in procedure.steps:
        if not step.responsible:
            message = f"Bước thứ {step.order} không ghi ai chịu trách nhiệm."
            yield "responsible_missing", message, step.order
        if not step.content:
            yield "content_missing", f"Bước thứ {step.order} không ghi nội dung.", step.order
        key = (step.section, step.label.casefold())
        seen[key] += 1
        if step.label and seen[key] == 2:
            message = f"Nhãn “{step.label}” có ở hơn một bước; số thứ tự được đánh lại."
            yield "label_duplicate", message, step.order
