"""Addresses of procedures, TTHC and the Word import."""

from nep.apps.procedures import views
from nep.foundation.web.routes import route

app_name = "procedures"
SEE, DRAFT, CHECK, APPROVE = (
    "procedure.see",
    "procedure.draft",
    "procedure.check",
    "procedure.approve",
)

RULES = "procedure.rules"

TEMPLATE = "document.manage"

urlpatterns = [
    route("", views.procedure_list, name="list", permission=SEE),
    route("moi/", views.procedure_new, name="new", permission=DRAFT),
    route("nguoi-lam/", views.responsibles, name="responsibles", permission=DRAFT),
    route("thu-tuc/", views.tthc_list, name="tthc_list", permission=SEE),
    route("thu-tuc/moi/", views.tthc_new, name="tthc_new", permission=DRAFT),
    route("thu-tuc/do-phu/", views.coverage, name="coverage", permission=SEE),
    route("thu-tuc/do-phu.xlsx", views.coverage_sheet, name="coverage_sheet", permission=SEE),
    route("thu-tuc/nhan/", views.take_entries, name="take", permission=DRAFT),
    route("thu-tuc/ghep/", views.bind, name="bind", permission=DRAFT),
    route("thu-tuc/<int:tthc_id>/", views.tthc_edit, name="tthc", permission=SEE),
    route("thu-tuc/<int:tthc_id>/lay-theo/", views.take_over, name="take_over", permission=DRAFT),
    route("thu-tuc/<int:tthc_id>/soan/", views.draft, name="draft", permission=DRAFT),
    route("thu-tuc/<int:tthc_id>/dung-chung/", views.share, name="share", permission=DRAFT),
    route(
        "thu-tuc/<int:tthc_id>/thoi-dung-chung/", views.unshare, name="unshare", permission=DRAFT
    ),
    route("luat-soat/", views.linter, name="linter", permission=SEE),
    route("luat-soat/dat/", views.linter_set, name="linter_set", permission=RULES),
    route("mau-van-ban/", views.paper_template, name="paper_template", permission=TEMPLATE),
    route(
        "mau-van-ban/bo/",
        views.paper_template_drop,
        name="paper_template_drop",
        permission=TEMPLATE,
    ),
    route(
        "mau-van-ban/tep/",
        views.paper_template_file,
        name="paper_template_file",
        permission=TEMPLATE,
    ),
    route(
        "mau-van-ban/tep-dau/",
        views.paper_template_start,
        name="paper_template_start",
        permission=TEMPLATE,
    ),
    route("kiem-tra-mo-hinh/", views.model_check, name="model_check", permission=SEE),
    route("kiem-tra-mo-hinh/nhap/", views.model_import, name="model_import", permission=DRAFT),
    route("nhap-tu-word/", views.word_upload, name="word", permission=DRAFT),
    route("nhap-tu-word/<int:batch>/", views.word_batch, name="word_batch", permission=DRAFT),
    route(
        "nhap-tu-word/<int:batch>/tao-ban-thao/",
        views.word_drafts,
        name="word_drafts",
        permission=DRAFT,
    ),
    route("<int:procedure_id>/", views.procedure_best, name="procedure", permission=SEE),
    route("<int:procedure_id>/lan-moi/", views.procedure_revise, name="revise", permission=DRAFT),
    route("ban/<int:revision_id>/", views.revision_page, name="revision", permission=SEE),
    route("ban/<int:revision_id>/duong-loi/", views.failing_path, name="failing", permission=SEE),
    route("ban/<int:revision_id>/phan-du/", views.revision_slack, name="slack", permission=SEE),
    route(
        "ban/<int:revision_id>/khac-gi/",
        views.revision_differences,
        name="differences",
        permission=SEE,
    ),
    route("ban/<int:revision_id>/sua/", views.revision_edit, name="edit", permission=DRAFT),
    route("ban/<int:revision_id>/them/", views.row_new, name="row_new", permission=DRAFT),
    route("ban/<int:revision_id>/buoc/<str:step>/", views.step_panel, name="step", permission=SEE),
    route("ban/<int:revision_id>/theo-lan/", views.lanes, name="lanes", permission=SEE),
    route("ban/<int:revision_id>/luu-do/", views.diagram, name="diagram", permission=SEE),
    route("ban/<int:revision_id>/chay-thu/", views.simulation, name="simulation", permission=SEE),
    route("ban/<int:revision_id>/ve/", views.draw, name="draw", permission=DRAFT),
    route("ban/<int:revision_id>/van-ban/", views.paper_page, name="paper", permission=SEE),
    route(
        "ban/<int:revision_id>/quy-trinh.docx", views.word_file, name="word_file", permission=SEE
    ),
    route("ban/<int:revision_id>/so-do.bpmn", views.bpmn_file, name="bpmn", permission=SEE),
    route("ban/<int:revision_id>/tep-goc/", views.original_file, name="original", permission=SEE),
    route("ban/<int:revision_id>/gui-kiem-tra/", views.submit, name="submit", permission=DRAFT),
    route("ban/<int:revision_id>/kiem-tra-xong/", views.confirm, name="confirm", permission=CHECK),
    route("ban/<int:revision_id>/ban-hanh/", views.publish, name="publish", permission=APPROVE),
    route("ban/<int:revision_id>/rut-lai/", views.recall, name="recall", permission=SEE),
    route("ban/<int:revision_id>/tra-lai/", views.give_back, name="return", permission=SEE),
    route("ban/<int:revision_id>/bo/", views.drop, name="drop", permission=DRAFT),
    route("ban/<int:revision_id>/vien-dan/", views.cite, name="cite", permission=SEE),
    route("ban/<int:revision_id>/vien-dan/bo/", views.uncite, name="uncite", permission=SEE),
]
