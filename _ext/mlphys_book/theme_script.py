"""Take out of the theme's script what ``mlphys.js`` does at a lower price.

When a page has loaded, the theme looks at every piece of code, output and table, to let those take
the focus that are wider than the page. That lays the whole page out, section by section, before
the reader has scrolled: a fifth of a second on a computer, most of a second on a phone. The book's
own script does the same for the sections that come near.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.errors import ExtensionError

__all__ = ["SCRIPT", "lighten_theme_script"]

SCRIPT = "_static/scripts/pydata-sphinx-theme.js"
COSTLY = re.compile(r'document\.querySelectorAll\(\["pre",[^;{}]*\{[^{}]*\.tabIndex=[^{}]*\}\)')
DONE = '"left to mlphys.js"'


def lighten_theme_script(root: Path) -> None:
    """Edit the theme's script in a built site; a script that is done or missing is left alone.

    Raises
    ------
    ExtensionError
        If the theme does it in another way than the one known here.
    """
    path = root / SCRIPT
    if not path.exists() or DONE in (text := path.read_text("utf-8")):
        return
    light, count = COSTLY.subn(DONE, text)
    if count != 1:
        raise ExtensionError(
            f"{SCRIPT}: expected one place that sets the tab stops of all code; got {count}. The "
            "theme has changed: adapt mlphys_book/theme_script.py"
        )
    path.write_text(re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", light), "utf-8")
