"""Points of the chapter contract that a program can check, one group of rules a module.

A rule takes a :class:`~chapter_lint.chapter.Chapter` and yields faults; ``tools/lint_chapters.py``
runs them all.
"""
