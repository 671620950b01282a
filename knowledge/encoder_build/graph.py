"""Writes the encoder as an ONNX graph: 8-bit weights, tokens in, one normalised vector per text out.

The graph is written node by node instead of traced and quantised afterwards: it takes two seconds instead of twenty,
needs neither torch nor transformers, and puts pooling, normalisation and the 8-bit embedding table inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from knowledge.encoder_build.weights import Array, Shape, WeightFile

OPSET: Final = 20  # the first with Gelu
EPSILON: Final = 1e-12
LARGEST_CODE: Final = 127  # 8 bits, for the word table
# 7 bits for what is multiplied: processors with AVX2 but no VNNI saturate when they add two 8-bit products
LARGEST_FACTOR: Final = 63
CONTRIB: Final = "com.microsoft"  # onnxruntime's own operators: 8-bit products and attention in one node each


class Graph:
    """Collects nodes and weights; each method adds one operation and returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, output: str = "", domain: str = "", **attributes: object) -> str:
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def constant(self, values: NDArray[np.generic], name: str = "") -> str:
        name = name or f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def linear(self, value: str, weight: Array, bias: Array) -> str:
        """value · weightᵀ + bias, with 8-bit weights (one scale per output) and inputs quantised on the fly."""
        codes, scale = quantise_rows(weight, LARGEST_FACTOR)
        return self.add(
            "DynamicQuantizeMatMul",
            value,
            self.constant(codes.T),
            self.constant(scale[:, 0]),
            self.constant(np.zeros(len(weight), np.int8)),
            self.constant(bias),
            domain=CONTRIB,
        )

    def layer_norm(self, value: str, weight: Array, bias: Array) -> str:
        return self.add(
            "LayerNormalization", value, self.constant(weight), self.constant(bias), axis=-1, epsilon=EPSILON
        )


def quantise_rows(matrix: Array, largest: int) -> tuple[NDArray[np.int8], Array]:
    """Codes up to ±largest (rows, columns) and a scale per row (rows, 1); codes × scale is close to the matrix."""
    scale = np.abs(matrix).max(axis=1, keepdims=True) / largest
    scale[scale == 0] = 1
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)


def write(file: WeightFile, rows: NDArray[np.int64], folder: Path) -> None:
    """Writes `model.onnx` and `model.bin` (the weights, mapped rather than read by the runtime) into the folder.

    Inputs `input_ids` and `attention_mask`, int32 (batch, tokens); output `embedding`, float32 (batch, hidden).
    """
    graph = Graph()
    hidden = _embed(graph, file, rows)
    for layer in range(file.shape.layers):
        hidden = _layer(graph, file, f"l{layer}.", hidden)
    _pool(graph, hidden)
    tokens = ["batch", "tokens"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [
                helper.make_tensor_value_info(name, TensorProto.INT32, tokens)
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", file.shape.hidden])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        ir_version=9,
        producer_name="sportello",
    )
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="model.bin", size_threshold=1024)


def _embed(graph: Graph, file: WeightFile, rows: NDArray[np.int64]) -> str:
    """Word + position + type vectors, normalised. The word table stays 8-bit: only the rows looked up are unpacked."""
    size = file.shape.hidden
    codes, scale = quantise_rows(file.matrix("emb.word", size, rows), LARGEST_CODE)
    looked_up = graph.add("Gather", graph.constant(codes, "words"), "input_ids")
    looked_up = graph.add("Cast", looked_up, to=TensorProto.FLOAT)
    words = graph.add("Mul", looked_up, graph.add("Gather", graph.constant(scale, "word_scales"), "input_ids"))
    # every token has type 0, so its vector is simply part of each position's
    positions = file.vector("emb.pos").reshape(-1, size) + file.vector("emb.type")[:size]
    start, axis = graph.constant(np.array([0])), graph.constant(np.array([0]))
    length = graph.add("Shape", "input_ids", start=1, end=2)
    places = graph.add("Slice", graph.constant(positions, "positions"), start, length, axis)
    return graph.layer_norm(graph.add("Add", words, places), file.vector("emb.ln.w"), file.vector("emb.ln.b"))


def _layer(graph: Graph, file: WeightFile, name: str, value: str) -> str:
    """One transformer block: attention, feed-forward, each added to its input and normalised."""
    shape: Shape = file.shape

    def linear(value: str, *parts: str, columns: int = shape.hidden) -> str:
        weight = np.concatenate([file.matrix(f"{name}{part}.w", columns) for part in parts])
        return graph.linear(value, weight, np.concatenate([file.vector(f"{name}{part}.b") for part in parts]))

    def add_and_norm(value: str, residual: str, part: str) -> str:
        total = graph.add("Add", value, residual)
        return graph.layer_norm(total, file.vector(f"{name}{part}.w"), file.vector(f"{name}{part}.b"))

    # query, key and value in one product: the input is quantised once instead of three times
    projected = linear(value, "q", "k", "v")
    parts = [f"{name}{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [projected], parts, axis=-1, num_outputs=3))
    attended = graph.add("MultiHeadAttention", *parts, "", "attention_mask", domain=CONTRIB, num_heads=shape.heads)
    value = add_and_norm(linear(attended, "ao"), value, "aln")
    inner = graph.add("Gelu", linear(value, "fi"))
    return add_and_norm(linear(inner, "fo", columns=shape.feed_forward), value, "oln")


def _pool(graph: Graph, value: str) -> None:
    """Mean over the tokens that aren't padding, scaled to length 1."""
    axis = graph.constant(np.array([1]))
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = graph.add("Unsqueeze", mask, graph.constant(np.array([2])))
    # the mean's divisor cancels out in the normalisation that follows
    total = graph.add("ReduceSum", graph.add("Mul", value, mask), axis, keepdims=0)
    graph.add("Div", total, graph.add("ReduceL2", total, axis, keepdims=1), output="embedding")
