"""XML of strangers is read with lines, or refused with a reason."""

import pytest

from nep.kernel.safexml import XmlRefused, parse_xml


def test_an_element_knows_tag_attributes_text_tail_and_line():
    root = parse_xml(b'<a xmlns="u:x" xmlns:k="u:k">\n t<b k:m="1" n="2">in</b>after\n<b/></a>')
    first = root.find("{u:x}b")
    assert (root.tag, root.local, root.namespace) == ("{u:x}a", "a", "u:x")
    assert first.attrib == {"{u:k}m": "1", "n": "2"}
    assert (first.text, first.tail, first.line) == ("in", "after\n", 2)
    assert [e.line for e in root.findall("{u:x}b")] == [2, 3]
    assert "".join(root.itertext()) == "\n tinafter\n"
    assert [e.tag for e in root.iter()] == ["{u:x}a", "{u:x}b", "{u:x}b"]


BOMB = b'<!DOCTYPE a [<!ENTITY x "' + b"y" * 50 + b'"><!ENTITY z "&x;&x;">]><a>&z;</a>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "xml_doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml_doctype"),
        (b"<a>&unknown;</a>", "xml_broken"),
        (b"<a><b></a>", "xml_broken"),
        (b"", "xml_broken"),
        (b"PK\x03\x04 not xml", "xml_broken"),
        (b"<a>" * 300 + b"</a>" * 300, "xml_too_deep"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "xml_broken"),
    ],
)
def test_a_dangerous_or_broken_text_is_refused_with_its_code(data, code):
    with pytest.raises(XmlRefused) as refusal:
        parse_xml(data)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def test_a_text_over_the_size_limit_is_refused_before_it_is_read():
    with pytest.raises(XmlRefused) as refusal:
        parse_xml(b"<a" * 100, max_bytes=100)
    assert refusal.value.code == "xml_too_big"


def test_utf16_with_a_mark_is_read():
    assert (
        parse_xml("<?xml version='1.0' encoding='UTF-16'?><a>Nếp</a>".encode("utf-16")).text
        == "Nếp"
    )
