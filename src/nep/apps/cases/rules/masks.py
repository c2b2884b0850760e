"""What lists and the public may see of a person."""

_ORGANIZATION = (
    "công ty", "doanh nghiệp", "hợp tác xã", "phòng khám", "bệnh viện", "trường", "trung tâm",
    "viện", "ngân hàng", "hộ kinh doanh", "chi nhánh", "ủy ban", "uỷ ban", "sở", "ban", "hội",
    "quỹ", "văn phòng", "cơ sở", "nhà máy", "xí nghiệp", "tập đoàn", "tổng công ty", "câu lạc bộ",
)  # fmt: skip


def mask_name(name: str) -> str:
    """Return a person's name as lists show it ("N*** V** A"); an organization's stays whole.

    Every word but the last keeps only its first letter, and at most three stars tell its length. Source: Luật Bảo vệ dữ liệu cá nhân 2025,
    nguyên tắc chỉ hiển thị dữ liệu cần cho mục đích.
    """
    words = name.split()
    lowered = f"{name.casefold()} "
    if any(lowered.startswith(f"{start} ") for start in _ORGANIZATION):
        return name
    if len(words) < 2:
        return f"{name[:1]}***" if name else ""
    hidden = [word[0] + "*" * min(3, max(2, len(word) - 1)) for word in words[:-1]]
    return " ".join([*hidden, words[-1]])


def mask_phone(phone: str) -> str:
    """Return a telephone number with only its last three digits: "*** 118"."""
    digits = [char for char in phone if char.isdigit()]
    return f"*** {''.join(digits[-3:])}" if len(digits) > 3 else ""
