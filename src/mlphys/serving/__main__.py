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
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        from mlphys.serving.server import prepared

        limits = Limits(**bounds)
        with prepared(models, limits=limits, **options) as ready:
            return _run(ready, sorted(models))
    except (ImportError, OSError, ValueError) as fault:
        print(f"mlphys serving: {fault}", file=sys.stderr)
        return FAILED
    except SystemExit:
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(ready: Any, names: list[str]) -> int:
    """Serve until a signal comes; uvicorn raises it again when all requests are answered."""
    about = {"address": ready.address.url, "token_file": str(ready.address.token_file)}
    print(json.dumps({**about, "models": names}), flush=True)
    ready.run()
    return DONE


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


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave all blocks in order, so that the token file goes, too."""
    del number, frame  # the signature is Python's
    raise SystemExit(DONE)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    sys.exit(main())
