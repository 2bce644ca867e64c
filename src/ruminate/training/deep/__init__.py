"""Training of the deep tier: an encoder fine-tuned on labelled texts, written as ONNX, joined to the linear model.

Needs the dependency group `deep-train` (torch, transformers, onnx, and the package that carries MiniLM's weights); nothing is
downloaded, and nothing of it is needed to use a model.

network    the encoder with its heads
learning   what is learned, in which order, with checkpoints
graph      the trained network as an ONNX graph, 8-bit
joining    held-out scores of both tiers, and how they are added
"""
