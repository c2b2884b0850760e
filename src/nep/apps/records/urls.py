"""Addresses of records."""

from nep.apps.records import views
from nep.foundation.web.routes import route

app_name = "records"
SEE, KEEP, MANAGE, APPROVE = "record.see", "record.keep", "record.manage", "record.approve"
FILE = "ho-so/<int:file_id>/"
DISPOSAL = "tieu-huy/<int:disposal_id>/"

urlpatterns = [
    route("", views.files, name="files", permission=SEE),
    route("ho-so.xlsx", views.files_export, name="files_export", permission=SEE),
    route("ho-so/moi/", views.file_new, name="file_new", permission=KEEP),
    route(FILE, views.file, name="file", permission=SEE),
    route(FILE + "sua/", views.file_change, name="file_change", permission=SEE),
    route(FILE + "ket-thuc/", views.file_close, name="file_close", permission=SEE),
    route(FILE + "mo-lai/", views.file_reopen, name="file_reopen", permission=SEE),
    route(FILE + "them/", views.record_add, name="record_add", permission=SEE),
    route(FILE + "giu-lai/", views.file_hold, name="file_hold", permission=MANAGE),
    route(FILE + "thoi-giu/", views.hold_lift, name="hold_lift", permission=MANAGE),
    route("chua-xep/", views.unfiled, name="unfiled", permission=SEE),
    route("van-ban/<int:record_id>/xep/", views.record_move, name="record_move", permission=KEEP),
    route("van-ban/<int:record_id>/tep/", views.record_file, name="record_file", permission=SEE),
    route(
        "van-ban/<int:record_id>/ban/<int:edition>/",
        views.record_file,
        name="record_edition",
        permission=SEE,
    ),
    route("danh-muc/", views.plan, name="plan", permission=SEE),
    route("danh-muc/moi/", views.plan_new, name="plan_new", permission=MANAGE),
    route("danh-muc/<int:year>.<str:ending>", views.plan_paper, name="plan_paper", permission=SEE),
    route("danh-muc/<int:plan_id>/dong/", views.series_keep, name="series", permission=MANAGE),
    route("danh-muc/<int:plan_id>/mo-lai/", views.plan_reopen, name="plan_reopen",
          permission=MANAGE),
    route("danh-muc/<int:plan_id>/ban-hanh/", views.plan_approve, name="plan_approve",
          permission=APPROVE),
    route("danh-muc/dong/<int:series_id>/bo/", views.series_drop, name="series_drop",
          permission=MANAGE),
    route("danh-muc/tu-luu/", views.rule_set, name="rule", permission=MANAGE),
    route("giao-nop/", views.movements, name="movements", permission=SEE),
    route("nop-luu/moi/", views.transfer_new, name="transfer_new", permission=MANAGE),
    route("nop-luu/<int:transfer_id>/", views.transfer, name="transfer", permission=SEE),
    route("nop-luu/<int:transfer_id>/huy/", views.transfer_cancel, name="transfer_cancel",
          permission=MANAGE),
    route("nop-luu/<int:transfer_id>/bien-ban.<str:ending>", views.transfer_paper,
          name="transfer_paper", permission=SEE),
    route("tieu-huy/moi/", views.disposal_new, name="disposal_new", permission=MANAGE),
    route(DISPOSAL, views.disposal, name="disposal", permission=SEE),
    route(DISPOSAL + "quyet-dinh/", views.disposal_approve, name="disposal_approve",
          permission=APPROVE),
    route(DISPOSAL + "khong/", views.disposal_reject, name="disposal_reject", permission=APPROVE),
    route(DISPOSAL + "thuc-hien/", views.disposal_execute, name="disposal_execute",
          permission=MANAGE),
    route(DISPOSAL + "bien-ban.<str:ending>", views.disposal_paper, name="disposal_paper",
          permission=SEE),
    route("ban-giao/", views.leaver_choose, name="leaver_choose", permission=MANAGE),
    route("ban-giao/<int:person_id>/", views.leaver, name="leaver", permission=MANAGE),
    route("bien-ban/<int:leaver_id>/", views.leaver_minutes, name="leaver_minutes",
          permission=SEE),
    route("bien-ban/<int:leaver_id>/bien-ban.<str:ending>", views.leaver_paper,
          name="leaver_paper", permission=SEE),
]  # fmt: skip
