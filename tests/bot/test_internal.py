"""The internal app: token, action statuses, vectors; a fake encoder and no knowledge."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import httpx
import numpy as np
import pytest

from desk.internal import make_internal
from desk.launch.bot_process import serve_app
from knowledge.retriever import SearchResult


class FakeEncoder:
    def queries(self, texts: Sequence[str]) -> Any:
        return np.asarray([[len(text), 1.0] for text in texts], np.float32)


class FakeRetriever:
    base = SimpleNamespace(article=lambda id, lang: None, current=lambda: None)

    def search(self, query: str, lang: str | None = None) -> SearchResult:
        if query == "break":
            raise RuntimeError("una parola privata")
        return SearchResult(query, lang or "it", "none", 0.0, None, ())


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    listening = socket.create_server(("127.0.0.1", 0))
    app = make_internal("internal_with_fakes", "right", FakeRetriever(), FakeEncoder())
    with serve_app(app, listening):
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=address, headers={"X-Sportello-Token": "right"}, trust_env=False) as client:
            yield client


def call(name: str, text: str = "") -> dict[str, Any]:
    return {"next_action": name, "tracker": {"sender_id": "c", "slots": {}, "latest_message": {"text": text}}}


@pytest.mark.parametrize("path", ["/actions", "/encode", "/nowhere"])
@pytest.mark.parametrize("token", ["", "wrong", "rìght"])
def test_every_route_but_health_needs_the_token(client, path, token):
    refused = client.post(path, json={}, headers={"X-Sportello-Token": token.encode()})
    assert refused.status_code in (403, 404)
    assert (path == "/nowhere") or refused.json()["error"]["code"] == "forbidden"
    assert client.get("/health", headers={"X-Sportello-Token": token.encode()}).json() == {"status": "ok"}


def test_texts_become_vectors(client):
    body = client.post("/encode", json={"texts": ["a", "bcd"]}).json()
    vectors = np.frombuffer(base64.b64decode(body["vectors"]), "<f4").reshape(-1, body["dim"])
    assert vectors.tolist() == [[1, 1], [3, 1]]


@pytest.mark.parametrize("body", [{}, {"texts": []}, {"texts": "a"}, {"texts": [1]}, {"texts": ["a"] * 1000}, [], "x"])
def test_what_can_not_be_encoded_is_refused(client, body):
    refused = client.post("/encode", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")


def test_malformed_json_is_refused(client):
    for path in ("/encode", "/actions"):
        assert client.post(path, content=b"{no").status_code == 400


def test_an_action_is_run(client):
    ran = client.post("/actions", json=call("action_answer", "where is my order"))
    assert ran.status_code == 200
    assert ran.json()["responses"][0]["response"] == "utter_no_answer"


def test_an_unknown_action_is_404_and_no_call_400(client):
    unknown = client.post("/actions", json=call("action_unknown"))
    assert (unknown.status_code, unknown.json()["action_name"]) == (404, "action_unknown")
    assert client.post("/actions", json={"next_action": "action_answer"}).status_code == 400
    assert client.post("/actions", json=[]).status_code == 400


def test_a_failing_action_is_500_and_says_nothing_of_the_text(client, caplog):
    failed = client.post("/actions", json=call("action_answer", "break"))
    assert (failed.status_code, failed.json()["error"]) == (500, {"code": "failed", "message": "RuntimeError"})
    assert "RuntimeError" in caplog.text
    assert "privata" not in caplog.text
