"""Addresses of the working calendar."""

from nep.apps.workcal import views
from nep.foundation.web.routes import route

app_name = "workcal"
urlpatterns = [
    route("", views.year, name="year", permission="calendar.see"),
    route("gio/", views.hours, name="hours", permission="calendar.manage"),
    route("ngay/them/", views.day_add, name="day_add", permission="calendar.manage"),
    route(
        "ngay/<int:day_id>/xoa/", views.day_remove, name="day_remove", permission="calendar.manage"
    ),
]
