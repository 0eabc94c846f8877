"""The works that one chapter cites, at its end: the directive ``{references}``.

The bibliography page lists every work once; citations link to it. A second ``{bibliography}`` in
each chapter would define the same keys again, which sphinxcontrib-bibtex rightly refuses. So this
directive repeats the chapter's own entries as a plain list, without defining anything.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.transforms import BibliographyTransform, node_text_transform

__all__ = ["cited_works", "setup"]

CLASS = "chapter-references"


class references_placeholder(nodes.General, nodes.Element):
    """Stands where the list will be, until all citations are known."""


class References(SphinxDirective):
    """``{references}``: no argument, no option, no content."""

    def run(self) -> list[nodes.Node]:
        """Return the placeholder."""
        return [references_placeholder()]


def cited_works(env: Any, docname: str) -> list[Any]:
    """Return the bibliography's entries for the works that a page cites, in its order there.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
    docname : str

    Returns
    -------
    list of sphinxcontrib.bibtex.domain.Citation
    """
    domain = env.domaindata.get("cite", {})
    cited = {
        target.key
        for reference in domain.get("citation_refs", [])
        if reference.docname == docname
        for target in reference.targets
    }
    return [item for item in domain.get("citations", []) if item.key in cited]


def fill(app: Any, doctree: nodes.document, docname: str) -> None:
    """Replace the placeholder by the list (event ``doctree-resolved``)."""
    for placeholder in list(doctree.findall(references_placeholder)):
        works = nodes.bullet_list(classes=[CLASS])
        for citation in cited_works(app.env, docname):
            item = nodes.list_item(
                "", BibliographyTransform.backend.paragraph(citation.formatted_entry)
            )
            node_text_transform(item)
            works += item
        placeholder.replace_self(works if works.children else [])


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_node(references_placeholder)
    app.add_directive("references", References)
    app.connect("doctree-resolved", fill, priority=100)  # before the notebooks are written
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
