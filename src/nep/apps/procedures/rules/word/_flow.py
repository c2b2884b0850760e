"""Flows of the one-stop software that offices used before (XML), with their traps told.

A flow is <process> with stations (<step>) of tasks (<task>). Times are bare numbers of days; the
station states its own time, which its tasks often do not add up to. Nothing is guessed: what does
not fit is kept as printed and told as a caution.
"""

import re
from decimal import Decimal, InvalidOperation

from nep.apps.procedures.rules.paper import paper_of
from nep.apps.procedures.rules.word._model import (
    Caution,
    DocumentData,
    ImportedFile,
    ImportedProcedure,
    ImportedStep,
    Reason,
)
from nep.kernel.safexml import Element, XmlRefused, parse_xml
from nep.kernel.text import clean

DAY, HOURS = "ngày", 8
END = "NULL"
GROUPS = {
    "BP_MOT_CUA": "Bộ phận Một cửa", "LANH_DAO_DON_VI": "Lãnh đạo đơn vị",
    "BP_THUE": "Bộ phận thuế", "DIA_CHINH_CAP_XA": "Địa chính cấp xã",
    "PHONG_KINH_TE_HA_TANG": "Phòng Kinh tế - Hạ tầng",
    "PHONG_LAO_DONG_THUONG_BINH_XA_HOI": "Phòng Lao động - Thương binh và Xã hội",
    "PHONG_QUAN_LY_DO_THI": "Phòng Quản lý đô thị",
    "PHONG_TAI_CHINH_KE_HOACH": "Phòng Tài chính - Kế hoạch",
    "PHONG_TAI_NGUYEN_MOI_TRUONG": "Phòng Tài nguyên và Môi trường",
    "PHONG_TU_PHAP": "Phòng Tư pháp",
    "VAN_PHONG_DANG_KY_QSD_DAT": "Văn phòng Đăng ký quyền sử dụng đất",
}  # fmt: skip
_FEE = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$|^\d+$")


def looks_like_flow(data: bytes) -> bool:
    """Say whether a file is XML by its first letters, a mark of its letters' kind left aside."""
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<process"))


def read_flow(data: bytes, *, file: str) -> ImportedFile:
    """Read one legacy flow; anything else in XML is refused with a reason."""
    try:
        root = parse_xml(data.removeprefix(b"\xef\xbb\xbf"))
    except XmlRefused as refused:
        return ImportedFile(file, False, (Reason(refused.code, refused.message),))
    if root.local == "form":
        message = (
            "Tệp này là mẫu nhập liệu của phần mềm một cửa, không có các bước. Hãy chọn tệp quy "
            "trình đi cùng (tên kết thúc bằng _workflow.xml)."
        )
        return ImportedFile(file, False, (Reason("flow_is_form", message),))
    tasks = [task for one in root.children if one.local == "step" for task in _tasks(one)]
    if root.local != "process" or not tasks:
        message = "Tệp XML này không phải quy trình của phần mềm một cửa (không có bước nào)."
        return ImportedFile(file, False, (Reason("flow_unknown", message),))
    return _Flow(root).file(file)


def _tasks(station: Element) -> list[Element]:
    return [one for one in station.children if one.local == "task"]


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10_000 else None


def _days(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


class _Flow:
    """One flow on its way to steps; cautions gather as they are met."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.stations = [one for one in root.children if one.local == "step" and _tasks(one)]
        self.cautions: list[Caution] = []
        self.steps: list[ImportedStep] = []
        self.tasks = [task for one in self.stations for task in _tasks(one)]
        self.numbers = {
            task.attrib.get("code", ""): at for at, task in enumerate(self.tasks, start=1)
        }

    def tell(self, code: str, message: str, step: int | None = None) -> None:
        """Keep a caution about the only procedure."""
        self.cautions.append(Caution(code, message, 0, step))

    def file(self, name: str) -> ImportedFile:
        """Return what was read."""
        for station in self.stations:
            self._station(station)
        self._orders()
        title = clean(self.root.attrib.get("name", ""))
        procedure = self._whole(title)
        self.tell("code_missing", "Tài liệu không ghi mã thủ tục hành chính; cần chọn thủ tục.")
        if not title:
            self.tell("name_missing", "Quy trình không có tên; cần nhập.")
        fee = self._fee()
        about = DocumentData(
            title=title, limit_text=procedure.limit_text or "",
            paper=paper_of({"fee": fee} if fee else {}),
        )  # fmt: skip
        return ImportedFile(name, True, (), tuple(self.cautions), (procedure,), about)

    def _station(self, station: Element) -> None:
        tasks = _tasks(station)
        name = clean(station.attrib.get("name", "")) or "không tên"
        whole = _number(station.attrib.get("time", ""))
        own = [_number(task.attrib.get("time", "")) for task in tasks]
        counted = sum((one for one in own if one is not None and one > 0), Decimal(0))
        first = len(self.steps) + 1
        if whole is not None and whole < 0:
            self.tell(
                "time_negative",
                f"Chặng “{name}” ghi thời gian {_days(whole)}: không phải một thời gian, hiểu là "
                "chưa quy định; cần ghi lại.",
                first,
            )
        is_shared = whole is not None and whole > 0 and counted == 0
        if whole is not None and whole >= 0 and counted and counted != whole:
            self.tell(
                "station_mismatch",
                f"Chặng “{name}” ghi {_days(whole)} ngày nhưng các việc bên trong cộng lại "
                f"{_days(counted)} ngày; đã giữ thời gian từng việc.",
                first,
            )
        for place, (task, time) in enumerate(zip(tasks, own, strict=True)):
            self._task(station, task, time, whole if is_shared else None, place)

    def _task(
        self,
        station: Element,
        task: Element,
        time: Decimal | None,
        shared: Decimal | None,
        place: int,
    ) -> None:
        order = len(self.steps) + 1
        merged = ("time",) if shared is not None and place else ()
        value = shared if shared is not None and not place else time
        is_open = value is None or value < 0
        if time is not None and time < 0:
            self.tell(
                "time_negative", f"Bước {order} ghi thời gian {_days(time)}; cần ghi lại.", order
            )
        elif time is None:
            said = task.attrib.get("time", "")
            self.tell("time_unread", f"Bước {order} ghi thời gian “{said}”, không đọc được.", order)
        if task.attrib.get("pause") == "true":
            self.tell(
                "pause_told",
                f"Bước {order} dừng đồng hồ chờ người nộp; cần đặt thành bước chờ bổ sung.",
                order,
            )
        hours = None if is_open or merged or not value else value * HOURS
        said = f"{_days(shared or Decimal(0))} ngày" if shared is not None else ""
        if not said and value is not None:
            said = f"{_days(value)} ngày" if value else "Không tính thời gian (tệp ghi 0)"
        group = station.attrib.get("group", "").strip()
        content = clean(task.attrib.get("name", "")) or f"Việc {order}"
        self.steps.append(
            ImportedStep(
                order=order, label=f"B{order}", section="", content=content,
                responsible=self._who(group, order), time_text=said, time_hours=hours,
                time_unit=DAY if hours else None, forms="", merged=merged, uncertain=is_open,
                told="\n".join(filter(None, (content, self._way(task, order)))),
            )
        )  # fmt: skip

    def _who(self, group: str, order: int) -> str:
        known = GROUPS.get(group)
        if known is None:
            self.tell(
                "group_code", f"Bước {order} chỉ ghi mã nhóm “{group}”; cần chọn người làm.", order
            )
        return known or group

    def _way(self, task: Element, order: int) -> str:
        """Return the line that says where a task leads when not to the next one."""
        told = task.attrib.get("next", "").strip()
        if told == END or not told:
            if order == len(self.tasks):
                return ""
            self.tell("way_ends_early", f"Bước {order} kết thúc quy trình trước bước cuối.", order)
            return "→ Bình thường, “Đạt”: kết thúc"
        number = self.numbers.get(told)
        if number is None:
            self.tell(
                "way_unknown",
                f"Bước {order} dẫn đến “{told}”, không có trong tệp; đã nối với bước kế tiếp.",
                order,
            )
            return ""
        return "" if number == order + 1 else f"→ Bình thường, “Đạt”: bước {number}"

    def _orders(self) -> None:
        told = [one.attrib.get("order", "") for one in self.stations]
        if told != [str(at) for at in range(1, len(told) + 1)]:
            self.tell(
                "station_order",
                f"Thứ tự chặng ghi trong tệp là {', '.join(told)}; đã đánh số lại theo vị trí.",
            )
        if len(self.numbers) < len(self.tasks):
            self.tell("task_code_twice", "Có mã việc ghi hai lần trong tệp.")

    def _whole(self, title: str) -> ImportedProcedure:
        printed = self.root.attrib.get("totaltime", "").strip()
        total = _number(printed)
        known = [one.time_hours for one in self.steps if one.time_hours is not None]
        whole = sum(known, Decimal(0)) if known else None
        is_stated = total is not None and total > 0
        if total is None or total < 0:
            self.tell(
                "total_unread",
                f"Tổng thời gian ghi “{printed}”: không phải một thời gian; cần ghi thời hạn.",
            )
        declared = total * HOURS if is_stated and total is not None else None
        is_same = None if declared is None or whole is None else whole == declared
        if is_same is False and total is not None and whole is not None:
            self.tell(
                "total_mismatch",
                f"Tổng ghi {_days(total)} ngày, các bước cộng lại {_days(whole / HOURS)} ngày.",
            )
        if known or declared:
            self.tell(
                "unit_inferred",
                "Tệp ghi thời gian bằng số không có đơn vị; hiểu là ngày, cần xác nhận là ngày "
                "làm việc hay ngày lịch.",
            )
        text = f"{_days(total)} ngày" if is_stated and total is not None else None
        return ImportedProcedure(
            tthc_code=None, tthc_code_text=None, name=title, variant="", steps=tuple(self.steps),
            declared_total_text=text, declared_total_hours=declared,
            declared_total_unit=DAY if declared else None, limit_text=text, sum_hours=whole,
            sum_matches_declared=is_same,
        )  # fmt: skip

    def _fee(self) -> str:
        printed = self.root.attrib.get("fee", "").strip()
        if not printed:
            self.tell("fee_missing", "Tệp không ghi phí, lệ phí; cần ghi theo quy định hiện hành.")
            return ""
        if not _FEE.match(printed):
            self.tell("fee_unread", f"Phí ghi “{printed}”, không đọc được.")
            return printed
        amount = int(re.sub(r"\D", "", printed))
        if not amount:
            return "Không"
        said = f"{amount:,}".replace(",", ".") + " đồng"
        self.tell("fee_read", f"Phí ghi “{printed}”, hiểu là {said}; cần đối chiếu mức hiện hành.")
        return said
