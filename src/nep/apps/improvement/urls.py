"""Addresses of improvement."""

from nep.apps.improvement import views
from nep.foundation.web.routes import PUBLIC, route

app_name = "improvement"
SEE, REPORT = "improvement.see", "improvement.report"
MANAGE, SET = "improvement.manage", "improvement.set"
HEAR, ANSWER = "feedback.see", "feedback.answer"
FEEDBACK = "phan-hoi/<int:feedback_id>/"
SURVEY = "khao-sat/<int:survey_id>/"
SHEET = "khong-phu-hop/<int:nonconformity_id>/"

urlpatterns = [
    route("khong-phu-hop/", views.register, name="register", permission=SEE),
    route("khong-phu-hop/so-theo-doi.xlsx", views.export, name="export", permission=SEE),
    route("khong-phu-hop/moi/", views.new, name="new", permission=REPORT),
    route("khong-phu-hop/luat/", views.case_rules, name="case_rules", permission=SEE),
    route("khong-phu-hop/luat/dat/", views.rule_set, name="rule_set", permission=SET),
    route(SHEET, views.sheet, name="sheet", permission=SEE),
    route(SHEET + "phieu.<str:ending>", views.paper, name="paper", permission=SEE),
    route(SHEET + "xu-ly/", views.solve, name="solve", permission=SEE),
    route(SHEET + "giao/", views.assign, name="assign", permission=MANAGE),
    route(SHEET + "khac-phuc/", views.correct, name="correct", permission=SEE),
    route(SHEET + "nguyen-nhan/", views.analyse, name="analyse", permission=SEE),
    route(SHEET + "hanh-dong/", views.act, name="act", permission=SEE),
    route(SHEET + "tai-lieu/", views.change_ask, name="change_ask", permission=SEE),
    route(SHEET + "khong-sua/", views.no_change, name="no_change", permission=SEE),
    route(SHEET + "kiem-tra/", views.check, name="check", permission=MANAGE),
    route(SHEET + "tra-lai/", views.give_back, name="give_back", permission=MANAGE),
    route(SHEET + "hieu-luc/", views.effect, name="effect", permission=MANAGE),
    route(SHEET + "dong/", views.close, name="close", permission=MANAGE),
    route(SHEET + "luu/", views.deposit, name="deposit", permission="record.keep"),
    route(SHEET + "khong-phai/", views.reject, name="reject", permission=MANAGE),
    route("phan-hoi/", views.feedbacks, name="feedbacks", permission=HEAR),
    route("phan-hoi/so-theo-doi.xlsx", views.feedback_export, name="feedback_export",
          permission=HEAR),
    route("phan-hoi/moi/", views.feedback_new, name="feedback_new", permission=ANSWER),
    route(FEEDBACK, views.feedback, name="feedback", permission=HEAR),
    route(FEEDBACK + "giao/", views.feedback_give, name="feedback_give", permission=ANSWER),
    route(FEEDBACK + "thu-ly/", views.feedback_accept, name="feedback_accept", permission=HEAR),
    route(FEEDBACK + "tra-loi/", views.feedback_answer, name="feedback_answer", permission=HEAR),
    route(FEEDBACK + "ket-thuc/", views.feedback_close, name="feedback_close", permission=HEAR),
    route(FEEDBACK + "dung/", views.feedback_end, name="feedback_end", permission=HEAR),
    route(FEEDBACK + "xoa-nguoi-gui/", views.sender_erase, name="sender_erase", permission=HEAR),
    route("khao-sat/", views.surveys, name="surveys", permission=SEE),
    route("khao-sat/moi/", views.survey_new, name="survey_new", permission=SET),
    route(SURVEY, views.survey, name="survey", permission=SEE),
    route(SURVEY + "sua/", views.survey_edit, name="survey_edit", permission=SET),
    route(SURVEY + "mo/", views.survey_open, name="survey_open", permission=SET),
    route(SURVEY + "dong/", views.survey_close, name="survey_close", permission=SET),
    route(SURVEY + "ket-qua.xlsx", views.survey_export, name="survey_export", permission=SEE),
    route("ks/<str:survey_key>/", views.survey_public, name="survey_public", permission=PUBLIC),
    route("phan-hoi/thoi-han/", views.feedback_limits, name="feedback_limits",
          permission="feedback.see"),
    route("phan-hoi/thoi-han/dat/", views.feedback_limit_set, name="feedback_limit_set",
          permission=SET),
]  # fmt: skip
