"""Addresses of controlled documents."""

from nep.apps.documents import views
from nep.foundation.web.routes import route

app_name = "documents"
SEE, APPROVE = "procedure.see", "procedure.approve"
DOCUMENT_SEE, DOCUMENT_MANAGE = "document.see", "document.manage"
DOCUMENT_DRAFT = "document.draft"
LOOK, ASK, DRAFT = "document.see", "document.ask", "document.draft"
CHECK, SIGN, MANAGE = "document.check", "document.approve", "document.manage"

urlpatterns = [
    route("ngoai-le/", views.exceptions, name="exceptions", permission=SEE),
    route("ngoai-le/cho-phep/", views.exception_grant, name="grant", permission=APPROVE),
    route("ngoai-le/<int:exception_id>/dung/", views.exception_end, name="end", permission=APPROVE),
    # Distribution and reading
    route("thoi-han-doc/", views.reading_term, name="reading_term", permission=DOCUMENT_MANAGE),
    route("can-doc/", views.to_read, name="to_read", permission=DOCUMENT_SEE),
    route(
        "<int:document_id>/da-doc/", views.acknowledge, name="acknowledge", permission=DOCUMENT_SEE
    ),
    route("<int:document_id>/hoi/", views.inquiry_ask, name="inquiry_ask", permission=DOCUMENT_SEE),
    route(
        "hoi-dap/<int:inquiry_id>/tra-loi/",
        views.inquiry_answer,
        name="inquiry_answer",
        permission=DOCUMENT_SEE,
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
    # Search
    route("tim/", views.search_page, name="search", permission=DOCUMENT_SEE),
    route("tim/goi-y/", views.search_suggest, name="suggest", permission=DOCUMENT_SEE),
    route("tim/bieu-mau/", views.form_finder, name="form_finder", permission=DOCUMENT_SEE),
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
    route("nhap/", views.imports, name="imports", permission=DOCUMENT_MANAGE),
    route(
        "nhap/bang-mau.xlsx", views.import_sample, name="import_sample", permission=DOCUMENT_MANAGE
    ),
    route("nhap/<int:batch_id>/", views.import_page, name="import", permission=DOCUMENT_MANAGE),
    route(
        "nhap/<int:batch_id>/nhap-that/",
        views.import_for_real,
        name="import_for_real",
        permission=DOCUMENT_MANAGE,
    ),
    route(
        "nhap/<int:batch_id>/khong-nhan.xlsx",
        views.import_refused,
        name="import_refused",
        permission=DOCUMENT_MANAGE,
    ),
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
        "<int:document_id>/toan-van/<int:revision_id>/in/",
        views.printed,
        name="printed",
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
    # Reviews and paper copies
    route("soat-xet/", views.reviews, name="reviews", permission=DOCUMENT_SEE),
    route("soat-xet/<int:review_id>/", views.review, name="review", permission=DOCUMENT_SEE),
    route("chu-ky-soat-xet/", views.intervals, name="review_intervals", permission=DOCUMENT_MANAGE),
    route("<int:document_id>/sang-nam/", views.forward, name="forward", permission=DOCUMENT_DRAFT),
    route(
        "<int:document_id>/nam/",
        views.document_year,
        name="document_year",
        permission=DOCUMENT_MANAGE,
    ),
    route("ban-giay/", views.copies, name="copies", permission=DOCUMENT_MANAGE),
    route("ban-giay.pdf", views.copies_print, name="copies_print", permission=DOCUMENT_MANAGE),
    route(
        "ban-giay/<int:copy_id>/ket-thuc/",
        views.copy_end,
        name="copy_end",
        permission=DOCUMENT_MANAGE,
    ),
    route(
        "ban-giay/<int:copy_id>/in/",
        views.copy_print,
        name="copy_print",
        permission=DOCUMENT_MANAGE,
    ),
    route(
        "<int:document_id>/ban-giay/", views.copy_give, name="copy_give", permission=DOCUMENT_MANAGE
    ),
    # Life of documents
    route("ban/<int:revision_id>/trinh/", views.life_submit, name="submit", permission=DRAFT),
    route("ban/<int:revision_id>/gop-y/", views.life_consult, name="consult", permission=LOOK),
    route("ban/<int:revision_id>/kiem-tra/", views.life_check, name="check", permission=CHECK),
    route("ban/<int:revision_id>/phe-duyet/", views.life_approve, name="approve", permission=SIGN),
    route("ban/<int:revision_id>/tra-lai/", views.life_return, name="return", permission=LOOK),
    route("ban/<int:revision_id>/rut-lai/", views.life_recall, name="recall", permission=DRAFT),
    route("ban/<int:revision_id>/bo/", views.life_drop, name="drop", permission=DRAFT),
    route("ban/<int:revision_id>/tuyen/", views.life_route, name="route", permission=DRAFT),
    route("ban/<int:revision_id>/lich-su/", views.life_history, name="history", permission=LOOK),
    route(
        "ban/<int:revision_id>/doi-nguoi/<int:asked_id>/",
        views.life_replace,
        name="replace",
        permission=LOOK,
    ),
    route("<int:document_id>/soan-lai/", views.life_redraft, name="redraft", permission=DRAFT),
    route("<int:document_id>/thu-hoi/", views.life_withdraw, name="withdraw", permission=SIGN),
    route("tuyen-duyet/", views.route_templates, name="route_templates", permission=MANAGE),
    route("tuyen-duyet/<str:kind>/", views.route_template, name="route_set", permission=MANAGE),
    # Digital signatures
    route("ban/<int:revision_id>/ky-so/", views.signing, name="signing", permission=LOOK),
    route(
        "ban/<int:revision_id>/ky-so/tep-khoa/",
        views.sign_by_file,
        name="sign_by_file",
        permission=LOOK,
    ),
    route(
        "ban/<int:revision_id>/ky-so/thiet-bi/",
        views.sign_by_token,
        name="sign_by_token",
        permission=LOOK,
    ),
    route(
        "ban/<int:revision_id>/ky-so/ngoai/",
        views.sign_outside,
        name="sign_outside",
        permission=LOOK,
    ),
    route(
        "ban/<int:revision_id>/ky-so/<int:number>/tep.pdf",
        views.signed_file,
        name="signed_file",
        permission=LOOK,
    ),
    route("ky-ngoai/<str:room_key>/", views.signing_room, name="signing_room", permission=LOOK),
    route(
        "ky-ngoai/<str:room_key>/<str:part>",
        views.signing_room_file,
        name="signing_room_file",
        permission=LOOK,
    ),
    # Requests for a change
    route("de-nghi/", views.requests, name="requests", permission=LOOK),
    route("de-nghi/moi/", views.request_new, name="request_new", permission=ASK),
    route("<int:document_id>/de-nghi/", views.request_about, name="request_about", permission=ASK),
    route("de-nghi/<int:request_id>/", views.change_request, name="request", permission=LOOK),
    route(
        "de-nghi/<int:request_id>/chap-nhan/",
        views.request_accept,
        name="request_accept",
        permission=LOOK,
    ),
    route(
        "de-nghi/<int:request_id>/tu-choi/",
        views.request_refuse,
        name="request_refuse",
        permission=LOOK,
    ),
    route(
        "de-nghi/<int:request_id>/rut/",
        views.request_take_back,
        name="request_take_back",
        permission=ASK,
    ),
    # Public pages
    route(
        "<int:document_id>/cong-khai/",
        views.public_set,
        name="public_set",
        permission=DOCUMENT_MANAGE,
    ),
    # External documents that a document names
    route("<int:document_id>/vien-dan/", views.cite, name="cite", permission=DOCUMENT_SEE),
    route("<int:document_id>/vien-dan/bo/", views.uncite, name="uncite", permission=DOCUMENT_SEE),
]
