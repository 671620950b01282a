"""Any sentence-transformers model by name: here a tiny one made on the spot, so no hub is needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from desk.encoders import described, is_missing, load_encoder
from desk.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.encoder import NamedEncoder, NamedModel
from knowledge.errors import EncoderError
from knowledge.retriever import Retriever

TEXT = "the a book order parcel where is my can i return pay card how do query passage late gift"
WORDS = TEXT.split()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A BERT of one layer and 16 dimensions with a handful of words and weights by lot."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", "?", *WORDS]))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS) + 7, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    tiny = SentenceTransformer(modules=[transformer, Pooling(16, "mean")], prompts={"query": "query: "}, device="cpu")
    tiny.save(str(folder / "tiny"))
    return str(folder / "tiny")


def test_vectors_have_length_one_and_the_models_dimension(model):
    encoder = NamedEncoder.load(NamedModel(model))
    vectors = encoder.passages(["where is my parcel", "how do i pay", "\udce9"])
    assert vectors.shape == (3, encoder.dimension) == (3, 16)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.queries([]).shape == (0, 16)


def test_the_models_own_prompt_counts_unless_another_is_set(model):
    own, none, other = (
        NamedEncoder.load(NamedModel(model, query_prompt=prompt)) for prompt in ("", "none", "passage: ")
    )
    text = ["where is my parcel"]
    assert np.allclose(own.queries(text), none.queries(["query: where is my parcel"]), atol=1e-5)
    assert np.allclose(none.queries(text), none.passages(text), atol=1e-6)
    assert np.allclose(other.queries(text), none.queries(["passage: where is my parcel"]), atol=1e-5)


def test_pooling_changes_the_vectors(model):
    mean, cls = (NamedEncoder.load(NamedModel(model, pooling=pooling)) for pooling in ("mean", "cls"))
    assert not np.allclose(mean.queries(["my order is late"]), cls.queries(["my order is late"]), atol=1e-3)


def test_the_identity_covers_prompts_pooling_and_weights_but_not_the_place(model, tmp_path):
    import shutil

    chosen = (
        NamedModel(model),
        NamedModel(model, query_prompt="none"),
        NamedModel(model, passage_prompt="passage: "),
        NamedModel(model, pooling="cls"),
    )
    identities = [NamedEncoder.load(one).identity for one in chosen]
    assert len(set(identities)) == len(chosen)
    moved = shutil.copytree(model, tmp_path / "tiny")
    assert NamedEncoder.load(NamedModel(str(moved))).identity == identities[0]

    from safetensors.numpy import load_file, save_file

    file = next(moved.rglob("*.safetensors"))
    tensors = load_file(file)
    tensors["embeddings.word_embeddings.weight"][0] += 1
    save_file(tensors, file, {"format": "pt"})
    assert NamedEncoder.load(NamedModel(str(moved))).identity != identities[0]


def test_threads_may_share_it(model):
    encoder = NamedEncoder.load(NamedModel(model))
    texts = [f"{one} {other}" for one in WORDS[:6] for other in WORDS[:6]]
    alone = encoder.queries(texts)
    with ThreadPoolExecutor(4) as pool:
        together = np.stack(list(pool.map(lambda text: encoder.queries([text])[0], texts)))
    assert np.allclose(alone, together, atol=1e-5)


def test_what_is_wrong_is_said(model, tmp_path):
    with pytest.raises(EncoderError, match="nowhere can't be loaded"):
        NamedEncoder.load(NamedModel(str(tmp_path / "nowhere")))
    with pytest.raises(EncoderError, match="'median' isn't one of cls, max, mean"):
        NamedEncoder.load(NamedModel(model, pooling="median"))


def test_an_index_refuses_another_encoder_and_names_the_command(model, tmp_path, shop):
    base = KnowledgeBase(tmp_path / "knowledge", NamedEncoder.load(NamedModel(model)))
    base.publish(shop, source="s")
    assert Retriever(base).search("where is my order", "en").matches
    other = KnowledgeBase(tmp_path / "knowledge", NamedEncoder.load(NamedModel(model, pooling="cls")))
    with pytest.raises(EncoderError, match="sportello kb build"):
        Retriever(other).search("where is my order", "en")
    other.rebuild()
    assert Retriever(other).search("where is my order", "en").matches


def test_settings_choose_it(model, tmp_path):
    chosen = Settings(home=tmp_path, encoder=model, encoder_pooling="cls")
    assert load_encoder(chosen).identity == NamedEncoder.load(NamedModel(model, pooling="cls")).identity
    assert not is_missing(chosen)
    assert is_missing(Settings(home=tmp_path))
    assert described(chosen) != described(Settings(home=tmp_path, encoder=model)) != described(Settings(home=tmp_path))
