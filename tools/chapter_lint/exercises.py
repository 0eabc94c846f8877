"""Rules about exercises: each has one folded solution, and each solution an exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .chapter import Chapter, Fault

__all__ = ["check_exercises"]

RULE = "exercises"


def check_exercises(chapter: Chapter) -> Iterator[Fault]:
    """Yield exercises without solution, solutions without exercise, and open ends."""
    exercises = {
        str(block.options.get("label", "")): block for block in chapter.directives("exercise")
    }
    solutions = chapter.directives("solution", "solution-start")
    solved = Counter(block.argument for block in solutions)
    for label, block in exercises.items():
        if not label:
            yield Fault(block.line, RULE, "an exercise without a label",
                        "add `:label:` with a name that starts with the chapter's")  # fmt: skip
        elif solved[label] == 0:
            yield Fault(block.line, RULE, f"the exercise {label!r} has no solution",
                        f"add a {{solution-start}} {label} ... {{solution-end}} behind it")  # fmt: skip
        elif solved[label] > 1:
            yield Fault(block.line, RULE, f"the exercise {label!r} has {solved[label]} solutions",
                        "join them")  # fmt: skip
    for block in solutions:
        if block.argument not in exercises:
            yield Fault(block.line, RULE, f"a solution of {block.argument!r}, which is no exercise here",
                        "write the exercise's label behind the directive's name")  # fmt: skip
        if "dropdown" not in str(block.options.get("class", "")):
            yield Fault(block.line, RULE, f"the solution of {block.argument!r} is not folded",
                        "add `:class: dropdown`")  # fmt: skip
    yield from _check_ends(chapter)


def _check_ends(chapter: Chapter) -> Iterator[Fault]:
    """Yield solutions that are not closed before the next one begins."""
    opened = None
    for block in chapter.directives("solution-start", "solution-end", "exercise"):
        if block.name == "solution-end":
            if opened is None:
                yield Fault(block.line, RULE, "a {solution-end} that ends nothing", "take it out")
            opened = None
            continue
        if opened is not None:
            yield Fault(opened.line, RULE, f"the solution of {opened.argument!r} has no end",
                        "close it with an empty {solution-end} directive")  # fmt: skip
        opened = block if block.name == "solution-start" else None
    if opened is not None:
        yield Fault(opened.line, RULE, f"the solution of {opened.argument!r} has no end",
                    "close it with an empty {solution-end} directive")  # fmt: skip
