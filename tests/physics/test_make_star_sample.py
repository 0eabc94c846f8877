"""The tool that makes the catalog of stars: what it keeps, and which file it takes."""

import gzip
import json

import make_star_sample


def star(number, index, longitude=-10.0):
    place = {"type": "Point", "coordinates": [longitude, 5.5]}
    return {"id": number, "properties": {"mag": 1.5, "bv": index}, "geometry": place}


def test_lines_are_in_order_and_stars_without_color_are_left_out():
    source = json.dumps({"features": [star(7, "0.25"), star(3, "1.5"), star(5, "")]}).encode()
    lines = make_star_sample.make_catalog(source).splitlines()
    assert lines[1:] == ["3,350.0000,5.5000,1.50,1.500", "7,350.0000,5.5000,1.50,0.250"]


def test_the_same_content_gives_the_same_bytes():
    packed = make_star_sample.compress("a line\n")
    assert packed == make_star_sample.compress("a line\n")
    assert gzip.decompress(packed) == b"a line\n"


def test_another_file_is_refused(tmp_path, capsys):
    other = tmp_path / "stars.json"
    other.write_text("{}", encoding="utf-8")
    assert make_star_sample.main([str(other)]) == 1
    assert "expected SHA-256" in capsys.readouterr().err
