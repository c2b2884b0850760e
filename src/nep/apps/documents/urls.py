"""Addresses of controlled documents."""

from nep.apps.documents import views
from nep.foundation.web.routes import route

app_name = "documents"
SEE, APPROVE = "procedure.see", "procedure.approve"
DOCUMENT_SEE, DOCUMENT_MANAGE = "document.see", "document.manage"
DOCUMENT_DRAFT = "document.draft"

urlpatterns = [
    route("ngoai-le/", views.exceptions, name="exceptions", permission=SEE),
    route("ngoai-le/cho-phep/", views.exception_grant, name="grant", permission=APPROVE),
    route("ngoai-le/<int:exception_id>/dung/", views.exception_end, name="end", permission=APPROVE),
    # Distribution and reading
    route("can-doc/", views.to_read, name="to_read", permission=DOCUMENT_SEE),
    route(
        "<int:document_id>/da-doc/", views.acknowledge, name="acknowledge", permission=DOCUMENT_SEE
    ),
    route("<int:document_id>/nhac-doc/", views.nudge, name="nudge", permission=DOCUMENT_MANAGE),
    route("<int:document_id>/nguoi-doc/", views.readers, name="readers", permission=DOCUMENT_SEE),
    route(
        "<int:document_id>/nguoi-doc.xlsx",
        views.readers_sheet,
        name="readers_sheet",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/cau-hoi/", views.questions, name="questions", permission=DOCUMENT_MANAGE
    ),
    route(
        "<int:document_id>/cau-hoi/<int:question_id>/bo/",
        views.question_remove,
        name="question_remove",
        permission=DOCUMENT_MANAGE,
    ),
    route(
        "<int:document_id>/phan-phoi/them/",
        views.recipient_add,
        name="recipient_add",
        permission=DOCUMENT_MANAGE,
    ),
    route(
        "<int:document_id>/phan-phoi/<int:recipient_id>/bo/",
        views.recipient_remove,
        name="recipient_remove",
        permission=DOCUMENT_MANAGE,
    ),
    # Library
    route("", views.library, name="library", permission=DOCUMENT_SEE),
    route("danh-muc.xlsx", views.library_export, name="export", permission=DOCUMENT_SEE),
    route("theo-dieu-khoan/", views.clauses, name="clauses", permission=DOCUMENT_SEE),
    route("bo-loc/", views.view_save, name="view_save", permission=DOCUMENT_SEE),
    route("bo-loc/<int:view_id>/", views.view_page, name="view", permission=DOCUMENT_SEE),
    route(
        "bo-loc/<int:view_id>/xoa/", views.view_remove, name="view_remove", permission=DOCUMENT_SEE
    ),
    route("moi/", views.document_new, name="new", permission=DOCUMENT_DRAFT),
    route("ma-tiep-theo/", views.code_proposal, name="code_proposal", permission=DOCUMENT_DRAFT),
    route("ma-hieu/", views.code_masks, name="masks", permission=DOCUMENT_MANAGE),
    route("<int:document_id>/", views.document, name="page", permission=DOCUMENT_SEE),
    route("<int:document_id>/sua/", views.document_edit, name="edit", permission=DOCUMENT_SEE),
    route("<int:document_id>/tep/", views.draft_file, name="draft_file", permission=DOCUMENT_SEE),
    # Forms in use
    route("<int:document_id>/dien/", views.form_fill, name="form_fill", permission=DOCUMENT_SEE),
    route("da-dien/<int:filled_id>/", views.filled, name="filled", permission=DOCUMENT_SEE),
    route(
        "da-dien/<int:filled_id>/tep/",
        views.filled_file,
        name="filled_file",
        permission=DOCUMENT_SEE,
    ),
    # Files and comparison
    route(
        "<int:document_id>/toan-van/<int:revision_id>/",
        views.fulltext,
        name="fulltext",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/toan-van/<int:revision_id>/phan/",
        views.fulltext_part,
        name="fulltext_part",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/toan-van/<int:revision_id>/trang/<int:number>.png",
        views.page_picture,
        name="page_picture",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/toan-van/<int:revision_id>/tep-goc/",
        views.original,
        name="original",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/toan-van/<int:revision_id>/pdf/",
        views.stamped,
        name="stamped",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/toan-van/<int:revision_id>/pdf-kem/",
        views.pdf_attach,
        name="pdf_attach",
        permission=DOCUMENT_DRAFT,
    ),
    route(
        "<int:document_id>/so-sanh/",
        views.comparison_choose,
        name="comparison_choose",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/so-sanh/<int:old_id>/<int:new_id>/",
        views.comparison,
        name="comparison",
        permission=DOCUMENT_SEE,
    ),
    route(
        "<int:document_id>/so-sanh/<int:old_id>/<int:new_id>/tom-tat/",
        views.summary_save,
        name="summary_save",
        permission=DOCUMENT_DRAFT,
    ),
]
