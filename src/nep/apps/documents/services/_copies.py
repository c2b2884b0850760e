"""Frozen copies made before the transaction that publishes them.

An approval is tried; where its frozen copies are not ready yet it is taken back whole, the copies
are made while nothing is locked, and it is tried again. So LibreOffice never holds a lock, and
what is published is exactly what was made for this cover, these signers and these days.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.crypto import salted_hmac

from nep.apps.documents import queries, rules
from nep.foundation.files import queries as files
from nep.foundation.files.kinds import kind_of
from nep.foundation.printing.cover import Cover, cover_pdf
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.preview import pdf_of
from nep.foundation.printing.ready import ready_keep, ready_paper
from nep.foundation.printing.stamp import Stamp, is_signed, stamped
from nep.foundation.printing.tags import fill_tags, tags_in, unknown_tags
from nep.kernel.errors import Refusal

ADVICE = " Hãy sửa tệp gốc, hoặc đính kèm bản PDF ở thẻ Toàn văn, rồi phê duyệt lại."
TRIES = 3
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a frozen copy is made of; `body` is in the kind that its `name` says."""

    code: str
    name: str
    body: bytes
    cover: Cover | None
    stamp: Stamp

    @property
    def sha256(self) -> str:
        """Return the hash of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def key(self) -> str:
        """Return the SHA-256 over all of it."""
        parts = [
            "bản công bố 1",
            self.sha256,
            asdict(self.cover) if self.cover else None,
            asdict(self.stamp),
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class CopiesMissing(Exception):
    """What is to be published has not been made yet."""

    def __init__(self, recipes: list[Recipe]) -> None:
        super().__init__([recipe.code for recipe in recipes])
        self.recipes = recipes


def with_copies(act: Callable[[], Result], *, now: datetime) -> Result:
    """Do an action in a transaction; make the copies it misses outside of it, and do it again.

    Raises Refusal with what the action refuses, with why a copy cannot be made, or
    "publication_changing" when what the copies say changes all the time.
    """
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return act()
        except CopiesMissing as missing:
            for recipe in missing.recipes:
                copy_make(recipe, now=now)
    raise Refusal(
        "publication_changing",
        "Dữ liệu in trên bản công bố vừa đổi trong lúc dựng tệp. Hãy bấm phê duyệt lại.",
    )


def copy_make(recipe: Recipe, *, now: datetime) -> None:
    """Make a frozen copy ready. Raises Refusal with why it cannot be made."""
    if ready_paper(recipe.key) is not None:
        return
    pages = body_make(recipe)
    if is_signed(pages):  # came signed: published as it is, signed bytes are never changed
        ready_keep(recipe.key, pages)
        return
    try:
        cover = b"" if recipe.cover is None else cover_pdf(recipe.cover, made_at=now)
        made = stamped(pages, recipe.stamp, made_at=now, cover=cover)
    except NotMade as reason:
        raise Refusal(f"publication_{reason.code}", reason.message + ADVICE) from reason
    ready_keep(recipe.key, made)


def body_make(recipe: Recipe) -> bytes:
    """Return the body as PDF, kept for the next time. Raises Refusal with why it cannot be made."""
    try:
        return pdf_of(recipe.body, name=recipe.name)
    except NotMade as reason:
        raise Refusal(f"publication_{reason.code}", reason.message + ADVICE) from reason


def recipe_of(found: queries.Publication, *, key: str) -> Recipe:
    """Return what the frozen copy of a revision is made of as it stands.

    Raises Refusal("publication_no_file", "publication_tags", "publication_older", what is wrong
    with a Word file).
    """
    try:
        name, body, has_own_cover = _body(found)
    except NotMade as reason:
        raise Refusal(f"publication_{reason.code}", reason.message + ADVICE) from reason
    is_plain = has_own_cover or found.kind == rules.FORM
    stamp = queries.valid_stamp(found, link=queries.verification_link(key))
    return Recipe(found.code, name, body, None if is_plain else found.cover, stamp)


def public_key(revision_id: int, content_hash: str) -> str:
    """Return the key of a revision's verification page: 20 letters nobody guesses.

    The same content of the same revision has the same key, so that a copy can be made before it.
    """
    made = salted_hmac(
        "nep.documents.public_key", f"{revision_id}:{content_hash}", algorithm="sha256"
    )
    return urlsafe_b64encode(made.digest()[:15]).decode()


def _body(found: queries.Publication) -> tuple[str, bytes, bool]:
    """Return name and bytes of what is published, and whether it has its cover (filled tags)."""
    if found.original_file_id is None and found.published_file_id is None:
        raise Refusal(
            "publication_no_file",
            "Bản này chưa có tệp nội dung nên chưa ban hành được. Hãy tải tệp lên rồi trình lại.",
        )
    attached = found.published_file_id
    if attached is not None:
        _check_age(found, attached)
        return files.facts(attached).name, files.read(attached), False
    facts = files.facts(found.original_file_id or 0)
    data = files.read(facts.id)
    if kind_of(data, name=facts.name).name != "docx" or found.kind == rules.FORM:
        return facts.name, data, False
    tags = tags_in(data)
    wrong = unknown_tags(tags)
    if wrong:
        raise Refusal(
            "publication_tags",
            "Tệp Word có thẻ chưa đúng nên chưa ban hành được: " + " ".join(wrong),
        )
    if not tags:
        return facts.name, data, False
    texts, tables = queries.tag_texts(found), queries.tag_tables(found)
    return facts.name, fill_tags(data, texts=texts, tables=tables), True


def _check_age(found: queries.Publication, attached: int) -> None:
    if found.original_file_id is None:
        return
    if files.facts(attached).stored_at < files.facts(found.original_file_id).stored_at:
        raise Refusal(
            "publication_older",
            "Tệp gốc đã được thay sau khi đính kèm bản PDF. Hãy xuất lại PDF từ tệp gốc mới và "
            "đính kèm lại.",
        )
