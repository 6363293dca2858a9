"""Makes the FastSpeech2 weights runnable without TensorFlow, and deterministic.

The exported graph keeps dropout active on the melody and energy embeddings: each is doubled, then masked where a
`FlexRandomUniform` draw (an operator of TensorFlow, absent from LiteRT) falls below the rate. Here the draw becomes a
`FILL` with the rate itself, so that nothing is masked, and the doubling becomes a multiplication by one: the average of
what the dropout would give.
"""

from typing import Any

_RANDOM = b"FlexRandomUniform"


def without_dropout(model: bytes) -> bytes:
    """The same flatbuffer with each random draw replaced; raises ValueError if the graph is not the expected one."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    tree = schema.ModelT.InitFromPackedBuf(bytearray(model), 0)
    graph = tree.subgraphs[0]
    draws = [op for op in graph.operators if tree.operatorCodes[op.opcodeIndex].customCode == _RANDOM]
    if not draws:
        raise ValueError("this FastSpeech2 model holds no random draw")
    one = _add_constant_one(schema, tree)
    for draw in draws:
        rate = _reader(graph, draw.outputs[0]).inputs[1]
        _doubling(graph, draw).inputs[1] = one
        draw.inputs = [draw.inputs[0], rate]
        draw.builtinOptionsType, draw.builtinOptions = schema.BuiltinOptions.FillOptions, schema.FillOptionsT()
        code = tree.operatorCodes[draw.opcodeIndex]
        code.customCode = None
        code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FILL
    builder = flatbuffers.Builder(len(model))
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _doubling(graph: Any, draw: Any) -> Any:
    """The multiplication by 1 / (1 - rate) whose result the mask of `draw` is applied to."""
    compared = _reader(graph, draw.outputs[0])
    mask = _reader(graph, compared.outputs[0])
    masked = _reader(graph, mask.outputs[0])
    return next(op for op in graph.operators if op.outputs[0] == masked.inputs[0])


def _reader(graph: Any, tensor: int) -> Any:
    return next(op for op in graph.operators if tensor in list(op.inputs))


def _add_constant_one(schema: Any, tree: Any) -> int:
    value = schema.BufferT()
    value.data = list(b"\x00\x00\x80\x3f")  # 1.0 as a little-endian float
    tree.buffers.append(value)
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.type = b"one", [], schema.TensorType.FLOAT32
    tensor.buffer = len(tree.buffers) - 1
    tree.subgraphs[0].tensors.append(tensor)
    return len(tree.subgraphs[0].tensors) - 1
