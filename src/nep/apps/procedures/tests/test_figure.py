"""The diagram on paper: what is cut out of the page's drawing keeps how its words stand."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from nep.apps.procedures.rules.figure import sheets_of
from nep.apps.procedures.tests.scene import draft

SVG = "{http://www.w3.org/2000/svg}"


def placed(node: ET.Element, anchor: str = "start") -> Iterator[tuple[ET.Element, ET.Element, str]]:
    """Yield each step's box, each of its words, and how the words stand at their place."""
    anchor = node.get("text-anchor", anchor)
    box = node.find(f"{SVG}rect")
    if "bp-task" in node.get("class", "") and box is not None:
        for words in node.iter(f"{SVG}text"):
            if "bp-n" not in words.get("class", ""):
                yield box, words, words.get("text-anchor", anchor)
    for inner in node:
        yield from placed(inner, anchor)


def test_words_of_a_printed_step_stand_in_the_middle_of_its_box():
    found = [
        one for sheet in sheets_of(draft().process, {}) for one in placed(ET.fromstring(sheet.svg))
    ]

    assert len(found) >= 4
    for box, words, anchor in found:
        middle = float(box.get("x", 0)) + float(box.get("width", 0)) / 2
        assert (anchor, round(float(words.get("x", 0)))) == ("middle", round(middle)), words.text
