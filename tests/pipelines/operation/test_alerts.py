"""Messages over a real web server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from pipelines.operation.alerts import send
from pipelines.operation.message import Message


class Webhook(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[dict[str, str]] = []
        self.answer = 200


class Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_arrives_as_it_was_written(webhook: Webhook) -> None:
    message = Message("Release 1.1.0 is out", "transactions: +3 <b>&amp;", needs_person=False)
    assert send(message, [SecretStr(f"json://127.0.0.1:{webhook.server_port}/hook")]) == []
    (got,) = webhook.got
    assert (got["title"], got["message"], got["type"]) == (message.title, message.body, "info")


def test_what_needs_a_person_is_marked(webhook: Webhook) -> None:
    send(Message("held", "look", needs_person=True), [SecretStr(f"json://127.0.0.1:{webhook.server_port}/")])
    assert webhook.got[0]["type"] == "warning"


def test_an_address_that_fails_does_not_stop_the_others_and_is_named_without_its_secret(
    webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    webhook.answer = 500
    good = SecretStr(f"json://user:hunter2@127.0.0.1:{webhook.server_port}/")
    problems = send(Message("title", "body"), [SecretStr("nonsense://hunter2"), good])
    assert len(webhook.got) == 1
    assert "hunter2" not in "".join(problems) + caplog.text
    assert "address 1" in problems[0]
    assert "mend the setting" in problems[0]
    assert "address 2 (json://...) did not take the message" in problems[1]
