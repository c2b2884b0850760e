"""Addresses of cases."""

from django.urls import register_converter

from nep.apps.cases import views
from nep.apps.cases.views import citizens as citizen_views
from nep.apps.cases.views import (
    discovery,
    fed,
    fed_matches,
    figure,
    form_editions,
    given,
    moving,
    papers,
    register,
    step_data,
)
from nep.apps.cases.views import erasure as erasure_views
from nep.apps.cases.views import privacy as privacy_views
from nep.apps.cases.views import sources as source_views
from nep.apps.cases.views import unmatched as unmatched_views
from nep.foundation.web.routes import route


class EndingConverter:
    """The two forms in which a legal paper can be had."""

    regex = "pdf|docx"

    def to_python(self, value: str) -> str:
        """Return the ending as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return the ending as it is."""
        return value


class OwnEndingConverter(EndingConverter):
    """The two forms in which a person's own data can be had."""

    regex = "pdf|json"


register_converter(EndingConverter, "ending")
register_converter(OwnEndingConverter, "own_ending")
app_name = "cases"
SOURCE = "case.source"
FORMS = "form.manage"
SEE, ACCEPT, STEP, IMPORT = "case.see", "case.accept", "case.step", "case.import"
MANAGE = "case.manage"
APPLICANT, PRIVACY = "case.applicant", "case.privacy"

urlpatterns = [
    route("", views.case_list, name="list", permission=SEE),
    route("xuat.xlsx", views.case_export, name="export", permission=SEE),
    route("tiep-nhan/", views.intake, name="intake", permission=ACCEPT),
    route("nguon/", source_views.sources, name="sources", permission=SOURCE),
    route("nguon/<int:source_id>/", source_views.source, name="source", permission=SOURCE),
    route(
        "nguon/<int:source_id>/khoa/", source_views.source_key, name="source_key", permission=SOURCE
    ),
    route(
        "nguon/<int:source_id>/tat/",
        source_views.source_close,
        name="source_close",
        permission=SOURCE,
    ),
    route(
        "nguon/<int:source_id>/cach-ghi/<int:wording_id>/bo/",
        source_views.source_wording,
        name="source_wording",
        permission=SOURCE,
    ),
    route("so-theo-doi/", register.register_page, name="register", permission=SEE),
    route("so-theo-doi.xlsx", register.register_xlsx, name="register_xlsx", permission=SEE),
    route("so-theo-doi.pdf", register.register_file, name="register_pdf", permission=SEE),
    route("so-theo-doi.docx", register.register_word, name="register_docx", permission=SEE),
    route("so-van-ban/", given.given_page, name="given", permission=SEE),
    route("so-van-ban.xlsx", given.given_xlsx, name="given_xlsx", permission=SEE),
    route("so-van-ban.pdf", given.given_pdf, name="given_pdf", permission=SEE),
    route(
        "so-van-ban/<int:given_id>.<ending:ending>",
        privacy_views.given_recorded(papers.given_file),
        name="given_file",
        permission=APPLICANT,
    ),
    route("bieu-mau/", form_editions.forms_page, name="forms", permission=FORMS),
    route("bieu-mau/<int:edition_id>/", form_editions.form_page, name="form", permission=FORMS),
    route(
        "bieu-mau/<int:edition_id>/sua/",
        form_editions.form_edit,
        name="form_edit",
        permission=FORMS,
    ),
    route(
        "bieu-mau/<int:edition_id>/xem.<ending:ending>",
        form_editions.form_preview,
        name="form_preview",
        permission=FORMS,
    ),
    route(
        "bieu-mau/<int:edition_id>/so-sanh/<int:other_edition_id>/",
        form_editions.form_compare,
        name="form_compare",
        permission=FORMS,
    ),
    route(
        "bieu-mau/<int:edition_id>/ban-moi/",
        form_editions.form_new,
        name="form_new",
        permission=FORMS,
    ),
    route(
        "bieu-mau/<int:edition_id>/ap-dung/",
        form_editions.form_publish,
        name="form_publish",
        permission=FORMS,
    ),
    route(
        "bieu-mau/<int:edition_id>/rut/",
        form_editions.form_withdraw,
        name="form_withdraw",
        permission=FORMS,
    ),
    route(
        "bieu-mau/<int:edition_id>/bo/",
        form_editions.form_drop,
        name="form_drop",
        permission=FORMS,
    ),
    route("chuyen-ban/<int:revision_id>/", moving.moving, name="moving", permission="case.move"),
    route("chua-khop/", unmatched_views.unmatched, name="unmatched", permission=IMPORT),
    route("lech-quy-trinh/", unmatched_views.deviations, name="deviations", permission=SEE),
    route("noi-bo/", views.internal, name="internal", permission=STEP),
    route("nhap/", fed.fed_files, name="fed", permission=IMPORT),
    route("nhap/<int:import_id>/", fed.fed_file, name="fed_file", permission=IMPORT),
    route("nhap/<int:import_id>/cot/", fed.fed_map, name="fed_map", permission=IMPORT),
    route(
        "nhap/<int:import_id>/quy-trinh/",
        discovery.discovery,
        name="discovery",
        permission="procedure.draft",
    ),
    route("nhap/<int:import_id>/bat-dau/", fed.fed_begin, name="fed_begin", permission=IMPORT),
    route("<int:case_id>/khop-buoc/", fed_matches.fed_match, name="fed_match", permission=IMPORT),
    route(
        "<int:case_id>/khop-buoc/<int:event_id>/hoan-tac/",
        fed_matches.fed_match_undo,
        name="fed_match_undo",
        permission=IMPORT,
    ),
    route("quy-tac-thoi-gian/", views.time_rules, name="time_rules", permission=SEE),
    route("tinh-lai-han/", views.reprojection, name="reprojection", permission="calendar.manage"),
    route("danh-gia/", citizen_views.ratings, name="ratings", permission=SEE),
    route("danh-gia.xlsx", citizen_views.ratings_xlsx, name="ratings_xlsx", permission=SEE),
    route("phan-anh/", citizen_views.reports, name="reports", permission=SEE),
    route("phan-anh/<int:report_id>/", citizen_views.report, name="report", permission=SEE),
    route(
        "phan-anh/<int:report_id>/khep/",
        citizen_views.report_close,
        name="report_close",
        permission=SEE,
    ),
    route("da-xem/", privacy_views.looks, name="looks", permission=PRIVACY),
    route("xoa-du-lieu/", erasure_views.erasures, name="erasures", permission=PRIVACY),
    route(
        "xoa-du-lieu/quy-tac/<slug:rule>/",
        erasure_views.erasure_rule,
        name="erasure_rule",
        permission=PRIVACY,
    ),
    route(
        "xoa-du-lieu/<int:erasure_id>/",
        erasure_views.erasure,
        name="erasure",
        permission=PRIVACY,
    ),
    route(
        "xoa-du-lieu/<int:erasure_id>/loi-ghi/",
        erasure_views.erasure_words,
        name="erasure_words",
        permission=PRIVACY,
    ),
    route("<int:case_id>/", views.case, name="case", permission=SEE),
    route(
        "<int:case_id>/nguoi-nop/", privacy_views.applicant, name="applicant", permission=APPLICANT
    ),
    route(
        "<int:case_id>/nguoi-nop/sua/",
        privacy_views.applicant_correct,
        name="applicant_correct",
        permission=ACCEPT,
    ),
    route(
        "<int:case_id>/nguoi-nop/du-lieu.<own_ending:ending>",
        privacy_views.own_data,
        name="own_data",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/da-xem/", privacy_views.looks_of_case, name="looks_of_case", permission=SEE
    ),
    route("<int:case_id>/giu-lai/", privacy_views.hold, name="hold", permission=PRIVACY),
    route("<int:case_id>/gia-han/", views.extend, name="extend", permission=STEP),
    route("<int:case_id>/khan/", views.urgent, name="urgent", permission=MANAGE),
    route("<int:case_id>/dung-giai-quyet/", views.stop, name="stop", permission=MANAGE),
    route("<int:case_id>/thu-hoi/<int:run_id>/", views.recall, name="recall", permission=STEP),
    route("<int:case_id>/noi/", views.link, name="link", permission=STEP),
    route("<int:case_id>/noi/<int:link_id>/bo/", views.unlink, name="unlink", permission=STEP),
    route("<int:case_id>/dinh-chinh/", views.correct, name="correct", permission=SEE),
    route(
        "dinh-chinh/<int:correction_id>/xong/",
        views.correct_done,
        name="correct_done",
        permission=STEP,
    ),
    route("lien-thong/", views.joints, name="joints", permission=SEE),
    route("lien-thong/<int:joint_id>/", views.joint, name="joint", permission=SEE),
    route(
        "lien-thong/<int:joint_id>/nhan/", views.joint_claim, name="joint_claim", permission=STEP
    ),
    route(
        "lien-thong/<int:joint_id>/giao/", views.joint_assign, name="joint_assign", permission=STEP
    ),
    route(
        "lien-thong/<int:joint_id>/tra-loi/",
        views.joint_answer,
        name="joint_answer",
        permission=STEP,
    ),
    route(
        "lien-thong/<int:joint_id>/giay-to/<int:paper_id>/",
        privacy_views.joint_recorded(views.joint_paper),
        name="joint_paper",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/giao-lien-thong/<int:run_id>/",
        views.joint_open,
        name="joint_open",
        permission=STEP,
    ),
    route(
        "<int:case_id>/giay-hen/",
        privacy_views.recorded(views.receipt, "receipt"),
        name="receipt",
        permission=APPLICANT,
    ),
    route("<int:case_id>/phieu-kiem-soat/", views.slip, name="slip", permission=SEE),
    route(
        "<int:case_id>/han-buoc/<int:item_id>/",
        views.step_explanation,
        name="step_explanation",
        permission=SEE,
    ),
    route(
        "<int:case_id>/han-ket-qua/",
        views.result_explanation,
        name="result_explanation",
        permission=SEE,
    ),
    route("<int:case_id>/buoc/<int:run_id>/", views.step, name="step", permission=STEP),
    route(
        "<int:case_id>/buoc/<int:run_id>/bao-loi/",
        views.step_error,
        name="step_error",
        permission=STEP,
    ),
    route("<int:case_id>/cho/<int:wait_id>/", views.wait_end, name="wait_end", permission=MANAGE),
    route(
        "<int:case_id>/thu-tuc-con/<int:call_id>/",
        views.call_end,
        name="call_end",
        permission=MANAGE,
    ),
    route(
        "<int:case_id>/y-kien/<int:run_id>/thoi-hoi/",
        views.opinion_withdraw,
        name="opinion_withdraw",
        permission=STEP,
    ),
    route(
        "<int:case_id>/y-kien/<int:run_id>/tep/",
        privacy_views.recorded(views.opinion_file, "paper"),
        name="opinion_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/buoc/<int:run_id>/du-lieu/",
        step_data.step_fields,
        name="step_fields",
        permission=STEP,
    ),
    route(
        "<int:case_id>/buoc/<int:run_id>/bieu-mau/<int:document_id>.<ending:ending>",
        privacy_views.recorded(step_data.step_form_file, "receipt"),
        name="step_form",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/tep-buoc/<int:data_id>/<slug:field_name>/",
        privacy_views.recorded(step_data.step_file, "paper"),
        name="step_file",
        permission=APPLICANT,
    ),
    route("<int:case_id>/luu-do/", figure.figure, name="figure", permission=SEE),
    route("<int:case_id>/nhan/", views.claim, name="claim", permission=STEP),
    route(
        "<int:case_id>/giao-ngoai/<int:run_id>/",
        views.hand_outside,
        name="hand_outside",
        permission=STEP,
    ),
    route("<int:case_id>/bo-sung/", views.supplement, name="supplement", permission=STEP),
    route("<int:case_id>/tam-dung/", views.pause, name="pause", permission=STEP),
    route("<int:case_id>/chay-lai/", views.resume, name="resume", permission=STEP),
    route("<int:case_id>/tu-choi/", views.refuse, name="refuse", permission=STEP),
    route("<int:case_id>/rut/", views.withdraw, name="withdraw", permission=ACCEPT),
    route("<int:case_id>/tra-ket-qua/", views.give_result, name="give_result", permission=ACCEPT),
    route("<int:case_id>/giay-to/", views.paper_add, name="paper_add", permission=STEP),
    route(
        "<int:case_id>/giay-to/<int:paper_id>/",
        privacy_views.recorded(views.paper_file, "paper"),
        name="paper_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/giay-hen.<ending:ending>",
        privacy_views.recorded(papers.receipt_file, "receipt"),
        name="receipt_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/phieu-bo-sung.<ending:ending>",
        privacy_views.recorded(papers.supplement_file, "receipt"),
        name="supplement_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/phieu-tu-choi.<ending:ending>",
        privacy_views.recorded(papers.refusal_file, "receipt"),
        name="refusal_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/xin-loi-gia-han.<ending:ending>",
        privacy_views.recorded(papers.apology_file, "receipt"),
        name="apology_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/thong-bao-dung.<ending:ending>",
        privacy_views.recorded(papers.stop_file, "receipt"),
        name="stop_file",
        permission=APPLICANT,
    ),
    route(
        "<int:case_id>/phieu-kiem-soat.<ending:ending>",
        papers.slip_file,
        name="slip_file",
        permission=SEE,
    ),
]
