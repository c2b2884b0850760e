"""Addresses of internal audits."""

from nep.apps.audits import views
from nep.foundation.web.routes import route

app_name = "audits"
SEE, READ, MANAGE, APPROVE = "audit.see", "audit.read", "audit.manage", "audit.approve"
YEAR = "chuong-trinh/<int:programme_id>/"
AUDIT = "<int:audit_id>/"
SESSION = "phien/<int:session_id>/"
FINDING = "cau/<int:finding_id>/"

urlpatterns = [
    route("", views.programme, name="programme", permission=SEE),
    route("chuong-trinh.xlsx", views.programme_sheet, name="programme_sheet", permission=SEE),
    route("chuong-trinh.<str:ending>", views.programme_paper, name="programme_paper",
          permission=SEE),
    route("de-xuat/", views.propose, name="propose", permission=MANAGE),
    route(YEAR + "don-vi/<int:unit_id>/", views.line_set, name="line_set", permission=MANAGE),
    route(YEAR + "loi/", views.programme_words, name="programme_words", permission=MANAGE),
    route(YEAR + "trinh/", views.programme_submit, name="programme_submit", permission=MANAGE),
    route(YEAR + "duyet/", views.programme_approve, name="programme_approve", permission=APPROVE),
    route(YEAR + "tra-lai/", views.programme_return, name="programme_return", permission=APPROVE),
    route(YEAR + "sua/", views.programme_revise, name="programme_revise", permission=MANAGE),
    route(YEAR + "ket-thuc/", views.programme_finish, name="programme_finish", permission=MANAGE),
    route(YEAR + "lap/", views.audit_propose, name="audit_propose", permission=MANAGE),
    route("phat-hien/", views.findings, name="findings", permission=SEE),
    route("phat-hien/so-theo-doi.xlsx", views.findings_sheet, name="findings_sheet",
          permission=SEE),
    route(AUDIT, views.audit, name="audit", permission=READ),
    route(AUDIT + "trinh/", views.audit_submit, name="audit_submit", permission=MANAGE),
    route(AUDIT + "duyet/", views.audit_announce, name="audit_announce", permission=APPROVE),
    route(AUDIT + "tra-lai/", views.audit_return, name="audit_return", permission=APPROVE),
    route(AUDIT + "lap-lai/", views.audit_replan, name="audit_replan", permission=MANAGE),
    route(AUDIT + "bo/", views.audit_cancel, name="audit_cancel", permission=MANAGE),
    route(AUDIT + "doan/", views.member_set, name="member_set", permission=MANAGE),
    route(AUDIT + "doan/de-xuat/", views.team_propose, name="team_propose", permission=MANAGE),
    route(AUDIT + "phien/", views.session_new, name="session_new", permission=MANAGE),
    route(AUDIT + "xong/", views.audit_hold, name="audit_hold", permission=READ),
    route(AUDIT + "bao-cao/", views.audit_report, name="audit_report", permission=READ),
    route(AUDIT + "dong/", views.audit_close, name="audit_close", permission=READ),
    route(AUDIT + "giay/<str:audit_kind>.<str:ending>", views.audit_paper, name="audit_paper",
          permission=READ),
    route("giay/<int:audit_paper_id>/", views.paper, name="paper", permission=READ),
    route(SESSION, views.session, name="session", permission=READ),
    route(SESSION + "sua/", views.session_edit, name="session_edit", permission=MANAGE),
    route(SESSION + "bo/", views.session_remove, name="session_remove", permission=MANAGE),
    route(SESSION + "nguoi/", views.auditor_take, name="auditor_take", permission=MANAGE),
    route(SESSION + "cau-hoi/", views.question_add, name="question_add", permission=READ),
    route(SESSION + "con-lai/", views.rest_conforms, name="rest_conforms", permission=READ),
    route(SESSION + "mau/", views.sample_draw, name="sample_draw", permission=READ),
    route(SESSION + "xac-nhan/", views.findings_agree, name="findings_agree", permission=READ),
    route(FINDING, views.note, name="note", permission=READ),
    route(FINDING + "bang-chung/", views.proof_add, name="proof_add", permission=READ),
    route(FINDING + "sua/", views.question_change, name="question_change", permission=READ),
    route(FINDING + "bo/", views.question_remove, name="question_remove", permission=READ),
    route(FINDING + "chua-dong-y/", views.contest, name="contest", permission=READ),
    route(FINDING + "ket-luan/", views.settle, name="settle", permission=READ),
    route("mau/<int:sample_id>/", views.sample_note, name="sample_note", permission=READ),
    route("rut/<int:draw_id>/", views.draw_again, name="draw_again", permission=READ),
    route("bang-chung/<int:audit_proof_id>/", views.proof, name="proof", permission=READ),
]  # fmt: skip
