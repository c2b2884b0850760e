"""The description of the intake over HTTP, as OpenAPI 3.1."""

from typing import Any

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "clause"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "clause": {"type": "string"},
                "field": {"type": "string"},
            },
        }
    },
}
_TALLY = {
    "type": "object",
    "properties": {
        **{
            name: {"type": "integer", "minimum": 0}
            for name in ("cases", "events", "matched", "unmatched", "unchanged")
        },
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["row", "reason"],
                "properties": {"row": {"type": "integer"}, "reason": {"type": "string"}},
            },
        },
        "message": {"type": "string"},
    },
}
_TAKEN = {
    "type": "object",
    "required": ["receipt", "rows", "url"],
    "properties": {
        "receipt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "rows": {"type": "integer", "minimum": 1},
        "url": {"type": "string"},
    },
}
_RECEIPT = {
    "type": "object",
    "required": ["receipt", "state", "rows", "rows_done", "received_at", "finished_at", "report"],
    "properties": {
        "receipt": {"type": "string"},
        "state": {"enum": ["waiting", "running", "done", "failed"]},
        "rows": {"type": "integer", "minimum": 0},
        "rows_done": {"type": "integer", "minimum": 0},
        "received_at": {"type": "string", "format": "date-time"},
        "finished_at": {"type": ["string", "null"], "format": "date-time"},
        "report": _TALLY,
    },
}
_RECORDS = {
    "description": (
        "Danh sách bản ghi, hoặc đối tượng có danh sách ấy trong “data”. Bản ghi hồ sơ, bản ghi "
        "trạng thái theo tên trường của Cổng Dịch vụ công quốc gia, hoặc dòng theo tên cột của Nếp. "
        "Thông tin người nộp được bỏ qua, không lưu."
    ),
    "oneOf": [
        {"type": "array", "items": {"type": "object"}, "minItems": 1},
        {"type": "object"},
    ],
}
_DATA = {
    "type": "object", "maxProperties": 50,
    "additionalProperties": {"type": ["string", "number", "boolean"]},
    "description": "Chỉ những trường quy trình đọc mới nhập vào hồ sơ",
}  # fmt: skip
_MESSAGE = {
    "type": "object",
    "required": ["thong_diep"],
    "properties": {
        "ho_so": {
            "type": "string",
            "description": "Mã hồ sơ; bỏ trống để mở hồ sơ của quy trình nội bộ bắt đầu bằng thông điệp này",
        },
        "thong_diep": {"type": "string", "maxLength": 120},
        "du_lieu": _DATA,
    },
}  # fmt: skip
_MESSAGE_TAKEN = {
    "type": "object",
    "required": ["id", "ho_so", "trang_thai"],
    "properties": {
        "id": {"type": "string"},
        "ho_so": {"type": "string"},
        "trang_thai": {"enum": ["da-nhan", "cho-den-luot", "khong-can-nua"]},
    },
}
_MESSAGES = {
    "type": "object",
    "properties": {
        "thong_diep": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "ho_so", "thong_diep", "luc", "du_lieu"],
                "properties": {
                    "id": {"type": "string"},
                    "ho_so": {"type": "string"},
                    "thong_diep": {"type": "string"},
                    "luc": {"type": "string", "format": "date-time"},
                    "du_lieu": _DATA,
                },
            },
        }
    },
}
_REFUSALS = {
    "400": "Thiếu Idempotency-Key hoặc nội dung",
    "401": "Khóa không đúng, đã đổi hoặc nguồn đã tắt",
    "409": "Idempotency-Key đã dùng cho nội dung khác",
    "413": "Nội dung quá lớn",
    "415": "Content-Type không nhận",
    "422": "Nội dung không đọc được",
    "429": "Hàng chờ đầy; Retry-After cho biết số giây phải chờ",
}


def description(*, most_bytes: int) -> dict[str, Any]:
    """Return the description; `most_bytes` bounds a body."""
    key = {
        "name": "key_id", "in": "path", "required": True, "schema": {"type": "string"},
        "description": "Mã khóa của nguồn",
    }  # fmt: skip
    once = {
        "name": "Idempotency-Key", "in": "header", "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": "Gửi lại cùng khóa và cùng nội dung nhận lại đúng trả lời cũ",
    }  # fmt: skip
    text = {"type": "string"}
    bodies = {
        "application/json": _RECORDS, "text/csv": text, "application/xml": text,
        "application/gzip": text,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": text,
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nếp: nhận hồ sơ từ hệ thống khác",
            "version": "1",
            "description": f"Nội dung tối đa {most_bytes // 1_000_000} MB mỗi lần gửi.",
        },
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/api/nguon/{key_id}/ho-so/": {
                "post": {
                    "summary": "Gửi hồ sơ và các lần xử lý",
                    "parameters": [key, once],
                    "requestBody": {
                        "required": True,
                        "content": {kind: {"schema": one} for kind, one in bodies.items()},
                    },
                    "responses": {
                        "202": {
                            "description": "Đã nhận, việc nhập chạy sau",
                            "content": {"application/json": {"schema": _TAKEN}},
                        },
                        **{status: _refusal(words) for status, words in _REFUSALS.items()},
                    },
                }
            },
            "/api/nguon/{key_id}/phieu/{receipt}/": {"get": _asked(key)},
            "/api/nguon/{key_id}/thong-diep/": {"post": _message(key, once), "get": _sent(key)},
        },
    }  # fmt: skip


def _message(key: dict[str, Any], once: dict[str, Any]) -> dict[str, Any]:
    refusals = {
        **{status: _REFUSALS[status] for status in ("400", "401", "413", "415")},
        "404": "Cơ quan không có hồ sơ mã ấy",
        "409": "Idempotency-Key đã dùng cho nội dung khác, hoặc hồ sơ đã kết thúc",
        "422": "Quy trình không chờ thông điệp ấy, hoặc nội dung không đọc được",
    }
    return {
        "summary": "Gửi một thông điệp cho hồ sơ đang hoặc sẽ chờ nó",
        "parameters": [key, once],
        "requestBody": {
            "required": True, "content": {"application/json": {"schema": _MESSAGE}},
        },
        "responses": {
            "200": {
                "description": "Hồ sơ đã đi tiếp",
                "content": {"application/json": {"schema": _MESSAGE_TAKEN}},
            },
            "202": {
                "description": "Đến sớm hoặc hồ sơ đang tạm dừng: giữ lại đến khi hồ sơ chờ",
                "content": {"application/json": {"schema": _MESSAGE_TAKEN}},
            },
            **{status: _refusal(words) for status, words in refusals.items()},
        },
    }  # fmt: skip


def _sent(key: dict[str, Any]) -> dict[str, Any]:
    after = {
        "name": "sau", "in": "query", "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"},
        "description": "Mã của thông điệp cuối đã nhận; bỏ trống để nhận từ đầu",
    }  # fmt: skip
    return {
        "summary": "Lấy các thông điệp hồ sơ của cơ quan đã gửi ra, cũ trước, mỗi lần tối đa 200",
        "parameters": [key, after],
        "responses": {
            "200": {
                "description": "Danh sách thông điệp",
                "content": {"application/json": {"schema": _MESSAGES}},
            },
            "401": _refusal(_REFUSALS["401"]),
        },
    }


def _asked(key: dict[str, Any]) -> dict[str, Any]:
    number = {"name": "receipt", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "summary": "Xem một lần gửi đã nhập đến đâu",
        "parameters": [key, number],
        "responses": {
            "200": {
                "description": "Tình trạng và số đếm",
                "content": {"application/json": {"schema": _RECEIPT}},
            },
            "401": _refusal(_REFUSALS["401"]),
            "404": _refusal("Nguồn này không có lần gửi ấy"),
        },
    }


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ERROR}}}
