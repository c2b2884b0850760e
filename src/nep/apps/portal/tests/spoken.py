"""What a page says, aloud or on screen, in which language."""

from lxml import html

from nep.kernel.text import fold

SPOKEN = ("aria-label", "title", "placeholder", "alt")


def vietnamese_in(content: bytes) -> list[str]:
    """Return the Vietnamese words of a page, but for names marked as Vietnamese."""
    page = html.fromstring(content.decode())
    for one in page.xpath("//*[@lang='vi']|//head"):
        one.drop_tree()
    said = [page.text_content(), *(v for name in SPOKEN for v in page.xpath(f"//@{name}"))]
    return [
        word for word in " ".join(said).split() if fold(word) != word.lower() and "Nếp" not in word
    ]
