"""The command: ``python -m mlphys.serving NAME=FILE ...``.

    python -m mlphys.serving digits=net.tflite              on 127.0.0.1, port 8765
    python -m mlphys.serving --port 0 digits=net.onnx       on any free port

Once it listens, it prints one line of JSON: address, token file, names of the models. It stops on
SIGTERM or Ctrl+C, after the requests in flight. Exit codes: 0 stopped; 1 could not start; 2 wrong
usage; 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
from dataclasses import fields
from types import FrameType
from typing import Any

from mlphys.serving.limits import Limits

__all__ = ["main"]

DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command with these arguments (default: the process's own); return its exit code.

    Examples
    --------
    >>> main(["--port", "0", "digits=missing.onnx"])
    1
    """
    parser = _parser()
    options = vars(parser.parse_args(arguments))
    bounds = {field.name: options.pop(field.name) for field in fields(Limits)}
    models = dict(options.pop("models"))
    stop = Stop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            signal.signal(number, stop)
        from mlphys.serving.server import prepared

        limits = Limits(**bounds)
        with prepared(models, limits=limits, **options) as ready:
            stop.server = ready.server
            if not stop.received:
                _run(ready, sorted(models))
        return stop.code()
    except (ImportError, OSError, ValueError) as fault:
        print(f"mlphys serving: {fault}", file=sys.stderr)
        return FAILED
    except Stopped:
        return stop.code()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Stopped(BaseException):
    """A signal came while the models were being opened; all blocks are left in order."""


class Stop:
    """What SIGINT and SIGTERM do from the first moment to the last.

    While the models are opened, they break that off. From then on nothing is raised, because an
    exception at a random moment may be swallowed by whoever runs at that moment: the signal is
    noted and the server told to end. (uvicorn has handlers of its own while it runs, and hands what
    they caught on to this one when it is done.)
    """

    def __init__(self) -> None:
        self.received: list[int] = []
        self.server: Any = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle one signal."""
        self.received.append(number)
        if self.server is None:
            raise Stopped
        self.server.should_exit = True

    def code(self) -> int:
        """Return the exit code that the signals ask for."""
        return INTERRUPTED if signal.SIGINT in self.received else DONE


def _run(ready: Any, names: list[str]) -> None:
    """Say that the server listens, and serve until a signal comes."""
    about = {"address": ready.address.url, "token_file": str(ready.address.token_file)}
    print(json.dumps({**about, "models": names}), flush=True)
    ready.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlphys.serving",
        description="Let other programs on this machine ask trained models over HTTP.",
    )
    parser.add_argument("models", nargs="+", type=_named, metavar="NAME=FILE")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="0 takes any free one")
    parser.add_argument("--token-file", help="a file that does not exist yet")
    parser.add_argument(
        "--allow-network", action="store_true", help="listen beyond this machine, unencrypted"
    )
    bounds = parser.add_argument_group("limits")
    for field in fields(Limits):
        kind = type(field.default)
        name = "--" + field.name.replace("_", "-")
        bounds.add_argument(name, type=kind, default=field.default, help=f"{field.default}")
    return parser


def _named(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if not (name and equals and path):
        raise argparse.ArgumentTypeError(
            f"expected NAME=FILE, such as digits=net.onnx; got {text!r}"
        )
    return name, path


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    sys.exit(main())
