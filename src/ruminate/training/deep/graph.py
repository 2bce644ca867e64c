"""The trained network as an ONNX graph with 8-bit weights, written operator by operator.

Word embeddings are kept as one byte a number with a scale for each 32; the matrices of the layers are quantized a column at a
time, to seven bits (some processors overflow with eight), and activations when they come up. What comes out of the bend in each
layer has outliers that eight bits flatten (most of what is lost is lost there), so the matrices behind it stay in 16.
The graph takes the word pieces of one text and gives seven numbers a piece (see `ruminate.scoring.encoder`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruminate.training.deep.network import Network

__all__ = ["to_onnx"]

Array = NDArray[Any]
_OPSET: Final = 17
_IR: Final = 8
_EPSILON: Final = 1e-12
_BLOCK: Final = 32
"""Numbers of a word embedding that share a scale."""


def to_onnx(network: Network, *, small: bool = True) -> bytes:
    """The network as ONNX; `small` for 8-bit weights, else 32-bit (to measure what is lost)."""
    weights = {name: value.detach().float().numpy() for name, value in network.state_dict().items()}
    config = network.encoder.config
    graph = _Graph()
    states = _embedded(graph, weights, small=small)
    for layer in range(config.num_hidden_layers):
        states = _layer(graph, weights, f"encoder.encoder.layer.{layer}.", states, config.num_attention_heads, config.hidden_size, small=small)
    _heads(graph, weights, states, config.hidden_size)
    model = graph.model()
    return _quantized(model) if small else bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants, named as they come."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, value: Array) -> str:
        from onnx import numpy_helper

        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, *inputs: str, out: str | None = None, **settings: Any) -> str:
        from onnx import helper

        name = out or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **settings))
        return name

    def linear(self, states: str, weight: Array, bias: Array, *, half: bool = False) -> str:
        """A layer; `half` keeps its matrix in 16 bits."""
        matrix = self.add("Cast", self.constant(weight.T.astype(np.float16)), to=1) if half else self.constant(weight.T)
        return self.add("Add", self.add("MatMul", states, matrix), self.constant(bias))

    def normed(self, states: str, weights: dict[str, Array], name: str) -> str:
        scale, shift = self.constant(weights[f"{name}.weight"]), self.constant(weights[f"{name}.bias"])
        return self.add("LayerNormalization", states, scale, shift, axis=-1, epsilon=_EPSILON)

    def model(self) -> Any:
        from onnx import TensorProto, checker, helper

        pieces = helper.make_tensor_value_info("pieces", TensorProto.INT64, [1, "length"])
        numbers = helper.make_tensor_value_info("numbers", TensorProto.FLOAT, [1, "length", 7])
        graph = helper.make_graph(self._nodes, "encoder", [pieces], [numbers], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR, producer_name="ruminate")
        checker.check_model(model)
        return model


def _embedded(graph: _Graph, weights: dict[str, Array], *, small: bool) -> str:
    words = weights["encoder.embeddings.word_embeddings.weight"]
    if small:
        blocks = words.reshape(len(words), -1, _BLOCK)
        scale = np.maximum(np.abs(blocks).max(axis=2, keepdims=True) / 127.0, 1e-6).astype(np.float16)
        rounded = graph.constant(np.clip(np.round(blocks / scale.astype(np.float32)), -127, 127).astype(np.int8))
        read = graph.add("Cast", graph.add("Gather", rounded, "pieces"), to=1)
        stretched = graph.add("Mul", read, graph.add("Cast", graph.add("Gather", graph.constant(scale), "pieces"), to=1))
        found = graph.add("Reshape", stretched, graph.constant(np.array([1, -1, words.shape[1]])))
    else:
        found = graph.add("Gather", graph.constant(words), "pieces")
    positions = weights["encoder.embeddings.position_embeddings.weight"] + weights["encoder.embeddings.token_type_embeddings.weight"][0]
    length = graph.add("Slice", graph.add("Shape", "pieces"), graph.constant(np.array([1])), graph.constant(np.array([2])))
    place = graph.add("Slice", graph.constant(positions), graph.constant(np.array([0])), length, graph.constant(np.array([0])))
    return graph.normed(graph.add("Add", found, place), weights, "encoder.embeddings.LayerNorm")


def _layer(graph: _Graph, weights: dict[str, Array], at: str, states: str, heads: int, width: int, *, small: bool) -> str:
    def linear(read: str, name: str, *, half: bool = False) -> str:
        return graph.linear(read, weights[f"{at}{name}.weight"], weights[f"{at}{name}.bias"], half=half)

    split = graph.constant(np.array([1, -1, heads, width // heads]))
    query, key, value = (graph.add("Reshape", linear(states, f"attention.self.{name}"), split) for name in ("query", "key", "value"))
    asked = graph.add("Transpose", query, perm=[0, 2, 1, 3])
    offered = graph.add("Transpose", key, perm=[0, 2, 3, 1])
    size = graph.constant(np.array(np.sqrt(width // heads), dtype=np.float32))
    share = graph.add("Softmax", graph.add("Div", graph.add("MatMul", asked, offered), size), axis=-1)
    mixed = graph.add("MatMul", share, graph.add("Transpose", value, perm=[0, 2, 1, 3]))
    joined = graph.add("Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), graph.constant(np.array([1, -1, width])))
    states = graph.normed(graph.add("Add", linear(joined, "attention.output.dense"), states), weights, f"{at}attention.output.LayerNorm")
    inner = linear(states, "intermediate.dense")
    half, one, root = (graph.constant(np.array(number, dtype=np.float32)) for number in (0.5, 1.0, np.sqrt(2.0)))
    bent = graph.add("Mul", graph.add("Mul", inner, half), graph.add("Add", graph.add("Erf", graph.add("Div", inner, root)), one))
    return graph.normed(graph.add("Add", linear(bent, "output.dense", half=small), states), weights, f"{at}output.LayerNorm")


def _heads(graph: _Graph, weights: dict[str, Array], states: str, width: int) -> None:
    """The label head, split by the two ways of pooling, and the attention; the head's bias goes with the mean."""
    label = weights["label.weight"]
    columns = np.concatenate([label[:, :width], label[:, width:], weights["attend.weight"]])
    bias = np.concatenate([weights["label.bias"], np.zeros(3, dtype=np.float32), weights["attend.bias"]])
    graph.add("Add", graph.add("MatMul", states, graph.constant(columns.T)), graph.constant(bias), out="numbers")


def _quantized(model: Any) -> bytes:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.onnx", Path(folder) / "made.onnx"
        given.write_bytes(model.SerializeToString())
        last = model.graph.node[-2].name  # the heads are small, and what they give is what is read
        quantize_dynamic(
            given, made, op_types_to_quantize=["MatMul"], per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, nodes_to_exclude=[last],
        )  # fmt: skip
        return made.read_bytes()
