"""Addresses of the catalogue of published TTHC."""

from nep.apps.catalogue import views
from nep.foundation.web.routes import route

app_name = "catalogue"
SEE, IMPORT, MANAGE = "catalogue.see", "catalogue.import", "catalogue.manage"

urlpatterns = [
    route("", views.entries, name="entries", permission=SEE),
    route("moi/", views.new, name="new", permission=MANAGE),
    route("nhap/", views.upload, name="upload", permission=IMPORT),
    route("nhap/<int:catalogue_import_id>/", views.import_page, name="import", permission=IMPORT),
    route(
        "nhap/<int:catalogue_import_id>/ket-qua.xlsx",
        views.import_sheet,
        name="import_sheet",
        permission=IMPORT,
    ),
    route("<str:tthc_code>/", views.entry, name="entry", permission=SEE),
    route("<str:tthc_code>/sua/", views.edit, name="edit", permission=MANAGE),
    route("<str:tthc_code>/bai-bo/", views.abolish, name="abolish", permission=MANAGE),
    route("<str:tthc_code>/khoi-phuc/", views.restore, name="restore", permission=MANAGE),
]
