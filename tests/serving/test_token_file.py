"""The token file: its mode at its first byte, its name, and whose it is."""

import os
import stat

import pytest

from mlphys.serving import token_file
from mlphys.serving.token_file import TokenFile, same_secret, token_folder


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("replace", [False, True])
def test_mode_is_0600_before_the_first_byte(tmp_path, monkeypatch, open_umask, replace):
    seen = []
    path = tmp_path / "token"

    def look(handle, *arguments, **options):
        about = os.fstat(handle)
        seen.append((stat.S_IMODE(about.st_mode), about.st_size))
        return fdopen(handle, *arguments, **options)

    fdopen = os.fdopen
    monkeypatch.setattr(token_file.os, "fdopen", look)
    file = TokenFile(path, replace=replace)
    assert seen == [(0o600, 0)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == file.token + "\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_mode_set_after_writing_comes_too_late(tmp_path):
    """The order of the lectures: write, then close to others. Who opened in between reads on."""
    before = os.umask(0o022)
    try:
        path = tmp_path / "token"
        path.write_text("secret")
        open_to_all = stat.S_IMODE(path.stat().st_mode) & 0o044
        with path.open() as reader:
            path.chmod(0o700)
            assert open_to_all and reader.read() == "secret"
    finally:
        os.umask(before)


def test_a_name_that_is_taken_is_left_alone(tmp_path):
    first = TokenFile(tmp_path / "token")
    with pytest.raises(FileExistsError, match="another server may use it"):
        TokenFile(tmp_path / "token")
    assert first.path.read_text() == first.token + "\n"


def test_a_link_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    (tmp_path / "token").symlink_to(victim)
    with pytest.raises(FileExistsError):
        TokenFile(tmp_path / "token")
    assert not victim.exists()
    file = TokenFile(tmp_path / "token", replace=True)
    assert not victim.exists() and not file.path.is_symlink()


def test_only_its_own_file_is_removed(tmp_path):
    first = TokenFile(tmp_path / "token")
    second = TokenFile(tmp_path / "token", replace=True)
    first.remove()
    assert second.path.exists()
    second.remove()
    second.remove()
    assert not second.path.exists()


def test_tokens_differ_and_are_long(tmp_path):
    tokens = {TokenFile(tmp_path / str(i)).token for i in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}  # 256 bits, 6 a letter


def test_folder_is_private(tmp_path, monkeypatch, open_umask):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = token_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert token_folder() == folder
    folder.chmod(0o755)
    with pytest.raises(PermissionError, match="0700"):
        token_folder()


def test_folder_must_not_be_a_link(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "mlphys").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="of your own"):
        token_folder()


def test_secrets_are_compared_by_the_library_made_for_it(monkeypatch):
    calls = []
    monkeypatch.setattr(token_file.hmac, "compare_digest", lambda *pair: bool(calls.append(pair)))
    assert not same_secret(b"\xff", "token")
    assert calls == [(b"\xff", b"token")]
