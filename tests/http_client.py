"""Django's test client over real HTTP, as far as `Visitor` needs it: for servers that are killed."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart


@dataclass
class HttpAnswer:
    """What came back."""

    status_code: int
    content: bytes
    headers: Any
    streaming: bool = False

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class HttpClient:
    """One browser: its cookies, its address; redirects are left to the caller."""

    def __init__(self, address: str, *, timeout: float = 20) -> None:
        self.address, self.timeout = address, timeout
        self.cookies = http.cookiejar.CookieJar()
        jar = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(jar, _NoRedirect())

    def get(self, path: str, data: dict[str, Any] | None = None) -> HttpAnswer:
        """Fetch a page."""
        if data:
            path = f"{path.partition('?')[0]}?{urllib.parse.urlencode(data, doseq=True)}"
        return self._send(urllib.request.Request(urllib.parse.urljoin(self.address, path)))

    def post(self, path: str, data: dict[str, Any]) -> HttpAnswer:
        """Send a form; with a file among its values as multipart."""
        url, headers = urllib.parse.urljoin(self.address, path), {"Referer": self.address + "/"}
        values = [
            one for many in data.values() for one in (many if isinstance(many, list) else [many])
        ]
        if any(isinstance(one, SimpleUploadedFile) for one in values):
            body = encode_multipart(BOUNDARY, data)
            headers["Content-Type"] = MULTIPART_CONTENT
        else:
            body = urllib.parse.urlencode(data, doseq=True).encode()
        return self._send(urllib.request.Request(url, body, headers))

    def _send(self, request: urllib.request.Request) -> HttpAnswer:
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                return HttpAnswer(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            return HttpAnswer(error.code, error.read(), error.headers)
