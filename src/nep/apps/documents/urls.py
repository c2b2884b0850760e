"""Addresses of controlled documents."""

from nep.apps.documents import views
from nep.foundation.web.routes import route

app_name = "documents"
SEE, APPROVE = "procedure.see", "procedure.approve"

urlpatterns = [
    route("ngoai-le/", views.exceptions, name="exceptions", permission=SEE),
    route("ngoai-le/cho-phep/", views.exception_grant, name="grant", permission=APPROVE),
    route("ngoai-le/<int:exception_id>/dung/", views.exception_end, name="end", permission=APPROVE),
]
