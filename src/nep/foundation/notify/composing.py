"""The words of a letter: one text, and the same as simple HTML. Pure.

A row holds what the recipient's list says, without what the list keeps inside: no names of
applicants, no notes. The HTML needs no picture and no address but the links of its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:24px;background:#fff;color:#1c1b19;"
    "font:16px/1.5 -apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif}"
    "main{max-width:640px}h1{font-size:20px;line-height:1.3;margin:0 0 4px}"
    "h2{font-size:16px;margin:24px 0 8px;padding-top:12px;border-top:1px solid #d8d4cc}"
    "ul{list-style:none;margin:0;padding:0}li{margin:0 0 12px}a{color:#0b4f8a}"
    "small{display:block;color:#5b5750;font-size:14px}footer{margin-top:28px;padding-top:12px;"
    "border-top:1px solid #d8d4cc;color:#5b5750;font-size:14px}"
    "@media (prefers-color-scheme:dark){body{background:#1b1a18;color:#f1eee8}"
    "a{color:#8ec1f0}small,footer{color:#b5b0a7}h2,footer{border-color:#45423d}}"
)


@dataclass(frozen=True, slots=True)
class Message:
    """What a letter says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do: `what` is the link's text, `about` and `when` stand below it."""

    what: str
    about: str
    when: str
    link: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading; `more` counts those that the list alone shows."""

    title: str
    rows: tuple[Row, ...]
    more: int = 0


def compose(
    *, name: str, heading: str, sections: Sequence[Section], home: str, list_link: str, choice: str
) -> Message:
    """Return the letter; links are paths that `home` (scheme and host) stands before."""
    return Message(
        subject=f"Nếp: {heading}",
        text=_text(name, heading, sections, home, list_link, choice),
        html=_html(name, heading, sections, home, list_link, choice),
    )


def _text(
    name: str, heading: str, sections: Sequence[Section], home: str, list_link: str, choice: str
) -> str:
    lines = [f"Chào {name},", "", f"{heading}."]
    for section in sections:
        lines += ["", section.title.upper()]
        for row in section.rows:
            lines.append(f"- {row.what}")
            lines += [f"  {part}" for part in (row.about, row.when) if part]
            lines.append(f"  {home}{row.link}")
        if section.more:
            lines.append(f"- và {section.more} việc khác: {home}{list_link}")
    lines += [
        "", "--", "Thư tự động của Nếp, không cần trả lời.",
        f"Chọn cách nhận hoặc thôi nhận thư: {home}{choice}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _html(
    name: str, heading: str, sections: Sequence[Section], home: str, list_link: str, choice: str
) -> str:
    parts = [
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(heading)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(heading)}</h1><p>Chào {escape(name)},</p>",
    ]
    for section in sections:
        parts.append(f"<h2>{escape(section.title)}</h2><ul>")
        parts += [_item(row, home) for row in section.rows]
        if section.more:
            link = escape(f"{home}{list_link}")
            parts.append(f'<li><a href="{link}">và {section.more} việc khác</a></li>')
        parts.append("</ul>")
    link = escape(f"{home}{choice}")
    parts.append(
        "<footer>Thư tự động của Nếp, không cần trả lời.<br>"
        f'<a href="{link}">Chọn cách nhận hoặc thôi nhận thư</a></footer></main></body></html>'
    )
    return "".join(parts)


def _item(row: Row, home: str) -> str:
    below = "".join(f"<small>{escape(part)}</small>" for part in (row.about, row.when) if part)
    return f'<li><a href="{escape(home + row.link)}">{escape(row.what)}</a>{below}</li>'
