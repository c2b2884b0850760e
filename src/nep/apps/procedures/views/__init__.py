"""Pages of procedures, TTHC and the Word import."""

from nep.apps.procedures.views._citations import cite, uncite
from nep.apps.procedures.views._coverage import (
    bind,
    coverage,
    coverage_sheet,
    draft,
    share,
    take_entries,
    take_over,
    unshare,
)
from nep.apps.procedures.views._diagram import diagram, draw
from nep.apps.procedures.views._differences import revision_differences
from nep.apps.procedures.views._failing import failing_path
from nep.apps.procedures.views._files import bpmn_file, original_file
from nep.apps.procedures.views._life import (
    confirm,
    drop,
    give_back,
    procedure_revise,
    publish,
    recall,
    submit,
)
from nep.apps.procedures.views._linter import linter, linter_set
from nep.apps.procedures.views._lists import procedure_best, procedure_list, procedure_new
from nep.apps.procedures.views._model_file import model_check, model_import
from nep.apps.procedures.views._others import row_new
from nep.apps.procedures.views._paper import paper_page, word_file
from nep.apps.procedures.views._paper_template import (
    paper_template,
    paper_template_drop,
    paper_template_file,
    paper_template_start,
)
from nep.apps.procedures.views._revision import lanes, revision_edit, revision_page, step_panel
from nep.apps.procedures.views._simulation import simulation
from nep.apps.procedures.views._slack import revision_slack
from nep.apps.procedures.views._tthc import tthc_edit, tthc_list, tthc_new
from nep.apps.procedures.views._unmapped import responsibles
from nep.apps.procedures.views._word import word_batch, word_drafts, word_upload

__all__ = [
    "bind",
    "bpmn_file",
    "cite",
    "confirm",
    "coverage",
    "coverage_sheet",
    "diagram",
    "draft",
    "draw",
    "drop",
    "failing_path",
    "give_back",
    "lanes",
    "linter",
    "linter_set",
    "model_check",
    "model_import",
    "original_file",
    "paper_page",
    "paper_template",
    "paper_template_drop",
    "paper_template_file",
    "paper_template_start",
    "procedure_best",
    "procedure_list",
    "procedure_new",
    "procedure_revise",
    "publish",
    "recall",
    "responsibles",
    "revision_differences",
    "revision_edit",
    "revision_page",
    "revision_slack",
    "row_new",
    "share",
    "simulation",
    "step_panel",
    "submit",
    "take_entries",
    "take_over",
    "tthc_edit",
    "tthc_list",
    "tthc_new",
    "uncite",
    "unshare",
    "word_batch",
    "word_drafts",
    "word_file",
    "word_upload",
]
