"""Addresses of the agency: people and units, delegation, settings, the province's agencies."""

from nep.apps.organization import views
from nep.foundation.web.routes import SIGNED_IN, route

app_name = "organization"
urlpatterns = [
    route("", views.people, name="people", permission="organization.see"),
    route("doi/", views.switch, name="switch", permission=SIGNED_IN),
    route("don-vi/them/", views.unit_new, name="unit_new", permission="organization.manage"),
    route("don-vi/<int:unit_id>/", views.unit_edit, name="unit", permission="organization.manage"),
    route(
        "don-vi/<int:unit_id>/dong/",
        views.unit_close,
        name="unit_close",
        permission="organization.manage",
    ),
    route("nguoi/them/", views.person_new, name="person_new", permission="organization.manage"),
    route(
        "nguoi/nhap/", views.people_import, name="people_import", permission="organization.manage"
    ),
    route("nguoi/tai-khoan/", views.accounts_open, name="accounts", permission="account.manage"),
    route(
        "nguoi/mau.xlsx",
        views.people_template,
        name="people_template",
        permission="organization.manage",
    ),
    route("nguoi/<int:person_id>/", views.person, name="person", permission="organization.see"),
    route(
        "nguoi/<int:person_id>/lien-he/",
        views.person_contact,
        name="person_contact",
        permission="organization.manage",
    ),
    route(
        "nguoi/<int:person_id>/bo-nhiem/",
        views.hat_new,
        name="hat_new",
        permission="organization.manage",
    ),
    route(
        "nguoi/<int:person_id>/bo-nhiem/<int:appointment_id>/ket-thuc/",
        views.hat_end,
        name="hat_end",
        permission="organization.manage",
    ),
    route(
        "nguoi/<int:person_id>/tai-khoan/mo/",
        views.account_open,
        name="account_open",
        permission="account.manage",
    ),
    route(
        "nguoi/<int:person_id>/tai-khoan/<str:act>/",
        views.account_change,
        name="account_change",
        permission="account.manage",
    ),
    route("uy-quyen/", views.delegations, name="delegations", permission="work.own"),
    route(
        "uy-quyen/<int:delegation_id>/ket-thuc/",
        views.delegation_end,
        name="delegation_end",
        permission="work.own",
    ),
    route("vang-mat/", views.absences, name="absences", permission="work.own"),
    route(
        "vang-mat/<int:absence_id>/ve/",
        views.absence_end,
        name="absence_end",
        permission="work.own",
    ),
    route("thiet-lap/", views.settings, name="settings", permission="organization.manage"),
    route("thiet-lap/ma/", views.code_add, name="code_add", permission="organization.manage"),
    route(
        "thiet-lap/ma/<int:code_id>/bo/",
        views.code_remove,
        name="code_remove",
        permission="organization.manage",
    ),
    route("tinh/", views.province, name="province", permission="province.manage"),
    route("tinh/them/", views.agency_new, name="agency_new", permission="province.manage"),
    route("tinh/<int:agency_id>/", views.agency, name="agency", permission="province.manage"),
    route(
        "tinh/<int:agency_id>/sua/",
        views.agency_identify,
        name="agency_identify",
        permission="province.manage",
    ),
    route(
        "tinh/<int:agency_id>/ket-thuc/",
        views.agency_end,
        name="agency_end",
        permission="province.manage",
    ),
    route(
        "tinh/<int:agency_id>/quan-tri/",
        views.administrator_new,
        name="administrator_new",
        permission="province.manage",
    ),
    route(
        "tinh/<int:agency_id>/quan-tri/<int:person_id>/<str:act>/",
        views.administrator_account,
        name="administrator_account",
        permission="province.manage",
    ),
    route("tinh/ke-thua/", views.successions, name="successions", permission="province.manage"),
    route(
        "tinh/ke-thua/<int:succession_id>/bo/",
        views.succession_remove,
        name="succession_remove",
        permission="province.manage",
    ),
]
