"""Where what is missing in the matrix is made: one way for each kind of evidence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """A button: what it says, the name of the address it opens, what one has to be allowed."""

    label: str
    url_name: str
    permission: str


WAYS: dict[str, Way] = {
    "document": Way("Thêm tài liệu", "documents:new", "document.draft"),
    "procedure": Way("Lập quy trình", "procedures:new", "procedure.draft"),
    "reading": Way("Xem ai chưa đọc", "documents:library", "document.see"),
    "document_review": Way("Soát xét tài liệu", "documents:reviews", "document.see"),
    "change": Way("Đề nghị thay đổi", "documents:request_new", "document.ask"),
    "organization": Way("Xem đơn vị, vị trí", "organization:people", "organization.see"),
    "record": Way("Lập hồ sơ lưu", "records:file_new", "record.keep"),
    "file_plan": Way("Lập danh mục hồ sơ", "records:plan", "record.see"),
    "legal": Way("Thêm văn bản", "legal:new", "legal.manage"),
    "legal_review": Way("Rà soát văn bản", "legal:reviews", "document.see"),
    "case": Way("Xem hồ sơ", "cases:list", "case.see"),
    "survey": Way("Lập khảo sát", "improvement:survey_new", "improvement.set"),
    "feedback": Way("Ghi phản hồi", "improvement:feedback_new", "feedback.answer"),
    "nonconformity": Way("Mở phiếu", "improvement:new", "improvement.report"),
    "preventive": Way("Lập phiếu phòng ngừa", "improvement:new", "improvement.report"),
    "action": Way("Giao hành động", "actions:new", "action.open"),
    "context": Way("Ghi bối cảnh", "planning:context", "context.see"),
    "parties": Way("Ghi bên quan tâm", "planning:parties", "context.see"),
    "scope": Way("Ghi phạm vi", "planning:scope", "context.see"),
    "policy": Way("Ban hành chính sách", "planning:policy", "context.see"),
    "risk": Way("Ghi rủi ro", "planning:risks", "risk.see"),
    "opportunity": Way("Ghi cơ hội", "planning:opportunities", "risk.see"),
    "objective": Way("Lập mục tiêu", "planning:objectives", "objective.see"),
    "competence": Way("Xem năng lực", "competence:home", "competence.see"),
    "audit": Way("Lập đánh giá", "audits:programme", "audit.see"),
    "review": Way("Chuẩn bị xem xét", "reviews:register", "review.see"),
}
