"""Addresses of the worklist and the bell."""

from nep.apps.work import views
from nep.foundation.web.routes import PUBLIC, SIGNED_IN, route

app_name = "work"
_OWN = "work.own"
urlpatterns = [
    route("", views.mine, name="mine", permission=_OWN),
    route("danh-sach/", views.items, name="items", permission=_OWN),
    route("lich/", views.calendar, name="calendar", permission=_OWN),
    route("bo-loc/", views.filter_save, name="filter_save", permission=_OWN),
    route(
        "bo-loc/<int:filter_id>/xoa/", views.filter_remove, name="filter_remove", permission=_OWN
    ),
    route("giao/", views.assign, name="assign", permission="case.manage"),
    route(
        "giao/<int:assignment_id>/", views.assignment, name="assignment", permission="case.manage"
    ),
    route(
        "giao/<int:assignment_id>/hoan-tac/",
        views.assignment_undo,
        name="assignment_undo",
        permission="case.manage",
    ),
    route("nhom/<str:group>/", views.more, name="more", permission=_OWN),
    route("<int:item_id>/cach-tinh/", views.explanation, name="explanation", permission=_OWN),
    route("<int:item_id>/nhan/", views.claim, name="claim", permission=_OWN),
    route("<int:item_id>/ban-giao/", views.hand_over, name="hand_over", permission=_OWN),
    route("thong-bao/", views.notices, name="notices", permission=_OWN),
    route("thong-bao/da-doc/", views.notices_read, name="notices_read", permission=_OWN),
    route("thong-bao/cach-nhan/", views.choices, name="choices", permission=_OWN),
    route("thong-bao/lich/", views.feed_change, name="feed_change", permission=_OWN),
    route("lich-ca-nhan/<str:feed_key>.ics", views.feed, name="feed", permission=PUBLIC),
    route("thu-bao/", views.mail, name="mail", permission=SIGNED_IN),
]
