"""A secret in a file that only its owner can read, from the file's first byte on.

A file that is written first and closed off afterwards is open in between, and whoever opened it then
can go on reading. So the file is *created* with mode 0600, by the one call that creates it or fails
(``O_CREAT | O_EXCL``): no file that was there before, and no link, is ever written to.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import tempfile
from pathlib import Path

__all__ = ["TokenFile", "same_secret", "token_folder"]

BYTES = 32  # of randomness, 43 characters


class TokenFile:
    """A new random token in a new file.

    Parameters
    ----------
    path : path-like
        Must not exist.
    replace : bool
        Take the name even if a file has it. For names that only the caller can have a right to, such
        as one made from a port that it holds; the older file is not written to.

    Attributes
    ----------
    token : str
        32 random bytes in URL-safe letters.
    path : pathlib.Path

    Raises
    ------
    FileExistsError
        If the name is taken; the file that has it is untouched.
    OSError
        If the folder is missing or not writable.

    Examples
    --------
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = TokenFile(Path(folder.name) / "token")
    >>> oct(file.path.stat().st_mode & 0o777), file.path.read_text() == file.token + "\\n"
    ('0o600', True)
    >>> TokenFile(file.path)
    Traceback (most recent call last):
    ...
    FileExistsError: token file token exists: another server may use it. Name another file...
    >>> file.remove()
    >>> folder.cleanup()
    """

    def __init__(self, path: str | os.PathLike, *, replace: bool = False) -> None:
        self.path = Path(path)
        self.token = secrets.token_urlsafe(BYTES)
        target = self.path
        if replace:
            target = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(target, flags, 0o600)
        except FileExistsError as fault:
            raise FileExistsError(
                f"token file {self.path.name} exists: another server may use it. "
                "Name another file, or delete it if no server runs."
            ) from fault
        with os.fdopen(handle, "w", encoding="ascii") as file:
            about = os.fstat(file.fileno())
            self._identity = (about.st_dev, about.st_ino)
            file.write(self.token + "\n")
        if replace:
            target.replace(self.path)

    def remove(self) -> None:
        """Delete the file, unless the name now belongs to somebody else's file."""
        try:
            about = self.path.lstat()
        except FileNotFoundError:
            return
        if (about.st_dev, about.st_ino) == self._identity:
            self.path.unlink()


def token_folder() -> Path:
    """Return the folder for token files, made if need be: nobody else can list or enter it.

    It lies in ``XDG_RUNTIME_DIR``, which the system clears at logout, or else in the folder for
    temporary files, which anybody can write to; there its owner and mode are checked.

    Raises
    ------
    PermissionError
        If the name is taken by something of somebody else's, or open to others.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(runtime) / "mlphys" if runtime else Path(tempfile.gettempdir()) / f"mlphys-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    mine = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    if not (stat.S_ISDIR(about.st_mode) and mine and stat.S_IMODE(about.st_mode) & 0o077 == 0):
        raise PermissionError(
            f"token folder {folder.name}: expected a folder of your own with mode 0700. "
            "Remove what has its name, or choose a file with --token-file."
        )
    return folder


def same_secret(given: bytes, token: str) -> bool:
    """Return whether two secrets agree, in a time that does not tell where they differ.

    Examples
    --------
    >>> same_secret(b"abc", "abc"), same_secret(b"abd", "abc"), same_secret(b"", "abc")
    (True, False, False)
    """
    return hmac.compare_digest(given, token.encode("ascii"))
