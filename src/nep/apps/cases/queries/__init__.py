"""Reads of cases: frozen values of one agency; the applicant only where it is needed."""

from nep.apps.cases.queries import _figures_invariants as _figures_invariants
from nep.apps.cases.queries import _given_invariants as _given_invariants
from nep.apps.cases.queries import _invariants as _invariants  # registered for `nep doctor`
from nep.apps.cases.queries import _ledgers as _ledgers
from nep.apps.cases.queries import _privacy_invariants as _privacy_invariants
from nep.apps.cases.queries import _step_data_invariants as _step_data_invariants
from nep.apps.cases.queries import _step_records as _step_records
from nep.apps.cases.queries import _waiting_invariants as _waiting_invariants
from nep.apps.cases.queries._case_rows import Beside
from nep.apps.cases.queries._case_view import CaseView, case_view
from nep.apps.cases.queries._evidence import evidence, evidence_counts, evidence_told
from nep.apps.cases.queries._fed import FedFile, fed_file, fed_file_days, fed_files
from nep.apps.cases.queries._fed_matches import CorrectionLine, FedMatches, MatchLine, fed_matches
from nep.apps.cases.queries._forms import (
    ApologyData,
    ApplicantFacts,
    EndingData,
    FormHead,
    FormPaper,
    ReceiptData,
    SlipData,
    SlipRow,
    SupplementData,
    control_slip,
    receipt_data,
    supplement_data,
)
from nep.apps.cases.queries._holding import HolderLine, LateCause, holder_lines, late_causes
from nep.apps.cases.queries._intake import Intake, Suggestion, intake, suggestions
from nep.apps.cases.queries._joint import (
    JointLine,
    JointLists,
    JointPage,
    joint_lists,
    joint_page,
    joint_paper,
    joints_of,
)
from nep.apps.cases.queries._lists import (
    FIGURE_GROUPS,
    MOST_EXPORTED,
    CaseFilter,
    CaseLine,
    CaseLines,
    Figures,
    FigureTable,
    MonthFigures,
    ProcedureFigures,
    case_lines,
    cases_count,
    cases_list,
    figure_years,
    figures,
    late_cases,
    month_asked,
)
from nep.apps.cases.queries._next import (
    Account,
    NextAction,
    next_action,
    result_account,
    step_account,
)
from nep.apps.cases.queries._page import CasePage, case_page, paper_file
from nep.apps.cases.queries._plans import plan
from nep.apps.cases.queries._public import PublicCase, PublicState, public_case, public_state
from nep.apps.cases.queries._reprojection import (
    CaseMove,
    Preview,
    ReprojectionLine,
    reprojection_lines,
    reprojection_preview,
)
from nep.apps.cases.queries._running import (
    ExtensionLine,
    LinkLine,
    ResultCorrection,
    Running,
    case_correction,
    case_tie,
    running,
)
from nep.apps.cases.queries._step_data import (
    StepAsks,
    StepDataLine,
    asks_of_run,
    personal_values,
    step_asks,
    step_data_lines,
    step_file,
)
from nep.apps.cases.queries._subjects import case_subjects, correction_subjects, joint_subjects
from nep.apps.cases.queries._time_rules import (
    TimeRuleLine,
    TimeRulePage,
    time_rule_page,
    time_rules,
)

__all__ = [
    "FIGURE_GROUPS",
    "MOST_EXPORTED",
    "Account",
    "ApologyData",
    "ApplicantFacts",
    "Beside",
    "CaseFilter",
    "CaseLine",
    "CaseLines",
    "CaseMove",
    "CasePage",
    "CaseView",
    "CorrectionLine",
    "EndingData",
    "ExtensionLine",
    "FedFile",
    "FedMatches",
    "FigureTable",
    "Figures",
    "FormHead",
    "FormPaper",
    "HolderLine",
    "Intake",
    "JointLine",
    "JointLists",
    "JointPage",
    "LateCause",
    "LinkLine",
    "MatchLine",
    "MonthFigures",
    "NextAction",
    "Preview",
    "ProcedureFigures",
    "PublicCase",
    "PublicState",
    "ReceiptData",
    "ReprojectionLine",
    "ResultCorrection",
    "Running",
    "SlipData",
    "SlipRow",
    "StepAsks",
    "StepDataLine",
    "Suggestion",
    "SupplementData",
    "TimeRuleLine",
    "TimeRulePage",
    "asks_of_run",
    "case_correction",
    "case_lines",
    "case_page",
    "case_subjects",
    "case_tie",
    "case_view",
    "cases_count",
    "cases_list",
    "control_slip",
    "correction_subjects",
    "evidence",
    "evidence_counts",
    "evidence_told",
    "fed_file",
    "fed_file_days",
    "fed_files",
    "fed_matches",
    "figure_years",
    "figures",
    "holder_lines",
    "intake",
    "joint_lists",
    "joint_page",
    "joint_paper",
    "joint_subjects",
    "joints_of",
    "late_cases",
    "late_causes",
    "month_asked",
    "next_action",
    "paper_file",
    "personal_values",
    "plan",
    "public_case",
    "public_state",
    "receipt_data",
    "reprojection_lines",
    "reprojection_preview",
    "result_account",
    "running",
    "step_account",
    "step_asks",
    "step_data_lines",
    "step_file",
    "suggestions",
    "supplement_data",
    "time_rule_page",
    "time_rules",
]
