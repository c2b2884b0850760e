"""The light browser of the load drill: cookies, one kept connection per thread, times per page."""

import http.client
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

BOUNDARY, UNLOCK = "nep-load-5f1c", "/mo-khoa/"
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_local = threading.local()


class Unexpected(Exception):
    """An answer that no user should see here."""


@dataclass
class Measured:
    """Milliseconds per kind of page, and what went wrong."""

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    is_counting: bool = False

    def add(self, kind: str, seconds: float) -> None:
        """Keep one answer's time while the slice runs."""
        if self.is_counting:
            self.spent[kind].append(seconds * 1000)


@dataclass
class Person:
    """One official: an own browser behind an own address."""

    login: str
    person_id: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    busy: threading.Lock = field(default_factory=threading.Lock)
    is_present: bool = False


class Browser:
    """Asks pages of one server for any person."""

    def __init__(self, port: int, measured: Measured, password: str) -> None:
        self.port, self.measured, self.password = port, measured, password

    def get(self, person: Person, kind: str, path: str) -> str:
        """Fetch a page and return its text; who has rested too long comes back by the password."""
        status, headers, text = self._ask(person, kind, "GET", path)
        for _ in range(3):
            if status not in {301, 302, 303}:
                break
            path = headers["Location"]
            if path.startswith(UNLOCK):
                path = self._unlocked(person, path)
            status, headers, text = self._ask(person, kind, "GET", path)
        if status != 200:
            raise Unexpected(f"{path}: {status} {text[:400]}")
        return text

    def _unlocked(self, person: Person, path: str) -> str:
        status, _, text = self._ask(person, "trang mở khóa", "GET", path)
        if status != 200:
            raise Unexpected(f"{path}: {status} {text[:400]}")
        inside = form_of(text, 'name="password"')[1]
        values = {**hidden(inside), "password": self.password}
        return self.post(person, "mở khóa", UNLOCK, values)

    def post(
        self, person: Person, kind: str, path: str, values: dict[str, str], *, many: bool = False
    ) -> str:
        """Send a form (`many` as a form with file fields) and return where it leads."""
        if many:
            body = "".join(
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                for name, value in values.items()
            )
            data = f"{body}--{BOUNDARY}--\r\n".encode()
            content = f"multipart/form-data; boundary={BOUNDARY}"
        else:
            data, content = urlencode(values).encode(), "application/x-www-form-urlencoded"
        status, headers, text = self._ask(person, kind, "POST", path, data, content)
        if status not in {302, 303}:
            said = re.sub(r"<[^>]+>|\s+", " ", text)
            raise Unexpected(f"{path}: {status} {said[-1500:]}")
        return headers["Location"]

    def assets(self, person: Person, text: str) -> None:
        """Fetch what a first visit fetches besides the page."""
        for path in sorted(set(_ASSET.findall(text))):
            self._ask(person, "tệp giao diện", "GET", path)

    def _ask(
        self, person: Person, kind: str, method: str, path: str, body: bytes | None = None,
        content: str = "",
    ) -> tuple[int, http.client.HTTPMessage, str]:  # fmt: skip
        headers = {
            "X-Forwarded-For": person.address,
            "Accept-Encoding": "identity",
            "Cookie": "; ".join(f"{name}={value}" for name, value in person.cookies.items()),
        }
        if body is not None:
            headers |= {"Content-Type": content, "Referer": f"http://127.0.0.1:{self.port}/"}
        began = time.perf_counter()
        answer, data = self._sent(method, path, body, headers)
        self.measured.add(kind, time.perf_counter() - began)
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            person.cookies[name] = value
        return answer.status, answer.headers, data.decode("utf-8", "replace")

    def _sent(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send a request and read its answer; as browsers do, send it again on a new connection
        when the server has closed the resting one without a word."""
        was_resting = getattr(_local, "connection", None) is not None
        try:
            connection = self._connection()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException) as error:
            _local.connection.close()
            _local.connection = None
            is_stale = isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError))
            if not (was_resting and is_stale):
                raise
        return self._sent(method, path, body, headers)

    def _connection(self) -> http.client.HTTPConnection:
        known = getattr(_local, "connection", None)
        if known is None:
            known = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            _local.connection = known
        return known


def hidden(text: str) -> dict[str, str]:
    """Return the hidden fields of a piece of a page."""
    return dict(_HIDDEN.findall(text))


def form_of(text: str, opening: str) -> tuple[str, str]:
    """Return (opening tag, inside) of the form whose tag holds `opening`."""
    at = text.find(opening)
    if at < 0:
        raise Unexpected(f"không có {opening}")
    start = text.rfind("<form", 0, at)
    end = text.find("</form>", at)
    tag, _, inside = text[start:end].partition(">")
    return tag, inside
