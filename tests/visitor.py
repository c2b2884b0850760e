"""A person before a browser without script: reads pages, follows links, fills in forms by label.

Forms are sent exactly as the page holds them, hidden fields and their keys included, so that a
story in the users' words is also a proof that every page works without script.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from lxml import html

from nep.demonstration import facts

FIELDS = "input|select|textarea"
WITHOUT_VALUE = {"submit", "button", "image", "reset", "file"}


def plain(text: str) -> str:
    """Return text with single blanks."""
    return re.sub(r"\s+", " ", text).strip()


@dataclass
class Visitor:
    """One person with a browser of their own."""

    client: Client = field(default_factory=Client)
    _answer: Any = None
    _path: str = ""
    _page: Any = None
    _ahead: str = ""  # where logging in leads; opened when somebody looks

    # -- reading ------------------------------------------------------------------------------

    @property
    def answer(self) -> Any:
        """The answer that the page came with."""
        return self._arrived()._answer

    @property
    def path(self) -> str:
        """The address of the page."""
        return self._arrived()._path

    @property
    def page(self) -> Any:
        """The page as a tree of elements."""
        return self._arrived()._page

    def _arrived(self) -> "Visitor":
        if self._ahead:
            self.visit(self._ahead)
        return self

    @property
    def heading(self) -> str:
        """The first-level heading of the page."""
        return plain(self.page.xpath("//h1")[0].text_content())

    @property
    def text(self) -> str:
        """Everything the page says."""
        return plain(self.page.xpath("//body")[0].text_content())

    def sees(self, *words: str) -> bool:
        """Say whether the page says all of this."""
        missing = [one for one in words if plain(one) not in self.text]
        assert not missing, f"{self.path} không có {missing}; trang ghi: {self.text[:3000]}"
        return True

    def links(self, pattern: str) -> list[str]:
        """Return the addresses on the page that match a pattern, each once."""
        found = [link for link in self.page.xpath("//a/@href") if re.search(pattern, link)]
        return list(dict.fromkeys(found))

    # -- going --------------------------------------------------------------------------------

    def sign_in(self, login: str, password: str = "") -> "Visitor":
        """Log in through the log-in page."""
        self.visit("/dang-nhap/")
        send, action, data = self.prepared("Đăng nhập", {
            "Tên đăng nhập": login, "Mật khẩu": password or facts.password(),
        })  # fmt: skip
        answer = send(action, data)
        if answer.status_code == 302:
            self._ahead = answer["Location"]
            return self
        return self._took(answer, action, 200)

    def visit(self, path: str, *, expect: int = 200) -> "Visitor":
        """Open a page by its address."""
        return self._took(self.client.get(path), path, expect)

    def follow(self, words: str, *, expect: int = 200) -> "Visitor":
        """Click the first link that says `words`."""
        for link in self.page.xpath("//a[@href]"):
            if words in plain(link.text_content()) or words == link.get("aria-label"):
                return self.visit(link.get("href"), expect=expect)
        raise AssertionError(f"{self.path} không có liên kết “{words}”")

    def download(self, path: str) -> HttpResponse:
        """Fetch a file; the page stays."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer

    def press(
        self,
        button: str,
        typed: dict[str, Any] | None = None,
        *,
        expect: int = 200,
        within: str = "",
        repeat: int = 1,
    ) -> "Visitor":
        """Fill in the button's form by labels, then press it, `repeat` times as an impatient hand.

        A select takes the text of its option, a check box True or False, a file (name, bytes).
        `within` is a piece of text that the form or its list row must hold.
        """  # fmt: skip
        for _ in range(repeat):
            send, action, data = self.prepared(button, typed, within=within)
            answer = send(action, data)
        return self._took(answer, action, expect)

    def prepared(
        self, button: str, typed: dict[str, Any] | None = None, *, within: str = ""
    ) -> tuple[Any, str, dict[str, list[Any]]]:
        """Return how the button would be pressed: the sending function, address and values."""
        sender = self._button(button, within)
        form = self._form_of(sender)
        action = sender.get("formaction") or form.get("action") or self.path
        is_post = (form.get("method") or "get").lower() == "post"
        data = self._filled(form, sender, dict(typed or {}))
        return self.client.post if is_post else self.client.get, action, data

    def _took(self, answer: Any, path: str, expect: int) -> "Visitor":
        self._ahead = ""
        for _ in range(10):
            if answer.status_code not in {301, 302, 303}:
                break
            path = answer["Location"]
            answer = self.client.get(path)
        content = b"".join(answer) if answer.streaming else answer.content
        text = content.decode("utf-8", "replace")
        self._answer, self._page = answer, html.fromstring(text or "<html><body></body></html>")
        self._path = path
        if answer.status_code != expect:
            said = plain(self._page.text_content())[:1500]
            raise AssertionError(f"{path}: {answer.status_code}, {said}")
        return self

    # -- forms --------------------------------------------------------------------------------

    def _button(self, words: str, within: str) -> Any:
        found = []
        for button in self.page.xpath("//button[not(@type='button')]|//input[@type='submit']"):
            if not plain(button.text_content() or button.get("value", "")).startswith(words):
                continue
            place = button.xpath("ancestor::li[1]|ancestor::tr[1]|ancestor::form[1]")
            if not within or any(within in plain(one.text_content()) for one in place):
                found.append(button)
        assert found, f"{self.path} không có nút “{words}” {within}: {self.text[:1500]}"
        return found[0]

    def _form_of(self, element: Any) -> Any:
        owner = element.get("form")
        if owner:
            return self.page.get_element_by_id(owner)
        return element.xpath("ancestor::form[1]")[0]

    def _owned(self, form: Any) -> list[Any]:
        own = form.get("id") or "-"
        return [
            one for one in self.page.xpath("//input|//select|//textarea")
            if one.get("name") and one.get("disabled") is None
            and (one.get("form") == own or (not one.get("form") and form in one.iterancestors()))
        ]  # fmt: skip

    def _filled(self, form: Any, sender: Any, typed: dict[str, Any]) -> dict[str, list[Any]]:
        data: dict[str, list[Any]] = {}
        picked: set[str] = set()
        for control in self._owned(form):
            label = self._label_of(control)
            given = next((one for one in typed if _matches(one, label, control)), None)
            if control.get("type") == "radio":
                if given is not None and self._is_meant(control, typed[given]):
                    data[control.get("name")] = [control.get("value")]
                    picked.add(given)
                elif control.get("checked") is not None:
                    data.setdefault(control.get("name"), [control.get("value")])
                continue
            value = typed[given] if given is not None else None
            for one in _values(control, value):
                data.setdefault(control.get("name"), []).append(one)
            if given is not None:
                typed.pop(given)
        unused = {name: value for name, value in typed.items() if name not in picked}
        offered = [self._own_words(one) for one in self._owned(form) if one.get("type") == "radio"]
        assert not unused, f"{self.path}: biểu mẫu không có {unused}; các lựa chọn: {offered}"
        if sender.get("name"):
            data.setdefault(sender.get("name"), []).append(sender.get("value", ""))
        return data

    def _is_meant(self, control: Any, wanted: str) -> bool:
        return wanted == control.get("value") or self._own_words(control).startswith(wanted)

    def _own_words(self, control: Any) -> str:
        around = control.xpath("ancestor::label[1]")
        own = self.page.xpath("//label[@for=$id]", id=control.get("id") or "-")
        return plain((around or own)[0].text_content()) if around or own else ""

    def _label_of(self, control: Any) -> str:
        if control.get("aria-label"):
            return plain(control.get("aria-label"))
        if control.get("type") == "radio":
            legend = control.xpath("ancestor::fieldset[1]/legend")
            return plain(legend[0].text_content()) if legend else ""
        return self._own_words(control)


def _matches(wanted: str, label: str, control: Any) -> bool:
    return wanted == control.get("name") or (bool(label) and label.startswith(wanted))


def _values(control: Any, value: Any) -> list[Any]:
    """Return what a control sends: what was typed, else what the page holds."""
    kind = control.get("type", "text")
    if control.tag == "select":
        return _chosen(control, value)
    if control.tag == "textarea":
        text = control.text or ""
        return [text.removeprefix("\n") if value is None else value]
    if kind == "file":
        files = value if isinstance(value, list) else [value] if value else []
        return [SimpleUploadedFile(name, data) for name, data in files]
    if kind == "checkbox":
        on = control.get("checked") is not None if value is None else value
        return [control.get("value", "on")] if on else []
    if kind in WITHOUT_VALUE:
        return []
    return [control.get("value", "") if value is None else value]


def _chosen(control: Any, value: Any) -> list[str]:
    options = control.xpath(".//option")
    if value is None:
        marked = [one for one in options if one.get("selected") is not None]
        return [one.get("value", "") for one in (marked or options[:1])]
    for option in options:
        if value in (option.get("value"), plain(option.text_content())):
            return [option.get("value", "")]
    for option in options:
        if value in plain(option.text_content()):
            return [option.get("value", "")]
    said = [plain(one.text_content()) for one in options]
    raise AssertionError(f"không có lựa chọn “{value}” trong {said}")
