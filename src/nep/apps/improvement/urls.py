"""Addresses of improvement."""

from nep.apps.improvement import views
from nep.foundation.web.routes import route

app_name = "improvement"
SEE, REPORT = "improvement.see", "improvement.report"
MANAGE, SET = "improvement.manage", "improvement.set"
SHEET = "khong-phu-hop/<int:nonconformity_id>/"

urlpatterns = [
    route("khong-phu-hop/", views.register, name="register", permission=SEE),
    route("khong-phu-hop/so-theo-doi.xlsx", views.export, name="export", permission=SEE),
    route("khong-phu-hop/moi/", views.new, name="new", permission=REPORT),
    route("khong-phu-hop/luat/", views.case_rules, name="case_rules", permission=SEE),
    route("khong-phu-hop/luat/dat/", views.rule_set, name="rule_set", permission=SET),
    route(SHEET, views.sheet, name="sheet", permission=SEE),
    route(SHEET + "phieu.<str:ending>", views.paper, name="paper", permission=SEE),
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
    route(SHEET + "khong-phai/", views.reject, name="reject", permission=MANAGE),
]
