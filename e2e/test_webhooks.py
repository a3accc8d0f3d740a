"""Webhooks as MLflow's own client registers them, told to a real receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.entities.webhook import WebhookEvent, WebhookStatus
from mlflow.exceptions import MlflowException
from server import started

SECRET = "correct horse"
EVENTS = ("registered_model.created", "model_version.created", "model_version_alias.created")


class Receiver(HTTPServer):
    """Keeps what is posted to it; the body must be signed with the secret."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['X-MLflow-Delivery-Id']}.{self.headers['X-MLflow-Timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        good = self.headers["X-MLflow-Signature"] == f"v1,{digest}" and self.headers["Content-Type"] == "application/json"
        self.server.messages.put({"signed": good, **json.loads(body)})
        self.send_response(200 if good else 401)
        self.end_headers()
        self.wfile.write(b"heard")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()


def events(*names: Any) -> list[WebhookEvent]:
    return [WebhookEvent.from_str(name) for name in names]


def test_the_official_client_registers_a_webhook_and_it_is_told(tmp_path: Path, receiver: Receiver) -> None:
    with started(tmp_path, "--webhooks-to-private-addresses", "--webhook-schemes", "http") as server:
        client = MlflowClient(server.url)
        made = client.create_webhook("deploy", receiver.url, events(*EVENTS), description="tells", secret=SECRET)
        assert (made.name, made.status, [str(event) for event in made.events]) == ("deploy", WebhookStatus.ACTIVE, list(EVENTS))

        tested = client.test_webhook(made.webhook_id)
        assert (tested.success, tested.response_status, tested.response_body) == (True, 200, "heard")
        assert receiver.messages.get(timeout=300)["data"]["name"] == "example_model"

        client.create_registered_model("churn", tags={"team": "a"})
        client.create_model_version("churn", "s3://bucket/churn")
        client.set_registered_model_alias("churn", "best", "1")
        client.set_model_version_tag("churn", "1", "not", "asked for")
        told = {}
        for _ in EVENTS:
            message = receiver.messages.get(timeout=300)
            assert message["signed"] and message["timestamp"].endswith("+00:00")
            told[f"{message['entity']}.{message['action']}"] = message["data"]
        assert told["registered_model.created"]["tags"] == {"team": "a"}
        assert told["model_version.created"]["source"] == "s3://bucket/churn"
        assert told["model_version_alias.created"] == {"name": "churn", "alias": "best", "version": "1"}

        client.update_webhook(made.webhook_id, status="DISABLED", events=events("model_version_tag.set"))
        found = client.get_webhook(made.webhook_id)
        assert (found.status, [str(event) for event in found.events]) == (WebhookStatus.DISABLED, ["model_version_tag.set"])
        assert [webhook.webhook_id for webhook in client.list_webhooks()] == [made.webhook_id]
        client.delete_webhook(made.webhook_id)
        assert list(client.list_webhooks()) == []
        assert receiver.messages.empty()


def test_this_machine_is_not_called_unless_allowed(tmp_path: Path, receiver: Receiver) -> None:
    with started(tmp_path, "--webhook-schemes", "http,https") as server:
        with pytest.raises(MlflowException, match="non-public IP address"):
            MlflowClient(server.url).create_webhook("deploy", receiver.url, events(*EVENTS))


def test_a_receiver_with_a_certificate_of_its_own_is_told(tmp_path: Path, receiver: Receiver) -> None:
    certificate, key = tmp_path / "hook.pem", tmp_path / "hook.key"
    subject = ["-subj", "/CN=hook", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    url = receiver.url.replace("http:", "https:")
    for trusted in (True, False):
        trust = ("--webhook-certificates", str(certificate)) if trusted else ()
        with started(tmp_path, "--webhooks-to-private-addresses", *trust) as server:
            client = MlflowClient(server.url)
            hook = client.create_webhook(f"trusted-{trusted}", url, events(*EVENTS), secret=SECRET)
            assert client.test_webhook(hook.webhook_id).success is trusted
