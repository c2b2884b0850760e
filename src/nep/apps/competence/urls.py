"""Addresses of competence."""

from nep.apps.competence import views
from nep.foundation.web.routes import route

app_name = "competence"
SEE, MANAGE, OWN, APPROVE = (
    "competence.see", "competence.manage", "competence.own", "competence.approve",
)  # fmt: skip
CERTIFICATE = "danh-gia-vien/<int:qualification_id>/"
PLAN, SESSION = "ke-hoach/<int:training_plan_id>/", "buoi/<int:training_id>/"

urlpatterns = [
    route("", views.home, name="home", permission=SEE),
    route("dao-tao.xlsx", views.training_file, name="training_file", permission=SEE),
    route("nhu-cau/moi/", views.need_new, name="need_new", permission=MANAGE),
    route("nhu-cau/<int:need_id>/bo/", views.need_drop, name="need_drop", permission=MANAGE),
    route("vi-tri/", views.positions, name="positions", permission=SEE),
    route("vi-tri/them/", views.requirement_add, name="requirement_add", permission=MANAGE),
    route("vi-tri/nhu-cau/", views.needs_take, name="needs_take", permission=MANAGE),
    route("vi-tri/<int:requirement_id>/bo/", views.requirement_end, name="requirement_end",
          permission=MANAGE),
    route("ke-hoach/trinh/", views.plan_send, name="plan_send", permission=MANAGE),
    route(PLAN, views.plan, name="plan", permission=OWN),
    route(PLAN + "duyet/", views.plan_approve, name="plan_approve", permission=APPROVE),
    route(PLAN + "tra-lai/", views.plan_return, name="plan_return", permission=APPROVE),
    route(PLAN + "ban.<str:ending>", views.plan_paper, name="plan_paper", permission=OWN),
    route("buoi/moi/", views.session_new, name="session_new", permission=MANAGE),
    route("diem-danh/<str:training_key>/", views.session_scan, name="session_scan",
          permission=OWN),
    route(SESSION, views.session, name="session", permission=OWN),
    route(SESSION + "sua/", views.session_edit, name="session_edit", permission=OWN),
    route(SESSION + "co-mat/", views.session_attend, name="session_attend", permission=OWN),
    route(SESSION + "da-mo/", views.session_hold, name="session_hold", permission=OWN),
    route(SESSION + "hieu-qua/", views.session_judge, name="session_judge", permission=OWN),
    route(SESSION + "huy/", views.session_cancel, name="session_cancel", permission=OWN),
    route(SESSION + "bien-ban.<str:ending>", views.session_paper, name="session_paper",
          permission=OWN),
    route("danh-gia-vien/", views.auditors, name="auditors", permission=SEE),
    route("danh-gia-vien/them/", views.qualification_add, name="qualification_add",
          permission=MANAGE),
    route(CERTIFICATE + "thoi/", views.qualification_end, name="qualification_end",
          permission=MANAGE),
    route(CERTIFICATE + "tep/", views.qualification_file, name="qualification_file",
          permission=SEE),
]  # fmt: skip
