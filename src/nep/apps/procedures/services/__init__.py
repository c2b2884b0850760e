"""Writes of TTHC, procedures and imports: each function is one user action."""

from nep.apps.procedures.services._citations import procedure_cite, procedure_uncite
from nep.apps.procedures.services._drafts import (
    Begun,
    procedure_create,
    procedure_revise,
)
from nep.apps.procedures.services._edits import (
    EditConflict,
    Edited,
    definition_edit,
    definition_redo,
    definition_replace,
    definition_undo,
    drawing_save,
)
from nep.apps.procedures.services._imports import (
    READ_JOB,
    Choice,
    Drafted,
    procedure_import,
    word_drafts_create,
    word_read,
    word_upload,
)
from nep.apps.procedures.services._life import (
    refusal_sentence,
    revision_confirm,
    revision_drop,
    revision_publish,
    revision_recall,
    revision_return,
    revision_submit,
)
from nep.apps.procedures.services._linter import linter_rule_reset, linter_rule_set
from nep.apps.procedures.services._mapping import role_mapping_keep
from nep.apps.procedures.services._model_files import ModelTaken, model_import
from nep.apps.procedures.services._paper_template import paper_template_drop, paper_template_set
from nep.apps.procedures.services._published import (
    MOST_AT_ONCE,
    draft_from_tthc,
    tthc_bind,
    tthc_bind_all,
    tthc_take_entries,
    tthc_take_over,
)
from nep.apps.procedures.services._reading import procedures_read
from nep.apps.procedures.services._shares import tthc_share, tthc_unshare
from nep.apps.procedures.services._tthc import (
    PaperValues,
    TthcValues,
    tthc_change,
    tthc_create,
)
from nep.apps.procedures.services._unmapped import roles_map

__all__ = [
    "MOST_AT_ONCE",
    "READ_JOB",
    "Begun",
    "Choice",
    "Drafted",
    "EditConflict",
    "Edited",
    "ModelTaken",
    "PaperValues",
    "TthcValues",
    "definition_edit",
    "definition_redo",
    "definition_replace",
    "definition_undo",
    "draft_from_tthc",
    "drawing_save",
    "linter_rule_reset",
    "linter_rule_set",
    "model_import",
    "paper_template_drop",
    "paper_template_set",
    "procedure_cite",
    "procedure_create",
    "procedure_import",
    "procedure_revise",
    "procedure_uncite",
    "procedures_read",
    "refusal_sentence",
    "revision_confirm",
    "revision_drop",
    "revision_publish",
    "revision_recall",
    "revision_return",
    "revision_submit",
    "role_mapping_keep",
    "roles_map",
    "tthc_bind",
    "tthc_bind_all",
    "tthc_change",
    "tthc_create",
    "tthc_share",
    "tthc_take_entries",
    "tthc_take_over",
    "tthc_unshare",
    "word_drafts_create",
    "word_read",
    "word_upload",
]
