"""Addresses of conformity."""

from django.urls import URLPattern

from nep.apps.conformity import views
from nep.foundation.web.routes import route

app_name = "conformity"

MATRIX: list[URLPattern] = [
    route("phu-hop/ma-tran/", views.matrix, name="matrix", permission="year.see"),
    route("phu-hop/ma-tran.xlsx", views.matrix_export, name="matrix_export", permission="year.see"),
    route("phu-hop/ma-tran.<str:ending>", views.matrix_paper, name="matrix_paper",
          permission="year.see"),
    route("phu-hop/toan-tinh/", views.province_matrix, name="province_matrix",
          permission="province.manage"),
    route("phu-hop/toan-tinh.xlsx", views.province_matrix_export, name="province_matrix_export",
          permission="province.manage"),
    route("phu-hop/toan-tinh/<int:agency_id>/", views.agency_matrix, name="agency_matrix",
          permission="province.manage"),
    route("phu-hop/luat/", views.matrix_rules, name="matrix_rules", permission="year.see"),
    route("phu-hop/luat/dat/", views.matrix_ask_set, name="matrix_ask_set",
          permission="matrix.set"),
    route("phu-hop/luat/khong-ap-dung/", views.matrix_leave_out, name="matrix_leave_out",
          permission="matrix.set"),
    route("phu-hop/luat/ap-dung-lai/", views.matrix_take_back, name="matrix_take_back",
          permission="matrix.set"),
]  # fmt: skip
YEAR_SEE, YEAR_MANAGE = "year.see", "year.manage"
ITEM, GIVEN = "nam-iso/<int:year>/<str:obligation>/", "nam-iso/ban-giao/<int:handover_id>/"
YEAR: list[URLPattern] = [
    route("nam-iso/", views.year, name="year", permission=YEAR_SEE),
    route("nam-iso/ca-nam/", views.year_whole, name="year_whole", permission=YEAR_SEE),
    route("nam-iso/mo/", views.year_open, name="year_open", permission=YEAR_MANAGE),
    route("nam-iso/bo-tai-lieu/", views.start_set, name="start_set", permission="document.draft"),
    route("nam-iso/cong-suc/", views.burden, name="burden", permission=YEAR_SEE),
    route("nam-iso/ban-giao/", views.handovers, name="handovers", permission=YEAR_MANAGE),
    route(GIVEN, views.handover, name="handover", permission=YEAR_SEE),
    route(GIVEN + "nhan/", views.handover_receive, name="handover_receive", permission=YEAR_SEE),
    route(GIVEN + "bien-ban.<str:ending>", views.handover_paper, name="handover_paper",
          permission=YEAR_SEE),
    route("nam-iso/<int:year>.<str:ending>", views.year_paper, name="year_paper",
          permission=YEAR_SEE),
    route("nam-iso/<int:year>/viec-moi/", views.year_item_new, name="year_item_new",
          permission=YEAR_MANAGE),
    route(ITEM, views.year_item, name="year_item", permission=YEAR_SEE),
    route(ITEM + "xong/", views.year_item_done, name="year_item_done", permission=YEAR_MANAGE),
    route(ITEM + "bo/", views.year_item_exclude, name="year_item_exclude",
          permission=YEAR_MANAGE),
    route(ITEM + "van-dung/", views.year_item_confirm, name="year_item_confirm",
          permission=YEAR_MANAGE),
]  # fmt: skip
DECLARED = "cong-bo/<int:declaration_id>/"
SEE, MANAGE, SIGN = "declaration.see", "declaration.manage", "declaration.confirm"
DECLARATION: list[URLPattern] = [
    route("cong-bo/", views.declarations, name="declarations", permission=SEE),
    route("cong-bo/moi/", views.declaration_new, name="declaration_new", permission=MANAGE),
    route(DECLARED, views.declaration, name="declaration", permission=SEE),
    route(DECLARED + "sua/", views.declaration_change, name="declaration_change",
          permission=MANAGE),
    route(DECLARED + "ap-dung/", views.declaration_apply, name="declaration_apply",
          permission=MANAGE),
    route(DECLARED + "xac-nhan/", views.declaration_confirm, name="declaration_confirm",
          permission=SIGN),
    route(DECLARED + "tra-ve/", views.declaration_return, name="declaration_return",
          permission=MANAGE),
    route(DECLARED + "quyet-dinh/", views.declaration_declare, name="declaration_declare",
          permission=SIGN),
    route(DECLARED + "gui/", views.declaration_post, name="declaration_post", permission=MANAGE),
    route(DECLARED + "thoi/", views.declaration_drop, name="declaration_drop", permission=MANAGE),
    route(DECLARED + "luu/", views.declaration_deposit, name="declaration_deposit",
          permission="record.keep"),
    route(DECLARED + "<str:paper>.<str:ending>", views.declaration_paper,
          name="declaration_paper", permission=SEE),
]  # fmt: skip
PACKED = "bang-chung/goi/<int:pack_id>/"
PACK: list[URLPattern] = [
    route("bang-chung/goi/", views.packs, name="packs", permission="declaration.manage"),
    route(PACKED, views.pack, name="pack", permission="declaration.manage"),
    route(PACKED + "tai/", views.pack_archive, name="pack_archive",
          permission="declaration.manage"),
]  # fmt: skip
ADVISER: list[URLPattern] = [
    route("nam-iso/can-hoi-lai/", views.adviser, name="adviser", permission=YEAR_SEE),
]

urlpatterns = [*MATRIX, *YEAR, *DECLARATION, *PACK, *ADVISER]
