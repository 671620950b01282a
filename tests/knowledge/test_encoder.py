"""The real encoder and its build."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge import encoder_build
from knowledge.base import KnowledgeBase
from knowledge.encoder_build import vocabulary, weights
from knowledge.errors import EncoderError
from knowledge.retriever import Retriever

pytestmark = pytest.mark.encoder


@pytest.fixture(scope="module")
def real(encoder_folder):
    from knowledge.encoder import Encoder

    return Encoder.load(encoder_folder)


def test_vectors_have_length_one_and_meaning(real):
    questions = real.queries(["Where is my parcel?", "Dov'è il mio pacco?", "How do I cook rice?"])
    assert questions.shape == (3, 384)
    assert questions.dtype == np.float32
    assert np.allclose(np.linalg.norm(questions, axis=1), 1, atol=1e-5)
    assert questions[0] @ questions[1] > questions[0] @ questions[2] + 0.05


def test_a_vector_does_not_depend_on_its_neighbours(real):
    texts = ["short", "a much longer text " * 40, "Perché no?"]
    together = real.passages(texts, workers=2)
    assert np.array_equal(together, np.stack([real.passages([text])[0] for text in texts]))


def test_queries_and_passages_differ_and_outer_spaces_do_not_count(real):
    assert not np.allclose(real.queries(["book"]), real.passages(["book"]), atol=1e-3)
    assert np.array_equal(real.queries(["  book\n"]), real.queries(["book"]))


@pytest.mark.parametrize("text", ["", "\udce9", "中文", "x" * 200_000, "parola " * 20_000, "\x00"])
def test_any_text_has_a_vector(real, text):
    assert np.isfinite(real.queries([text])).all()


def test_no_texts_no_vectors(real):
    assert real.queries([]).shape == (0, 384)


def test_threads_may_share_it(real):
    texts = [f"question number {number}" for number in range(40)]
    alone = real.queries(texts)
    with ThreadPoolExecutor(4) as pool:
        assert np.array_equal(alone, np.stack(list(pool.map(lambda text: real.queries([text])[0], texts))))


def test_the_identity_covers_prompts_and_weights(real, encoder_folder, tmp_path):
    from knowledge.encoder import Encoder

    for file in encoder_folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "encoder.json").unlink()
    manifest = json.loads((encoder_folder / "encoder.json").read_text())
    manifest["prompts"]["query"] = "question: "
    (tmp_path / "encoder.json").write_text(json.dumps(manifest))
    assert Encoder.load(tmp_path).identity != real.identity


def test_a_missing_or_damaged_encoder_is_named(encoder_folder, tmp_path):
    from knowledge.encoder import Encoder

    with pytest.raises(EncoderError, match="No encoder in"):
        Encoder.load(tmp_path)
    (tmp_path / "encoder.json").write_text((encoder_folder / "encoder.json").read_text())
    (tmp_path / "model.onnx").write_bytes(b"broken")
    with pytest.raises(EncoderError, match="damaged"):
        Encoder.load(tmp_path)


def test_the_build_says_its_steps_and_replaces_what_was_there(encoder_folder, tmp_path, recwarn, capfd):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "old").touch()
    said: list[str] = []
    encoder_build.build(tmp_path / "encoder", said.append)
    assert len(said) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["encoder"]
    assert not (tmp_path / "encoder" / "old").exists()
    built = json.loads((tmp_path / "encoder" / "encoder.json").read_text())
    assert built == json.loads((encoder_folder / "encoder.json").read_text())  # the same bytes wherever it is built
    assert not recwarn.list
    assert capfd.readouterr() == ("", "")


def test_a_failed_build_leaves_the_old_encoder(tmp_path, monkeypatch):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "old").touch()
    for module, pinned in ((weights, "WEIGHTS_SHA256"), (vocabulary, "TOKENIZER_SHA256")):
        with monkeypatch.context() as patch, pytest.raises(EncoderError, match="from the lock"):
            patch.setattr(module, pinned, "0" * 64)
            encoder_build.build(tmp_path / "encoder", lambda _: None)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["encoder"]
    assert (tmp_path / "encoder" / "old").exists()


def test_a_platform_without_the_wheel_and_a_small_disk_are_said(tmp_path, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(EncoderError, match="isn't installed.*Linux"):
        patch.setattr("importlib.util.find_spec", lambda _: None)
        encoder_build.build(tmp_path / "encoder", lambda _: None)
    monkeypatch.setattr(encoder_build, "NEEDED_BYTES", 2**62)
    with pytest.raises(EncoderError, match="MB"):
        encoder_build.build(tmp_path / "encoder", lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_right_answers_in_both_languages_and_none_to_what_it_does_not_know(real, tmp_path, shop):
    base = KnowledgeBase(tmp_path / "knowledge", real)
    base.publish(shop, source="shop")
    ask = Retriever(base).search
    assert ask("I would like to send a book back").matches[0].article_id == "returns"
    assert ask("Vorrei rendere un libro").matches[0].article_id == "returns"
    assert ask("Vorrei rendere un libro").matches[0].lang == "it"
    assert ask("Posso pagare con la carta di credito?").matches[0].article_id == "payment"  # English only
    assert ask("What is the capital of Australia?").decision != "answer"
