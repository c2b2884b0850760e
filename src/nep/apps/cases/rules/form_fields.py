"""What the forms of the law (Mẫu 01–07) may print, by name. Pure.

Source: Thông tư 03/2025/TT-VPCP, Phụ lục I (tên các mẫu); Nghị định 118/2025/NĐ-CP Điều 17–19, 21, 28.
"""

from collections.abc import Mapping

FORM_NAMES: dict[str, str] = {
    "01": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    "02": "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    "03": "Phiếu từ chối tiếp nhận, giải quyết hồ sơ",
    "04": "Văn bản xin lỗi và đề nghị gia hạn",
    "05": "Thông báo dừng giải quyết hồ sơ",
    "06": "Phiếu kiểm soát quá trình giải quyết hồ sơ",
    "07": "Sổ theo dõi hồ sơ",
}
RECEIPT, SUPPLEMENT, REFUSAL, APOLOGY, STOP, SLIP, REGISTER = FORM_NAMES
BOOKS: dict[str, str] = {
    RECEIPT: "receipt", SUPPLEMENT: "supplement", REFUSAL: "refusal", APOLOGY: "apology",
    STOP: "stop", SLIP: "slip", REGISTER: "register",
}  # fmt: skip
FILE_NAMES: dict[str, str] = {
    RECEIPT: "giay-hen", SUPPLEMENT: "phieu-bo-sung", REFUSAL: "phieu-tu-choi",
    APOLOGY: "xin-loi-gia-han", STOP: "thong-bao-dung", SLIP: "phieu-kiem-soat",
    REGISTER: "so-theo-doi-ho-so",
}  # fmt: skip

_AGENCY = {
    "agency": "Tên cơ quan",
    "parent": "Tên cơ quan cấp trên",
    "reception_name": "Tên bộ phận tiếp nhận và trả kết quả",
    "reception": "Bộ phận tiếp nhận và địa chỉ",
    "agency_phone": "Số điện thoại của cơ quan",
}
_CASE = {
    "code": "Mã hồ sơ",
    "tthc_name": "Tên thủ tục",
    "tthc_code": "Mã thủ tục",
    "applicant_name": "Người nộp",
    "applicant_address": "Địa chỉ người nộp",
    "applicant_phone": "Số điện thoại người nộp",
    "applicant_email": "Thư điện tử người nộp",
    "applicant_contact": "Số điện thoại và thư điện tử, ghi sẵn cả tên",
    "lookup": "Địa chỉ tra cứu (cũng là nội dung mã QR)",
    "received_at": "Giờ, ngày nhận hồ sơ",
}
_OWN: dict[str, dict[str, str]] = {
    RECEIPT: {
        "limit": "Thời hạn giải quyết",
        "due_at": "Giờ, ngày hẹn trả kết quả",
        "fee": "Phí, lệ phí",
        "receiver": "Người tiếp nhận",
    },
    SUPPLEMENT: {"reason": "Lý do yêu cầu bổ sung", "officer": "Người hướng dẫn"},
    REFUSAL: {
        "reason": "Lý do và căn cứ từ chối",
        "late_reason": "Vì sao từ chối khi đã quá hạn",
        "officer": "Người từ chối",
    },
    APOLOGY: {
        "old_due": "Giờ, ngày hẹn đầu",
        "new_due": "Giờ, ngày hẹn lại",
        "reason": "Lý do chậm",
        "officer": "Người lập",
    },
    STOP: {
        "reason": "Lý do và căn cứ dừng",
        "stopped_at": "Giờ, ngày dừng",
        "officer": "Người lập",
    },
    SLIP: {
        "due_at": "Giờ, ngày hẹn trả kết quả",
        "finished_at": "Giờ, ngày giải quyết xong",
        "result": "Kết quả: trước hạn, đúng hạn, quá hạn",
        "origin": "Nguồn của nhật ký",
    },
    REGISTER: {
        "period": "Tháng, năm của sổ",
        "total": "Số hồ sơ trong sổ",
        "printed": "Số hồ sơ đã in",
        "left": "Số hồ sơ chưa in",
    },
}
TABLE_NAMES: dict[str, str] = {
    "papers": "Bảng thành phần hồ sơ",
    "handovers": "Bảng giao, nhận từng bước",
    "cases": "Bảng các hồ sơ của sổ",
}
TABLES: dict[str, tuple[str, ...]] = {
    RECEIPT: ("papers",), SUPPLEMENT: ("papers",), REFUSAL: (), APOLOGY: (), STOP: (),
    SLIP: ("handovers",), REGISTER: ("cases",),
}  # fmt: skip
COLUMNS: dict[str, dict[str, str]] = {
    "papers": {
        "position": "Số thứ tự",
        "name": "Tên giấy tờ",
        "originals": "Số bản chính",
        "copies": "Số bản sao",
        "note": "Ghi chú",
    },
    "handovers": {
        "position": "Số thứ tự",
        "step": "Bước, định mức và giờ đã dùng",
        "giver": "Người giao, giờ giao",
        "receiver": "Người nhận, giờ nhận",
        "result": "Kết quả của bước",
        "note": "Ghi chú",
    },
    "cases": {
        "position": "Số thứ tự",
        "code": "Mã hồ sơ",
        "tthc": "Mã và tên thủ tục",
        "sets": "Số lượng bộ",
        "applicant": "Người nộp (che bớt)",
        "agency": "Cơ quan chủ trì",
        "received_at": "Nhận",
        "due_at": "Hẹn trả",
        "transfer_at": "Chuyển",
        "finished_at": "Có kết quả",
        "returned_at": "Trả",
        "channel": "Hình thức nhận",
        "state": "Trạng thái",
        "note": "Ghi chú",
        "signature": "Ký nhận (để trống)",
    },
}
WHOLE_TABLE = frozenset({"handovers"})  # its columns may be renamed, not left out
NUMBER_FIELDS = {"number": "Số trong sổ cấp số", "year": "Năm", "code": "Mã hồ sơ"}


def fields_of(form: str) -> Mapping[str, str]:
    """Return {name: what it is} of everything a line of the form may print."""
    own = {"number": "Số của văn bản", "year": "Năm của văn bản", **_OWN[form]}
    return {**_AGENCY, **own} if form == REGISTER else {**_AGENCY, **_CASE, **own}


def takes_number(pattern: str) -> bool:
    """Say whether a number pattern takes a number from the form's book of the year."""
    return "{number}" in pattern


def form_title(form: str) -> str:
    """Return "Mẫu số 04"."""
    return f"Mẫu số {form}"
