"""Where a case stands, in our codes and in those of the national portal.

Source: the ten states of the synchronisation with Cổng Dịch vụ công quốc gia; ours are the same
numbers, with 11 for a pause that the portal shows as being dealt with.
"""

WAITING_FIRST = 1
ACCEPTED = 2
RUNNING = 4
SUPPLEMENT = 5
PAYMENT = 6
WITHDRAWN = 7
STOPPED = 8
DONE = 9
RETURNED = 10
PAUSED = 11

STATUS_NAMES: dict[int, str] = {
    WAITING_FIRST: "Chờ bổ sung trước khi tiếp nhận",
    ACCEPTED: "Được tiếp nhận",
    RUNNING: "Đang xử lý",
    SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính",
    WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    STOPPED: "Dừng xử lý",
    DONE: "Đã xử lý xong",
    RETURNED: "Đã trả kết quả",
    PAUSED: "Tạm dừng xử lý",
}
PORTAL_CODES: dict[int, int] = {
    **{code: code for code in STATUS_NAMES}, WAITING_FIRST: SUPPLEMENT, PAUSED: RUNNING
}  # fmt: skip
FINISHED = frozenset({WITHDRAWN, STOPPED, DONE, RETURNED})
ON_PAUSE = frozenset({SUPPLEMENT, PAYMENT, PAUSED})
MOVING = frozenset({ACCEPTED, RUNNING})

PAUSE_STATUS: dict[str, int] = {
    "supplement": SUPPLEMENT,
    "payment": PAYMENT,
    "agency": PAUSED,
    "force_majeure": PAUSED,
}
OUTCOME_NAMES: dict[str, str] = {
    "granted": "Có kết quả",
    "refused": "Từ chối giải quyết",
    "withdrawn": "Người nộp rút hồ sơ",
    "stopped": "Dừng xử lý",
}
ON_TIME_NAMES: dict[str, str] = {"truoc": "Trước hạn", "dung": "Đúng hạn", "tre": "Quá hạn"}
CHANNEL_NAMES: dict[str, str] = {
    "counter": "Trực tiếp",
    "online": "Trực tuyến",
    "post": "Bưu chính",
}
PAPER_STATES: dict[str, str] = {"du": "Đủ", "thieu": "Thiếu", "kc": "Không cần"}

# Groups of the list and of the figures; every case stands in exactly one of them.
GROUP_NAMES: dict[str, str] = {
    "cho-nhan": "Chờ bổ sung trước khi tiếp nhận",
    "dang": "Đang giải quyết",
    "dung-lai": "Tạm dừng",
    "truoc": "Trước hạn",
    "dung": "Đúng hạn",
    "tre": "Quá hạn",
    "rut": "Rút, dừng xử lý",
}
