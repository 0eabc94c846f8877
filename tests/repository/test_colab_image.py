"""What Colab's lists say, and the environments of the variants of the tests."""

import os
from pathlib import Path

import colab_image
import pytest
import test_variant

ROOT = Path(__file__).resolve().parents[2]
FREEZE = """# generated
absl-py==1.4.0
Importlib_Resources==6.5.2
jaxlib @ https://a.org/jaxlib-0.7.2.whl#sha256=0
numpy==2.0.2
torch==2.9.0+cu126
not-ours==1.0
"""
SYSTEM = 'Ubuntu 22.04.5 LTS\nPython {}.{}.1\nR version 4.5.2 (2025-10-31) -- "x"\n'


def test_versions_of_packages_that_the_course_uses():
    ours = colab_image.read_names((ROOT / "requirements.lock").read_text("utf-8"))
    assert {"numpy", "tensorflow", "importlib-resources"} <= ours
    image = colab_image.read_freeze(FREEZE)
    assert image == {"absl-py": "1.4.0", "importlib-resources": "6.5.2", "numpy": "2.0.2",
                     "not-ours": "1.0"}  # fmt: skip
    assert set(image) & ours == set(image) - {"not-ours"}


def test_python_must_be_colab_s():
    import sys

    major, minor = sys.version_info[:2]
    colab_image.check_python(colab_image.read_python(SYSTEM.format(major, minor)))
    with pytest.raises(ValueError, match=r"expected Colab's Python 3\.2; this is"):
        colab_image.check_python(colab_image.read_python(SYSTEM.format(3, 2)))
    with pytest.raises(ValueError, match="expected a line such as `Python 3"):
        colab_image.read_python("Ubuntu 22.04.5 LTS\n")


def test_image_first_then_the_library_then_what_was_replaced(tmp_path, monkeypatch, capsys):
    """The order of installations, with those of uv replaced by a list."""
    import sys

    (tmp_path / "pip-freeze.txt").write_text(FREEZE, "utf-8")
    (tmp_path / "os-info.txt").write_text(SYSTEM.format(*sys.version_info[:2]), "utf-8")
    done, states = [], [{"numpy": "2.0.2"}, {"numpy": "2.4.6", "jax": "0.10.2"}]
    monkeypatch.setenv("COLAB_LISTS", str(tmp_path))
    monkeypatch.setattr(test_variant, "install", lambda python, *words: done.append(words))
    monkeypatch.setattr(test_variant, "installed", lambda python: states.pop(0))
    test_variant.install_image(Path(os.devnull))
    assert done == [
        ("--no-deps", "absl-py==1.4.0", "importlib-resources==6.5.2", "numpy==2.0.2"),
        ("--editable", ".[all]"),
    ]
    assert capsys.readouterr().out == "colab: the first cell replaces numpy 2.0.2 -> 2.4.6\n"


def test_each_variant_says_what_it_installs():
    assert "--upgrade" in test_variant.requirements("newest")
    assert "lowest-direct" in test_variant.requirements("oldest")
    assert test_variant.requirements("colab") == ["--editable", ".[all]", "--group", "test"]
    with pytest.raises(ValueError, match="expected one of light, oldest, newest, colab"):
        test_variant.requirements("other")
