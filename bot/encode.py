"""Sentence vectors asked of the app's internal endpoint: for training, and for texts that came without one."""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import List, Sequence

import numpy as np

BATCH = 128
TIMEOUT_S = 60.0


class EncoderUnreachable(RuntimeError):
    """The app's encoder did not answer."""


def encode(texts: Sequence[str]) -> np.ndarray:
    """Vectors of these texts as queries, (n, dim) float32 rows of length one. Raises EncoderUnreachable."""
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    if len(batches) < 2:
        return _post(batches[0]) if batches else np.zeros((0, 0), np.float32)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the app encodes each in a thread of its own
        parts: List[np.ndarray] = list(pool.map(_post, batches))
    return np.concatenate(parts)


def _post(texts: Sequence[str]) -> np.ndarray:
    address = os.environ.get("SPORTELLO_INTERNAL_URL")
    if not address:
        raise EncoderUnreachable("SPORTELLO_INTERNAL_URL is not set: the encoder lives in the app")
    request = urllib.request.Request(
        f"{address.rstrip('/')}/encode",
        json.dumps({"texts": list(texts)}).encode(),
        {"Content-Type": "application/json", "X-Sportello-Token": os.environ.get("SPORTELLO_TOKEN", "")},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:
            body = json.load(reply)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise EncoderUnreachable(f"the encoder did not answer: {type(error).__name__}") from error
    return np.frombuffer(base64.b64decode(body["vectors"]), "<f4").reshape(len(texts), body["dim"])
