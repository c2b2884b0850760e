"""A small mail server on this machine that says yes, says no, or breaks off where told."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: MailServer = self.server  # type: ignore[assignment]
        self._say("220 thử")
        while line := self._line():
            verb = line.split(b":")[0].strip().upper()
            if verb.startswith((b"EHLO", b"HELO")):
                self._say("250 thử")
            elif verb.startswith(b"RCPT") and server.refuse:
                self._say(server.refuse)
            elif verb == b"DATA":
                self._say("354 tiếp")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                if server.break_off == "before":
                    return
                server.taken.append(body)
                if server.has_letter is not None and server.may_answer is not None:
                    server.has_letter.set()
                    server.may_answer.wait(60)
                if server.break_off == "after":
                    return
                with contextlib.suppress(OSError):  # who sent it may be dead by now
                    self._say("250 đã nhận")
            elif verb == b"QUIT":
                self._say("221 chào")
                return
            else:
                self._say("250 được")

    def _line(self) -> bytes:
        try:
            return self.rfile.readline()
        except OSError:
            return b""

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`taken` holds what was accepted; `refuse` answers a recipient, `break_off` is before, after.

    With the two events set, it says that it has a letter and answers only when it may.
    """

    allow_reuse_address = daemon_threads = True
    refuse = break_off = ""
    has_letter: threading.Event | None = None
    may_answer: threading.Event | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[bytes] = []


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server for as long as the block lasts."""
    server = MailServer()
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
