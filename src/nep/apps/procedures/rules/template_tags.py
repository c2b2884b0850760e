"""Tags that an agency's own Word template for procedures may have besides those of every paper."""

SECTION_TAGS: dict[str, str] = {
    "muc_dich": "purpose", "pham_vi": "scope", "tai_lieu_vien_dan": "references",
    "co_so_phap_ly": "basis", "so_luong_ho_so": "copies", "thoi_gian": "time",
    "noi_tiep_nhan": "place", "le_phi": "fee",
}  # fmt: skip
TEXT_TAGS: dict[str, str] = {
    "ten_thu_tuc": "Tên thủ tục", "ma_thu_tuc": "Mã thủ tục", "truong_hop": "Trường hợp áp dụng",
    "muc_dich": "1. Mục đích", "pham_vi": "2. Phạm vi", "tai_lieu_vien_dan": "3. Tài liệu viện dẫn",
    "co_so_phap_ly": "5.1. Cơ sở pháp lý", "so_luong_ho_so": "5.3. Số lượng hồ sơ",
    "thoi_gian": "5.4. Thời gian xử lý", "noi_tiep_nhan": "5.5. Nơi tiếp nhận và trả kết quả",
    "le_phi": "5.6. Lệ phí",
}  # fmt: skip
TABLE_TAGS: dict[str, str] = {
    "dinh_nghia": "4. Bảng chữ viết tắt", "thanh_phan_ho_so": "5.2. Bảng thành phần hồ sơ",
    "bang_buoc": "5.7. Bảng trình tự", "bieu_mau": "6. Bảng biểu mẫu",
    "ho_so_luu": "7. Bảng hồ sơ lưu",
}  # fmt: skip
FIGURE_TAG = "luu_do"
ALL_TAGS: dict[str, str] = {
    **TEXT_TAGS, **TABLE_TAGS, FIGURE_TAG: "Lưu đồ (đứng riêng một dòng)",
}  # fmt: skip
