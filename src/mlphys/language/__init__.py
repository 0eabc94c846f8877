"""Python seen from the inside: text, trees, values, names, arrays.

Part I of the book. Each chapter's module carries its name; nothing here imports a framework.
"""
