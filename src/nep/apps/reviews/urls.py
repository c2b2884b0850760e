"""Addresses of management review."""

from nep.apps.reviews import views
from nep.foundation.web.routes import route

app_name = "reviews"
SEE, READ = "review.see", "review.read"
PREPARE, APPROVE = "review.prepare", "review.approve"
REVIEW = "<int:leader_review_id>/"

urlpatterns = [
    route("", views.register, name="register", permission=SEE),
    route("moi/", views.new, name="new", permission=PREPARE),
    route(REVIEW, views.review, name="review", permission=READ),
    route(REVIEW + "dau-vao.<str:ending>", views.inputs_paper, name="inputs_paper",
          permission=READ),
    route(REVIEW + "bien-ban.<str:ending>", views.minutes_paper, name="minutes_paper",
          permission=READ),
    route(REVIEW + "chot-lai/", views.freeze, name="freeze", permission=PREPARE),
    route(REVIEW + "nhan-xet/", views.remark, name="remark", permission=PREPARE),
    route(REVIEW + "y-kien/", views.opinion, name="opinion", permission=READ),
    route(REVIEW + "lich/", views.plan, name="plan", permission=PREPARE),
    route(REVIEW + "ghi/", views.write, name="write", permission=PREPARE),
    route(REVIEW + "phe-duyet/", views.approve, name="approve", permission=APPROVE),
    route(REVIEW + "tra-lai/", views.give_back, name="give_back", permission=APPROVE),
    route(REVIEW + "huy/", views.drop, name="drop", permission=PREPARE),
    route(REVIEW + "luu/", views.deposit, name="deposit", permission="record.keep"),
]  # fmt: skip
