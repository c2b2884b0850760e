"""Made-up applicants and reasons; names are put together at random from common parts."""

import random

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Ngọc", "Minh", "Thanh", "Quang", "Thu", "Xuân")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Linh", "Nam", "Oanh", "Phúc",
         "Quỳnh", "Sơn", "Thảo", "Uyên", "Việt", "Yến", "Đạt")  # fmt: skip
SUPPLEMENTS = (
    "Bản sao giấy tờ chưa rõ trang thứ hai, đề nghị nộp lại bản rõ.",
    "Tờ khai thiếu chữ ký của người yêu cầu.",
    "Thông tin nơi cư trú chưa khớp giấy tờ kèm theo, đề nghị bổ sung.",
)
REFUSALS = (
    "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan.",
    "Người nộp chưa đủ điều kiện theo quy định tại thời điểm nộp hồ sơ.",
)
WITHDRAWALS = ("Người nộp xin rút để nộp lại sau.", "Người nộp không còn nhu cầu.")
DELAYS = (
    "Chờ cơ quan khác trả lời kết quả xác minh.",
    "Hồ sơ cần đối chiếu thêm bản lưu của các năm trước.",
)
URGENCIES = ("Người nộp cần giấy tờ để đi chữa bệnh.", "Lãnh đạo cơ quan chỉ đạo làm trước.")
SUBJECTS = (
    "Văn phòng phẩm quý này", "Mực in và giấy A4", "Sổ theo dõi và bìa hồ sơ",
    "Kế hoạch công tác tháng tới", "Tài liệu cho buổi tập huấn", "Vật tư cho đợt chỉnh lý hồ sơ",
)  # fmt: skip


def applicant_name(chance: random.Random) -> str:
    """Return a made-up name."""
    return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"


def phone(chance: random.Random) -> str:
    """Return a number from a block that is given to nobody."""
    return f"0999 {chance.randrange(100, 1000)} {chance.randrange(100, 1000)}"
