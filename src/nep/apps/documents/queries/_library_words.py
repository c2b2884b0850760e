"""The words of codes, titles and tags: the documents that hold what was typed."""

from django.db.models import Q

from nep.foundation.db import words
from nep.kernel.text import fold


def matching(q: str) -> Q:
    """Return the condition that a document holds every word of a text, each as a word's start.

    With and without marks, đ as d. Compares row by row: few rows, or many that match.
    """
    found = Q()
    for word in fold(q).split():
        found &= Q(folded__word=word)
    return found


def words_asked(q: str, *, agency_id: int) -> words.WordsAsked:
    """Return a typed text as a question to the index of the library's words."""
    return words.words_asked(
        q, index="documents_word", table="documents_document", agency_id=agency_id
    )
