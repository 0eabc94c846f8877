"""Write a page's document tree as Markdown that any notebook program shows.

The tree is taken after Sphinx has resolved it, so that citations read "Noether (1921)", references
carry their numbers, glued values are values. What plain Markdown lacks is written in words: an
admonition becomes a quotation with a title, an exercise a bold heading, a definition a list entry.
A kind of node that is not known here is an error, so that nothing vanishes from a notebook in
silence.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

from docutils import nodes

from .macros import expand_macros

__all__ = ["Cell", "Page", "Writer"]

SKIPPED = {
    "comment", "target", "index", "meta", "toctree", "substitution_definition", "system_message",
    "sd_tab_input", "pending", "docinfo", "field_list", "tabular_col_spec", "start_of_file",
    "footnotes",
}  # fmt: skip
TRANSPARENT = {
    "document", "compound", "container", "legend", "only", "glossary", "highlightlang",
    "aside_main", "definition", "PassthroughTextElement", "attribution", "line", "HideCodeCellNode",
}  # fmt: skip
INLINE_PLAIN = {
    "inline", "generated", "abbreviation", "title_reference", "sd_badge", "term", "caption", "title",
    "description", "PassthroughTextElement", "sd_icon", "manpage", "paragraph", "dropdown_title",
    "sd_tab_label", "rubric", "line", "subtitle", "classifier", "acronym",
}  # fmt: skip
WORDS = {
    "note": "Note", "warning": "Warning", "important": "Important", "tip": "Tip", "hint": "Hint",
    "caution": "Caution", "danger": "Danger", "attention": "Attention", "error": "Error",
    "seealso": "See also",
}  # fmt: skip
SPECIAL = re.compile(r"([\\`*_\[\]<>$#|~])")


@dataclass(frozen=True)
class Cell:
    """The place of a code cell, by its index in the notebook; ``caption`` follows it as text."""

    index: int
    caption: str = ""


Piece = str | Cell


@dataclass
class Page:
    """What the writer must know of the page that it writes.

    Attributes
    ----------
    url : str
        Address of the page on the site; links are relative to it. Empty if not known: then links
        inside the site become plain text.
    source : pathlib.Path
        Folder of the sources: images are read from there.
    section_numbers, figure_numbers : mapping
        Numbers as Sphinx assigned them (``toc_secnumbers``, ``toc_fignumbers`` of the page).
    number_format : mapping of str to str
        Words for numbered things (``numfig_format``).
    macros : mapping
        TeX macros of the site, written out because a notebook does not know them.
    """

    url: str = ""
    source: Path = Path()
    section_numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    figure_numbers: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    number_format: Mapping[str, str] = field(default_factory=dict)
    macros: Mapping[str, Any] = field(default_factory=dict)


class Writer:
    """Turn a resolved document tree into pieces: Markdown text, and places of code cells.

    Parameters
    ----------
    page : Page
        The page's surroundings.
    complain : callable
        Called with a node that the writer does not know.
    """

    def __init__(self, page: Page, complain: Callable[[nodes.Node], None]) -> None:
        self.page = page
        self.complain = complain
        self.attachments: dict[str, dict[str, str]] = {}
        self.depth = 0

    # Blocks -----------------------------------------------------------------------------------

    def blocks(self, children: Iterable[nodes.Node]) -> list[Piece]:
        """Return the pieces of several nodes, in order."""
        return [piece for child in children for piece in self.block(child)]

    def block(self, node: nodes.Node) -> list[Piece]:
        """Return the pieces of one block-level node."""
        kind = type(node).__name__
        if kind in SKIPPED:
            return []
        if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
            return [Cell(node["cell_index"], self.caption(node))]
        if isinstance(node, nodes.container) and node.get("nb_element"):
            return []
        method = getattr(self, f"block_{kind}", None)
        if method:
            return method(node)
        if isinstance(node, nodes.Admonition) or kind == "proof_node" or hasattr(node, "realtype"):
            return self.boxed(cast("nodes.Element", node))  # all three kinds are elements
        if kind in TRANSPARENT:
            return self.blocks(node.children)
        text = self.inline(node)
        return [text] if text.strip() else []

    def block_section(self, node: nodes.section) -> list[Piece]:
        self.depth += 1
        pieces = self.blocks(node.children)
        self.depth -= 1
        return pieces

    def block_title(self, node: nodes.title) -> list[Piece]:
        parent = node.parent
        anchors = [f"#{name}" for name in parent.get("ids", [])]
        keys = [*anchors, ""] if self.depth == 1 else anchors
        number = next((n for key in keys if (n := self.page.section_numbers.get(key))), ())
        prefix = ".".join(map(str, number)) + ". " if number else ""
        return [f"{'#' * max(1, self.depth)} {prefix}{self.line(node)}"]

    def block_paragraph(self, node: nodes.paragraph) -> list[Piece]:
        text = self.line(node)
        if isinstance(node.parent, nodes.caption):
            return []
        return [text] if text.strip() else []

    def block_transition(self, node: nodes.Node) -> list[Piece]:
        return ["---"]

    def block_rubric(self, node: nodes.Node) -> list[Piece]:
        return [f"**{self.line(node)}**"]

    def block_literal_block(self, node: nodes.literal_block) -> list[Piece]:
        language = node.get("language", "")
        language = "" if language in {"default", "none"} else language
        text = node.astext().rstrip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
        return [f"{fence}{language}\n{text}\n{fence}"]

    def block_math_block(self, node: nodes.math_block) -> list[Piece]:
        tex = expand_macros(node.astext().strip(), self.page.macros)
        if node.get("nowrap") or re.match(r"\\begin\{(align|gather|multline|equation)\*?\}", tex):
            return [tex]
        if "\\\\" in tex and "\\begin{" not in tex:
            tex = f"\\begin{{aligned}}\n{tex}\n\\end{{aligned}}"
        number = self.number("displaymath", node) or str(node.get("number") or "")
        tag = f"\n\\tag{{{number}}}" if number else ""
        tex = re.sub(r"\n\s*\n", "\n", tex)
        return [f"$$\n{tex}{tag}\n$$"]

    def block_bullet_list(self, node: nodes.Element) -> list[Piece]:
        return self.listed(node, lambda index: "- ")

    def block_enumerated_list(self, node: nodes.Element) -> list[Piece]:
        start = node.get("start", 1)
        return self.listed(node, lambda index: f"{start + index}. ")

    def block_steps_list(self, node: nodes.Element) -> list[Piece]:
        return self.block_enumerated_list(node)

    def listed(self, node: nodes.Element, mark: Callable[[int], str]) -> list[Piece]:
        """Return a list; one that holds code cells is taken apart, because cells cannot indent."""
        items = [self.blocks(item.children) for item in node.children]
        if any(isinstance(piece, Cell) for item in items for piece in item):
            return [piece for item in items for piece in item]
        tight = all(
            len(item.children) < 2 or _only_lists(item.children[1:]) for item in node.children
        )
        gap = "\n" if tight else "\n\n"
        lines = (_hang(mark(i), gap.join(map(str, item))) for i, item in enumerate(items))
        return [gap.join(lines)]

    def block_definition_list(self, node: nodes.Element) -> list[Piece]:
        entries = []
        for item in node.children:
            terms = ", ".join(self.line(t) for t in item.children if isinstance(t, nodes.term))
            text = "\n\n".join(
                str(piece)
                for part in item.children
                if isinstance(part, nodes.definition)
                for piece in self.blocks(part.children)
            )
            entries.append(_hang("- ", f"**{terms}**: {text}"))
        return ["\n".join(entries)]

    def block_block_quote(self, node: nodes.Element) -> list[Piece]:
        return _quoted(self.blocks(node.children))

    def block_line_block(self, node: nodes.Element) -> list[Piece]:
        return ["  \n".join(self.line(child) for child in node.children)]

    def block_topic(self, node: nodes.Element) -> list[Piece]:
        return self.boxed(node)

    def block_sidebar(self, node: nodes.Element) -> list[Piece]:
        return self.boxed(node)

    def boxed(self, node: nodes.Element) -> list[Piece]:
        """Return an admonition, exercise or theorem: a quotation under a bold title."""
        kind = type(node).__name__
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        words = self.line(title) if title is not None else WORDS.get(kind, "")
        counted = node.get("countertype") or ("exercise" if "exercise" in kind else "")
        number = self.number(counted, node) if counted else ""
        if number:
            label = self.page.number_format.get(counted, "%s") % number
            words = f"{label[:1].upper()}{label[1:]}{_spaced(words)}"
        elif node.get("realtype"):
            words = f"{node['realtype'].title()}{_spaced(words)}"
        pieces = self.blocks(child for child in node.children if child is not title)
        heading = f"**{words.strip()}**" if words.strip() else ""
        if any(isinstance(piece, Cell) for piece in pieces):
            return [heading, *pieces] if heading else pieces
        if "dropdown" in node.get("classes", []):
            return _folded(_plain(words), pieces)
        return _quoted([heading, *pieces] if heading else pieces)

    def block_dropdown_main(self, node: nodes.Element) -> list[Piece]:
        title, *rest = node.children
        pieces = self.blocks(rest)
        if any(isinstance(piece, Cell) for piece in pieces):
            return [f"**{self.line(title)}**", *pieces]
        return _folded(_plain(self.line(title)), pieces)

    def block_sd_tab_label(self, node: nodes.Element) -> list[Piece]:
        return [f"**{self.line(node)}**"]

    def block_figure(self, node: nodes.figure) -> list[Piece]:
        pieces = self.blocks(c for c in node.children if not isinstance(c, nodes.caption))
        return [*pieces, *filter(None, [self.figure_caption(node)])]

    def caption(self, node: nodes.Element) -> str:
        """Return the captions of the figures inside a code cell."""
        figures = node.findall(nodes.figure)
        return "\n\n".join(filter(None, (self.figure_caption(figure) for figure in figures)))

    def figure_caption(self, node: nodes.figure) -> str:
        caption = next((c for c in node.children if isinstance(c, nodes.caption)), None)
        if caption is None:
            return ""
        number = self.number("figure", node)
        label = self.page.number_format.get("figure", "Fig. %s") % number if number else ""
        return f"**{label}** {self.line(caption)}" if label else self.line(caption)

    def block_image(self, node: nodes.image) -> list[Piece]:
        return [self.image(node)]

    def block_raw(self, node: nodes.raw) -> list[Piece]:
        text = node.astext()
        if "html" not in node.get("format", "").split() or "<script" in text or "<style" in text:
            return []
        return [text]

    def block_footnote(self, node: nodes.footnote) -> list[Piece]:
        label, *rest = node.children
        return [f"<sup>{label.astext()}</sup> " + " ".join(map(str, self.blocks(rest)))]

    def block_citation(self, node: nodes.citation) -> list[Piece]:
        rest = [child for child in node.children if not isinstance(child, nodes.label)]
        return [_hang("- ", " ".join(map(str, self.blocks(rest))))]

    def block_table(self, node: nodes.table) -> list[Piece]:
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        number = self.number("table", node)
        label = self.page.number_format.get("table", "Table %s") % number if number else ""
        heading = f"**{label}** {self.line(title)}".strip() if title is not None else ""
        rows = [self.row(row) for row in node.findall(nodes.row)]
        if not rows:
            return []
        head = any(True for _ in node.findall(nodes.thead))
        first = rows.pop(0) if head else [""] * len(rows[0])
        lines = [first, ["---"] * len(first), *rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return [*filter(None, [heading]), table]

    def row(self, node: nodes.row) -> list[str]:
        """Return the entries of a table's row, each on one line."""
        entries = []
        for entry in cast("list[nodes.entry]", node.children):  # a row holds nothing else
            text = "<br>".join(map(str, self.blocks(entry.children)))
            text = re.sub(r"\$[^$]+\$", lambda m: re.sub(r"(?<!\\)\|", r"\\vert ", m[0]), text)
            entries.append(text.replace("\n", " "))
            entries += [""] * node_span(entry)
        return entries

    def number(self, kind: str, node: nodes.Element) -> str:
        """Return a node's number as the site shows it, or an empty string."""
        numbers = self.page.figure_numbers.get(kind, {})
        found = next((numbers[name] for name in node.get("ids", []) if name in numbers), ())
        return ".".join(map(str, found))

    # Inline -----------------------------------------------------------------------------------

    def line(self, node: nodes.Node) -> str:
        """Return a node's content as one line of Markdown."""
        return re.sub(r"\s*\n\s*", " ", self.inlines(node.children)).strip()

    def inlines(self, children: Iterable[nodes.Node]) -> str:
        return "".join(self.inline(child) for child in children)

    def inline(self, node: nodes.Node) -> str:
        """Return one inline node as Markdown."""
        kind = type(node).__name__
        if isinstance(node, nodes.Text):
            return SPECIAL.sub(r"\\\1", node.astext())
        if kind in SKIPPED:
            return ""
        method = getattr(self, f"inline_{kind}", None)
        if method:
            return method(node)
        if kind not in INLINE_PLAIN and not (kind in TRANSPARENT and node.children):
            self.complain(node)
        return self.inlines(node.children)

    def inline_emphasis(self, node: nodes.Node) -> str:
        return f"*{self.inlines(node.children)}*"

    def inline_strong(self, node: nodes.Node) -> str:
        return f"**{self.inlines(node.children)}**"

    def inline_literal(self, node: nodes.Node) -> str:
        text = node.astext()
        fence = "`" * (1 + max(map(len, re.findall(r"`+", text)), default=0))
        space = " " if "`" in text else ""
        return f"{fence}{space}{text}{space}{fence}"

    inline_literal_strong = inline_literal_emphasis = inline_literal

    def inline_literal_block(self, node: nodes.Node) -> str:
        return self.inline_literal(node)

    def inline_math(self, node: nodes.Node) -> str:
        return f"${expand_macros(node.astext().strip(), self.page.macros)}$"

    def inline_math_block(self, node: nodes.math_block) -> str:
        return str(self.block_math_block(node)[0])

    def inline_superscript(self, node: nodes.Node) -> str:
        return f"<sup>{self.inlines(node.children)}</sup>"

    def inline_subscript(self, node: nodes.Node) -> str:
        return f"<sub>{self.inlines(node.children)}</sub>"

    inline_footnote_reference = inline_superscript

    def inline_image(self, node: nodes.image) -> str:
        return self.image(node)

    def inline_raw(self, node: nodes.raw) -> str:
        text = node.astext()
        shown = "html" in node.get("format", "").split() and "<svg" not in text
        return text if shown else ""

    def inline_sd_line_break(self, node: nodes.Node) -> str:
        return "<br>"

    def inline_reference(self, node: nodes.Element) -> str:
        text = self.inlines(node.children)
        target = node.get("refuri") or (f"#{node['refid']}" if node.get("refid") else "")
        outside = re.match(r"[a-z]+:", target)
        if not target or not text.strip() or not (outside or self.page.url):
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        address = target if outside else urljoin(self.page.url, target)
        return f"{before}[{text.strip()}]({address}){after}"

    inline_number_reference = inline_reference

    def inline_download_reference(self, node: nodes.Element) -> str:
        return self.inlines(node.children)

    def image(self, node: nodes.image) -> str:
        """Return an image, its bytes attached to the cell so that it shows offline."""
        uri = node["uri"]
        alt = SPECIAL.sub(r"\\\1", node.get("alt", "").replace("\n", " "))
        if re.match(r"[a-z]+:", uri):
            return f"![{alt}]({uri})"
        path = self.page.source / uri
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        name = re.sub(r"[^\w.-]", "-", uri)
        self.attachments[name] = {kind: base64.b64encode(path.read_bytes()).decode()}
        return f"![{alt}](attachment:{name})"


def node_span(entry: nodes.Element) -> int:
    """Return how many columns a table's entry takes beyond its own."""
    return entry.get("morecols", 0)


def _only_lists(children: Iterable[nodes.Node]) -> bool:
    return all(isinstance(child, nodes.bullet_list | nodes.enumerated_list) for child in children)


def _plain(text: str) -> str:
    """Return a line of Markdown without its links."""
    return re.sub(r"(?<!\\)\[([^\]]*)\]\([^)]*\)", r"\1", text).strip()


def _spaced(words: str) -> str:
    return f" {words.strip()}" if words.strip() else ""


def _hang(mark: str, text: str) -> str:
    """Return text behind a list mark, its further lines indented by the mark's width."""
    lines = text.splitlines() or [""]
    indent = " " * len(mark)
    return "\n".join([mark + lines[0], *(indent + line if line else "" for line in lines[1:])])


def _quoted(pieces: list[Piece]) -> list[Piece]:
    """Return pieces as a quotation, unless there are code cells among them."""
    if any(isinstance(piece, Cell) for piece in pieces):
        return pieces
    text = "\n\n".join(map(str, pieces))
    return ["\n".join(f"> {line}".rstrip() for line in text.splitlines())]


def _folded(title: str, pieces: list[Piece]) -> list[Piece]:
    """Return pieces that a click unfolds; the blank lines make Markdown work inside."""
    body = "\n\n".join(map(str, pieces))
    return [f"<details>\n<summary><b>{title}</b></summary>\n\n{body}\n\n</details>"]
