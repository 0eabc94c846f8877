"""A server that lets other programs ask trained models over HTTP, on this machine.

``python -m mlphys.serving digits=net.tflite`` starts it. Files of LiteRT, of ONNX and checkpoints of
*A deep net from scratch* are served alike; JSON and lists of the Wolfram Language are understood.
Importing this package needs nothing; its parts need the extra ``mlphys[serving]``.

Chapter: ``book/physics/serving.md``.
"""
