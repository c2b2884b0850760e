"""Addresses of planning."""

from nep.apps.planning import views
from nep.foundation.web.routes import route

app_name = "planning"
SEE, WORK, MANAGE, SET = "risk.see", "risk.work", "risk.manage", "risk.set"
RISK = "rui-ro/<int:risk_id>/"

RISKS = [
    route("rui-ro/", views.risks, name="risks", permission=SEE),
    route("rui-ro/so.<str:ending>", views.risk_file, name="risk_file", permission=SEE),
    route("rui-ro/moi/", views.risk_new, name="risk_new", permission=WORK),
    route("rui-ro/goi-y/", views.risk_proposals, name="risk_proposals", permission=SEE),
    route("rui-ro/goi-y/dua-vao/", views.risk_take, name="risk_take", permission=WORK),
    route("rui-ro/thang/", views.risk_scale, name="risk_scale", permission=SEE),
    route("rui-ro/thang/dat/", views.risk_scale_set, name="risk_scale_set", permission=SET),
    route("rui-ro/phong-ngua/", views.prevention, name="prevention", permission=SEE),
    route("rui-ro/phong-ngua/bang.<str:ending>", views.prevention_file, name="prevention_file",
          permission=SEE),
    route("co-hoi/", views.opportunities, name="opportunities", permission=SEE),
    route("co-hoi/so.<str:ending>", views.opportunity_file, name="opportunity_file",
          permission=SEE),
    route(RISK, views.risk, name="risk", permission=WORK),
    route(RISK + "sua/", views.risk_edit, name="risk_edit", permission=WORK),
    route(RISK + "muc/", views.risk_rate, name="risk_rate", permission=WORK),
    route(RISK + "hanh-dong/", views.risk_act, name="risk_act", permission=WORK),
    route(RISK + "chap-nhan/", views.risk_accept, name="risk_accept", permission="risk.accept"),
    route(RISK + "kiem-tra/", views.risk_verify, name="risk_verify", permission=MANAGE),
    route(RISK + "lam-tiep/", views.risk_return, name="risk_return", permission=MANAGE),
    route(RISK + "giao/", views.risk_assign, name="risk_assign", permission=MANAGE),
    route(RISK + "xay-ra/", views.risk_happen, name="risk_happen", permission=WORK),
    route(RISK + "thoi/", views.risk_close, name="risk_close", permission=MANAGE),
]  # fmt: skip
LOOK, WRITE, APPROVE = "context.see", "context.draft", "context.approve"
STATED = "boi-canh/<int:statement_id>/"

CONTEXT = [
    route("boi-canh/", views.context_home, name="context", permission=LOOK),
    route("boi-canh/ben-quan-tam/", views.parties, name="parties", permission=LOOK),
    route("boi-canh/pham-vi/", views.scope, name="scope", permission=LOOK),
    route("boi-canh/chinh-sach/", views.policy, name="policy", permission=LOOK),
    route("boi-canh/soan/<str:part>/", views.statement_write, name="statement_write",
          permission=WRITE),
    route("boi-canh/soan/", views.statements_write, name="statements_write", permission=WRITE),
    route("boi-canh/phe-duyet/", views.statements_approve, name="statements_approve",
          permission=APPROVE),
    route(STATED, views.statement, name="statement", permission="document.see"),
    route(STATED + "ban.<str:ending>", views.statement_paper, name="statement_paper",
          permission="document.see"),
    route(STATED + "niem-yet-<str:size>.pdf", views.policy_poster, name="policy_poster",
          permission="document.see"),
    route(STATED + "luu/", views.statement_deposit, name="statement_deposit",
          permission="record.keep"),
    route(STATED + "trinh/", views.statement_submit, name="statement_submit", permission=WRITE),
    route(STATED + "rut-lai/", views.statement_take_back, name="statement_take_back",
          permission=WRITE),
    route(STATED + "bo/", views.statement_drop, name="statement_drop", permission=WRITE),
    route(STATED + "soat-lai/", views.statement_confirm, name="statement_confirm",
          permission=WRITE),
    route(STATED + "duyet/", views.statement_approve, name="statement_approve",
          permission=APPROVE),
    route(STATED + "tra-lai/", views.statement_return, name="statement_return",
          permission=APPROVE),
]  # fmt: skip
YEAR_SEE, OWN, GATHER, HEAD = (
    "objective.see",
    "objective.own",
    "objective.manage",
    "objective.approve",
)
PROPOSE, GOAL, SHEET = "objective.propose", "muc-tieu/<int:objective_id>/", "muc-tieu/danh-sach/"
OBJECTIVES = [
    route("muc-tieu/", views.objectives, name="objectives", permission=YEAR_SEE),
    route("muc-tieu/bang.<str:ending>", views.objectives_file, name="objectives_file",
          permission=YEAR_SEE),
    route("muc-tieu/moi/", views.objective_new, name="objective_new", permission=PROPOSE),
    route("muc-tieu/mau/", views.objectives_start, name="objectives_start", permission=GATHER),
    route("muc-tieu/chep/", views.objectives_copy, name="objectives_copy", permission=GATHER),
    route("muc-tieu/trinh/", views.objectives_gather, name="objectives_gather",
          permission=GATHER),
    route(SHEET + "<int:list_id>/", views.objective_list, name="objective_list", permission=OWN),
    route(SHEET + "<int:list_id>/duyet/", views.objectives_approve, name="objectives_approve",
          permission=HEAD),
    route(SHEET + "<int:list_id>/tra-lai/", views.objectives_return, name="objectives_return",
          permission=HEAD),
    route(SHEET + "<int:list_id>/luu/", views.objectives_deposit, name="objectives_deposit",
          permission="record.keep"),
    route(SHEET + "<int:list_id>/ban.<str:ending>", views.objective_list_paper,
          name="objective_list_paper", permission=OWN),
    route("muc-tieu/danh-gia/", views.objectives_judge, name="objectives_judge", permission=OWN),
    route("muc-tieu/tep/<int:value_id>/", views.value_file, name="value_file", permission=OWN),
    route(GOAL, views.objective, name="objective", permission=OWN),
    route(GOAL + "sua/", views.objective_edit, name="objective_edit", permission=PROPOSE),
    route(GOAL + "giu-nguyen/", views.objective_confirm, name="objective_confirm",
          permission=PROPOSE),
    route(GOAL + "ket-qua/", views.value_record, name="value_record", permission=OWN),
    route(GOAL + "nguyen-nhan/", views.value_explain, name="value_explain", permission=OWN),
    route(GOAL + "danh-gia/", views.objective_judge, name="objective_judge", permission=OWN),
    route(GOAL + "do-lai/", views.objective_measure, name="objective_measure",
          permission=GATHER),
    route(GOAL + "bo/", views.objective_drop, name="objective_drop", permission=OWN),
]  # fmt: skip

urlpatterns = [*RISKS, *CONTEXT, *OBJECTIVES]
