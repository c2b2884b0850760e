"""Addresses of external documents."""

from nep.apps.legal import views
from nep.foundation.web.routes import route

app_name = "legal"
SEE, MANAGE = "document.see", "legal.manage"

urlpatterns = [
    route("", views.register, name="register", permission=SEE),
    route("danh-muc.xlsx", views.export, name="export", permission=SEE),
    route("moi/", views.new, name="new", permission=MANAGE),
    route("nhap/", views.import_file, name="import", permission=MANAGE),
    route("goi-y/", views.suggest, name="suggest", permission=SEE),
    route("ra-soat/", views.reviews, name="reviews", permission=SEE),
    route("ra-soat/<int:legal_review_id>/", views.review, name="review", permission=SEE),
    route("<int:external_id>/", views.external, name="external", permission=SEE),
    route("<int:external_id>/tep/", views.file, name="file", permission=SEE),
    route("<int:external_id>/sua/", views.edit, name="edit", permission=MANAGE),
    route("<int:external_id>/thay-the/", views.replace, name="replace", permission=MANAGE),
    route("<int:external_id>/sua-doi/", views.amend, name="amend", permission=MANAGE),
    route("<int:external_id>/da-tra/", views.checked, name="checked", permission=MANAGE),
    route("<int:external_id>/bo/", views.withdraw, name="withdraw", permission=MANAGE),
]
