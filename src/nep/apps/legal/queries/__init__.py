"""Reads of the register of external documents: frozen values."""

from nep.apps.legal.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.legal.queries._citations import (
    CitationLine,
    EndedText,
    Warned,
    citations_of,
    ended_texts,
    expired_among,
)
from nep.apps.legal.queries._evidence import evidence, evidence_counts, evidence_told
from nep.apps.legal.queries._external import ExternalPage, external_page, file_of
from nep.apps.legal.queries._figures import LegalTally, legal_tally
from nep.apps.legal.queries._register import (
    MOST_EXPORTED,
    PAGE,
    RegisterFilter,
    RegisterLine,
    RegisterPage,
    by_symbol,
    choices,
    chosen,
    register,
)
from nep.apps.legal.queries._reviews import (
    DONE,
    WAITING,
    ReviewLine,
    review,
    reviews,
    year_counts,
)
from nep.apps.legal.queries._search import SEARCH_SOURCE

__all__ = [
    "DONE",
    "MOST_EXPORTED",
    "PAGE",
    "SEARCH_SOURCE",
    "WAITING",
    "CitationLine",
    "EndedText",
    "ExternalPage",
    "LegalTally",
    "RegisterFilter",
    "RegisterLine",
    "RegisterPage",
    "ReviewLine",
    "Warned",
    "by_symbol",
    "choices",
    "chosen",
    "citations_of",
    "ended_texts",
    "evidence",
    "evidence_counts",
    "evidence_told",
    "expired_among",
    "external_page",
    "file_of",
    "legal_tally",
    "register",
    "review",
    "reviews",
    "year_counts",
]
