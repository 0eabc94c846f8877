"""Part IV: Keras, TensorFlow and JAX, used, extended and left.

Importing this package imports none of them; each module that does says so in its docstring.
"""
