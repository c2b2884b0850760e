"""Addresses of competence."""

from nep.apps.competence import views
from nep.foundation.web.routes import route

app_name = "competence"
SEE, MANAGE = "competence.see", "competence.manage"

urlpatterns = [
    route("", views.auditors, name="home", permission=SEE),
    route("danh-gia-vien/", views.auditors, name="auditors", permission=SEE),
    route("danh-gia-vien/them/", views.qualification_add, name="qualification_add",
          permission=MANAGE),
    route("danh-gia-vien/<int:qualification_id>/thoi/", views.qualification_end,
          name="qualification_end", permission=MANAGE),
    route("danh-gia-vien/<int:qualification_id>/tep/", views.qualification_file,
          name="qualification_file", permission=SEE),
]  # fmt: skip
