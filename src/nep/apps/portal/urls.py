"""Addresses of the public pages."""

from nep.apps.portal import views
from nep.foundation.web.routes import PUBLIC, route

app_name = "portal"
urlpatterns = [
    route("", views.look_up, name="look_up", permission=PUBLIC, english=True),
    route("k/<str:lookup_key>/", views.by_key, name="by_key", permission=PUBLIC, english=True),
    route("k/<str:lookup_key>/danh-gia/", views.rate, name="rate", permission=PUBLIC, english=True),
    route(
        "k/<str:lookup_key>/bao-sai-lech/",
        views.report,
        name="report",
        permission=PUBLIC,
        english=True,
    ),
    route("thu-tuc/", views.agencies, name="agencies", permission=PUBLIC, english=True),
    route(
        "thu-tuc/<str:agency_code>/",
        views.procedures,
        name="procedures",
        permission=PUBLIC,
        english=True,
    ),
    route(
        "thu-tuc/<str:agency_code>/<int:procedure_id>/",
        views.procedure,
        name="procedure",
        permission=PUBLIC,
        english=True,
    ),
    route(
        "thu-tuc/<str:agency_code>/<int:procedure_id>/<int:tthc_id>/",
        views.procedure,
        name="procedure_of",
        permission=PUBLIC,
        english=True,
    ),
    route("tai-lieu/", views.documents, name="documents", permission=PUBLIC, english=True),
    route("cong-bo/", views.declarations, name="declarations", permission=PUBLIC, english=True),
    route(
        "cong-bo/<int:declaration_id>/",
        views.declaration,
        name="declaration",
        permission=PUBLIC,
        english=True,
    ),
    route(
        "tai-lieu/<int:document_id>/",
        views.document,
        name="document",
        permission=PUBLIC,
        english=True,
    ),
    route(
        "tai-lieu/<int:document_id>/tep.pdf",
        views.document_file,
        name="document_file",
        permission=PUBLIC,
        english=True,
    ),
    route(
        "tai-lieu/kiem-tra/<str:key>/",
        views.version,
        name="version",
        permission=PUBLIC,
        english=True,
    ),
]
