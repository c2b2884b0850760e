"""What the views of audits share."""

from typing import Any

from nep.kernel.errors import NotFound


def ending_of(text: str) -> Any:
    """Return "pdf" or "docx". Raises NotFound."""
    if text not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Giấy này chỉ có dạng PDF và Word.")
    return text
