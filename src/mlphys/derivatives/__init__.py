"""Part II: derivatives exact to rounding, forward and backward, and what they buy.

Each chapter of ``book/derivatives`` has a module of its own name here; the others carry one idea
each. Nothing here imports TensorFlow, JAX or Matplotlib, except the modules whose names end in
``_figures``.
"""
