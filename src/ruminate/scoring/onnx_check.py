"""What an ONNX file is made of, read without running it: only plain operators, no code and no files of others.

A model file is data, but a runtime can be made to load more than the file holds: tensors kept in other files, operators from
libraries of their own, functions, subgraphs. An encoder needs none of these, so a file that has any is refused before the
runtime sees it. The file is read as the protocol-buffer records that ONNX documents
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3); nothing is built from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ruminate.errors import ModelError

__all__ = ["check_onnx"]

_OPERATORS: Final = frozenset(
    "Add Cast Concat Constant ConstantOfShape Div DynamicQuantizeLinear Equal Erf Expand Gather Gemm Identity LayerNormalization MatMul "
    "MatMulInteger Mul Pow ReduceMean ReduceSum Reshape Shape Slice Softmax Sqrt Squeeze Sub Tanh Transpose Unsqueeze Where".split()
)
_STANDARD: Final = frozenset({b"", b"ai.onnx"})
_OPSETS, _GRAPH, _FUNCTIONS = 8, 7, 25
_NODES, _TENSORS, _SPARSE = 1, 5, 15
_OPERATOR, _DOMAIN, _ATTRIBUTES = 4, 7, 5
_ELSEWHERE, _LOCATION = 13, 14
_SUBGRAPH, _SUBGRAPHS, _ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS = 6, 11, 5, 10

Field = tuple[int, int | memoryview]


def check_onnx(content: bytes, name: str) -> None:
    """Refuse a file that would make the runtime do more than multiply and add.

    Raises
    ------
    ModelError
        If the file is no ONNX model, or uses operators outside a short list, tensors in other files, functions or subgraphs.
    """
    try:
        problem = _problem(memoryview(content))
    except (ValueError, IndexError) as error:
        raise ModelError(f"{name} is damaged: it can't be read as an ONNX model ({error}); restore the file") from None
    if problem is not None:
        raise ModelError(f"{name} {problem}; only plain encoders are run")


def _problem(model: memoryview) -> str | None:
    graphs = 0
    for number, value in _fields(model):
        if number == _FUNCTIONS:
            return "defines functions of its own"
        if number == _OPSETS and any(key == 1 and bytes(_view(inner)) not in _STANDARD for key, inner in _fields(_view(value))):
            return "asks for operators that are not ONNX's own"
        if number == _GRAPH:
            graphs += 1
            if found := _problem_of_graph(_view(value)):
                return found
    if graphs != 1:
        raise ValueError("there is not exactly one graph")
    return None


def _problem_of_graph(graph: memoryview) -> str | None:
    for number, value in _fields(graph):
        if number == _SPARSE:
            return "has sparse tensors"
        if number == _TENSORS and _is_elsewhere(_view(value)):
            return "keeps tensors in other files"
        if number == _NODES and (found := _problem_of_node(_view(value))):
            return found
    return None


def _problem_of_node(node: memoryview) -> str | None:
    for number, value in _fields(node):
        if number == _OPERATOR and (name := bytes(_view(value)).decode("ascii", "replace")) not in _OPERATORS:
            return f"uses the operator {name!r}"
        if number == _DOMAIN and bytes(_view(value)) not in _STANDARD:
            return "uses operators that are not ONNX's own"
        if number == _ATTRIBUTES:
            for key, inner in _fields(_view(value)):
                if key in (_SUBGRAPH, _SUBGRAPHS):
                    return "has subgraphs"
                if key in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS) and _is_elsewhere(_view(inner)):
                    return "keeps tensors in other files"
    return None


def _is_elsewhere(tensor: memoryview) -> bool:
    return any(number == _ELSEWHERE or (number == _LOCATION and value != 0) for number, value in _fields(tensor))


def _view(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a record is a number where a message should be")  # noqa: TRY004 - a wrong file, no wrong call
    return value


def _fields(message: memoryview) -> Iterator[Field]:
    """Number and content of each field of a message: an integer, or the bytes of a length-delimited one."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(message, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError(f"a field of kind {kind}")
        if size > len(message) - at:
            raise ValueError("it ends too early")
        yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")
