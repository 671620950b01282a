"""Turns texts into vectors: the only file that imports sentence-transformers."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

# the vectors are computed by onnxruntime on pinned threads; torch only carries them, and mustn't open a pool of its own
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
import onnxruntime
import sentencepiece
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers.utils import logging as transformers_logging

from knowledge.errors import EncoderError

Vectors = NDArray[np.float32]

MANIFEST: Final = "encoder.json"
LONGEST_TOKEN: Final = 16  # characters
AT_ONCE: Final = 32  # passages in one batch of a named model
SAMPLED_BYTES: Final = 4096  # of each tensor, for the fingerprint
NO_PROMPT: Final = "none"


class OnnxModule(InputModule):  # type: ignore[misc]  # sentence-transformers ships no types
    """A whole encoder as one sentence-transformers module: sentencepiece in front, onnxruntime behind.

    Pooling and normalisation are part of the ONNX graph, so no other module follows. sentence-transformers' own
    ONNX backend would bring a second tokenizer (280 MB) and a package that pins an older transformers.
    """

    config_keys: ClassVar[list[str]] = ["dimension", "max_tokens"]

    def __init__(self, folder: Path, dimension: int, max_tokens: int, threads: int = 1) -> None:
        super().__init__()
        self.folder, self.dimension, self.max_tokens = folder, dimension, max_tokens
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the memory of the longest text ever seen
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        self.tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))

    def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Token ids and mask, int32 (texts, longest), of the prompt followed by each text without outer spaces.

        What goes beyond `max_tokens` is left out.
        """
        first, last = self.tokenizer.bos_id(), self.tokenizer.eos_id()
        room = self.max_tokens - 2
        # one call per text: given a list, sentencepiece starts a pool of threads that costs more than the work
        encoded = [self.tokenizer.encode((prompt or "") + self._clean(text)) for text in inputs]
        longest = min(max(map(len, encoded), default=0), room) + 2
        ids = np.full((len(encoded), longest), self.tokenizer.pad_id(), np.int32)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(encoded):
            pieces = [first, *pieces[:room], last]
            ids[row, : len(pieces)], mask[row, : len(pieces)] = pieces, 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def _clean(self, text: str) -> str:
        """Without outer spaces, lone surrogates and the part of a huge text that no token could come from."""
        return text[: LONGEST_TOKEN * self.max_tokens].strip().encode("utf-8", "replace").decode()

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Adds `sentence_embedding`, float32 (texts, dimension), rows of length 1."""
        tokens = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        features["sentence_embedding"] = torch.from_numpy(self.session.run(None, tokens)[0])
        return features

    def get_embedding_dimension(self) -> int:
        return self.dimension

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        raise NotImplementedError("the encoder is built by knowledge.encoder_build, not saved")


class Encoder:
    """Sentence encoder: a text in, a vector of length 1 out. Safe to use from several threads at once.

    >>> encoder = Encoder.load(Path("var/home/encoder"))
    >>> encoder.queries(["Where is my order?"]).shape
    (1, 384)
    """

    def __init__(self, model: SentenceTransformer, identity: str) -> None:
        self._model = model
        self._module: Any = model[0]
        self.identity = identity
        self.dimension: int = self._module.get_embedding_dimension()

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> Encoder:
        """Loads the encoder built into the folder. Raises EncoderError when there is none or it is damaged."""
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            module = OnnxModule(folder, manifest["dimension"], manifest["max_tokens"], threads)
            prompts = manifest["prompts"]
        except FileNotFoundError as error:
            raise EncoderError(f"No encoder in {folder}: `sportello kb build` makes it") from error
        except Exception as error:  # onnxruntime and sentencepiece raise bare exceptions of their own
            raise EncoderError(
                f"The encoder in {folder} is damaged, delete the folder to rebuild it: {error}"
            ) from error
        torch.set_num_threads(1)
        return cls(SentenceTransformer(modules=[module], prompts=prompts, device="cpu"), _identity(manifest))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions as customers write them: float32 (n, dimension), rows of length 1."""
        return self._encode(texts, "query", workers=1)

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        """Vectors of passages to be found: float32 (n, dimension), rows of length 1. `workers` texts run at once."""
        return self._encode(texts, "passage", workers)

    def _encode(self, texts: Sequence[str], prompt: str, workers: int) -> Vectors:
        # one text at a time: 8-bit activations are scaled per call, so a text's vector would otherwise depend on its
        # neighbours; and short texts padded to the longest are slower, not faster
        prefix = self._model.prompts[prompt]

        def encode(text: str) -> Vectors:
            # the model's one module, without the batching around it: that costs a short text a fifth more
            features = self._module(self._module.preprocess([text], prompt=prefix))
            vector: Vectors = features["sentence_embedding"][0].numpy()
            return vector

        if not texts:
            return np.empty((0, self.dimension), np.float32)
        if workers == 1 or len(texts) == 1:
            return np.stack([encode(text) for text in texts])
        with ThreadPoolExecutor(workers) as pool:
            return np.stack(list(pool.map(encode, texts)))


@dataclass(frozen=True)
class NamedModel:
    """Any sentence-transformers model, by its name on the hub or its folder.

    An empty prompt or pooling is the model's own; the prompt "none" is no prompt.
    """

    name: str
    query_prompt: str = ""
    passage_prompt: str = ""
    pooling: str = ""


class NamedEncoder:
    """The encoder of a named model. Safe to use from several threads: one encodes at a time."""

    def __init__(self, model: SentenceTransformer, prompts: dict[str, str], identity: str) -> None:
        self._model, self._prompts, self.identity = model, prompts, identity
        self.dimension: int = model.get_embedding_dimension()
        self._lock = threading.Lock()  # a fast tokenizer can't be shared while it pads

    @classmethod
    def load(cls, chosen: NamedModel, threads: int = 1) -> NamedEncoder:
        """Loads the model, from the hub when it isn't on this machine yet. Raises EncoderError saying what is wrong."""
        transformers_logging.disable_progress_bar()
        try:
            model = SentenceTransformer(chosen.name, device="cpu")
        except Exception as error:  # whatever the model's own code, the hub's client or torch raise
            raise EncoderError(f"The encoder {chosen.name} can't be loaded: {_first_line(error)}") from error
        torch.set_num_threads(threads)
        model.eval()
        if chosen.pooling:
            _pool(model, chosen)
        own = model.prompts or {}
        prompts = {
            "query": _prompt(chosen.query_prompt, own, "query"),
            "passage": _prompt(chosen.passage_prompt, own, "passage", "document"),
        }
        folder = Path(chosen.name)
        name = folder.absolute().name if folder.is_dir() else chosen.name  # the same model wherever its folder is
        return cls(model, prompts, f"{name}@{_fingerprint(model, prompts)}")

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions as customers write them: float32 (n, dimension), rows of length 1."""
        return self._encode(texts, "query")

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        """Vectors of passages to be found: float32 (n, dimension), rows of length 1."""
        return self._encode(texts, "passage")

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        with self._lock:
            vectors = self._model.encode(
                clean,
                prompt=self._prompts[prompt],
                batch_size=AT_ONCE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, np.float32)


def _pool(model: SentenceTransformer, chosen: NamedModel) -> None:
    """Puts the chosen pooling in the place of the model's own."""
    places = [name for name, module in model.named_children() if isinstance(module, Pooling)]
    if not places:
        raise EncoderError(f"The encoder {chosen.name} has no pooling of its own to replace: leave the pooling empty")
    own = model._modules[places[0]]
    try:
        pooling = Pooling(own.embedding_dimension, chosen.pooling, own.include_prompt)
        if pooling.get_embedding_dimension() != own.get_embedding_dimension():
            raise ValueError("it changes the length of the vectors")
    except ValueError as error:
        known = ", ".join(Pooling.POOLING_MODES)
        raise EncoderError(f"The pooling {chosen.pooling!r} isn't one of {known}: {_first_line(error)}") from error
    model._modules[places[0]] = pooling


def _prompt(chosen: str, own: dict[str, str], *names: str) -> str:
    if chosen == NO_PROMPT:
        return ""
    return chosen or next((own[name] for name in names if own.get(name)), "")


def _fingerprint(model: SentenceTransformer, prompts: dict[str, str]) -> str:
    """Of all that shapes a vector: tensors (shapes and first bytes), modules and their settings, prompts."""
    digest = hashlib.sha256(json.dumps(prompts, sort_keys=True).encode())
    for module in model:
        settings = module.get_config_dict() if hasattr(module, "get_config_dict") else {}
        digest.update(f"{type(module).__name__}{json.dumps(settings, sort_keys=True, default=str)}".encode())
    digest.update(str(model.max_seq_length).encode())
    for name, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().flatten()[:SAMPLED_BYTES].to(torch.float32).numpy()
        digest.update(f"{name}{tuple(tensor.shape)}".encode() + flat.tobytes()[:SAMPLED_BYTES])
    return digest.hexdigest()[:12]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _identity(manifest: dict[str, Any]) -> str:
    """Name and fingerprint of everything that shapes a vector: weights, vocabulary, pooling and prompts."""
    fingerprint = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    return f"{manifest['name']}/{manifest['vocabulary']}/{manifest['weights']}@{fingerprint[:12]}"
