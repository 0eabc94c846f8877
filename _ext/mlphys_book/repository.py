"""Where the project lives: one address for every link of the site, and a fork's own in a fork.

The address stands in ``_config.yml`` (``repository``, ``html: baseurl``). In a fork's CI, GitHub's
own variables name the fork, and they win: the buttons for editing, for issues, for Colab and
Binder, the install cell of the notebooks, and the site's own address then all point at the fork.

Colab and Binder open notebooks, not MyST files: publishing puts the executed notebooks on branches
of their own, the newest on the one that ``mlphys_notebook_branch`` names, those of each release on
one that carries its tag as well.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = [
    "Repository",
    "find_repository",
    "launch_links",
    "notebook_branch",
    "repository",
    "setup",
    "source_link",
]


class Repository(NamedTuple):
    """The project's addresses.

    Attributes
    ----------
    url : str
        Address of the repository, without a final slash.
    branch : str
        Branch that "edit this page" opens.
    ref : str
        What the notebooks install: the tag in a release's build, else the branch.
    site : str
        Address of the site, with a final slash; empty if it is not known.
    """

    url: str
    branch: str
    ref: str
    site: str

    @property
    def slug(self) -> str:
        """Return ``owner/name``."""
        return "/".join(self.url.split("/")[-2:])


def find_repository(configured: Repository, environ: Mapping[str, str]) -> Repository:
    """Return the addresses that this build is for.

    Parameters
    ----------
    configured : Repository
        What the configuration says.
    environ : mapping of str to str
        Environment. ``GITHUB_REPOSITORY``, ``GITHUB_SERVER_URL`` and the ``GITHUB_REF`` family are
        set by GitHub Actions; ``MLPHYS_SITE`` may name the site where it is not on GitHub Pages.

    Returns
    -------
    Repository

    Examples
    --------
    >>> ours = Repository("https://github.com/a/b", "main", "main", "https://a.github.io/b/")
    >>> find_repository(ours, {"GITHUB_REPOSITORY": "me/b"}).site
    'https://me.github.io/b/'
    """
    url, site = configured.url.rstrip("/"), configured.site
    slug = environ.get("GITHUB_REPOSITORY", "")
    if slug and f"/{slug}" != url[-len(slug) - 1 :]:
        url = f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{slug}"
        site = _pages(slug)
    site = environ.get("MLPHYS_SITE", "") or site
    branch = ref = configured.branch
    if environ.get("GITHUB_REF_TYPE") == "tag":
        ref = environ["GITHUB_REF_NAME"]
    elif environ.get("GITHUB_BASE_REF"):  # a pull request: what is edited is its target
        branch = ref = environ["GITHUB_BASE_REF"]
    elif environ.get("GITHUB_REF_NAME"):
        branch = ref = environ["GITHUB_REF_NAME"]
    return Repository(url, branch, ref, f"{site.rstrip('/')}/" if site else "")


def _pages(slug: str) -> str:
    """Return where GitHub Pages serves a repository."""
    owner, name = slug.split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def launch_links(home: Repository, docname: str, branch: str) -> list[tuple[str, str]]:
    """Return title and address of each service that can run a page's notebook.

    Only repositories on GitHub have such services; elsewhere the list is empty.
    """
    if not home.url.startswith("https://github.com/"):
        return []
    path = f"{docname}.ipynb"
    return [
        ("Colab", f"https://colab.research.google.com/github/{home.slug}/blob/{branch}/{path}"),
        ("Binder", f"https://mybinder.org/v2/gh/{home.slug}/{branch}?urlpath=lab/tree/{path}"),
    ]


def notebook_branch(home: Repository, base: str) -> str:
    """Return the branch that holds this build's notebooks.

    The pages of a release keep their own, so that their buttons stay right when chapters change.

    Examples
    --------
    >>> ours = Repository("https://github.com/a/b", "main", "v1.0.0", "")
    >>> notebook_branch(ours, "notebooks"), notebook_branch(ours._replace(ref="main"), "notebooks")
    ('notebooks-v1.0.0', 'notebooks')
    """
    return f"{base}-{home.ref}" if re.fullmatch(r"v\d[\w.]*", home.ref) else base


def source_link(home: Repository, path: str, line: int | None = None) -> str:
    """Return where a reader sees a file of the project, at a line of it.

    Examples
    --------
    >>> ours = Repository("https://github.com/a/b", "main", "v1.0", "")
    >>> source_link(ours, "tests/test_x.py", 7)
    'https://github.com/a/b/blob/v1.0/tests/test_x.py#L7'
    """
    return f"{home.url}/blob/{home.ref}/{path}" + (f"#L{line}" if line else "")


def repository(app: Any) -> Repository:
    """Return the addresses that this build is for."""
    return app.config.mlphys_repository


def apply_addresses(app: Any, config: Any) -> None:
    """Put the addresses into the theme's options (event ``config-inited``)."""
    theme = config.html_theme_options
    branch = theme.get("repository_branch", "main")
    configured = Repository(theme.get("repository_url", ""), branch, branch, config.html_baseurl)
    if not configured.url:
        raise ValueError(
            "repository: expected the project's address under `repository: url` in _config.yml; "
            "got none. Buttons and notebooks need it."
        )
    found = find_repository(configured, os.environ)
    theme["repository_url"], theme["repository_branch"] = found.url, found.branch
    theme.setdefault("repository_provider", "github")
    config.html_baseurl = found.site
    config.mlphys_repository = found


def offer_launch(app: Any, page: str, template: str, context: dict, doctree: Any) -> None:
    """Add the buttons that run a chapter elsewhere (event ``html-page-context``)."""
    buttons = context.get("header_buttons")
    if buttons is None or not context.get("ipynb_source"):
        return
    icons = {"Colab": "logo_colab.png", "Binder": "logo_binder.svg"}
    home = repository(app)
    branch = notebook_branch(home, app.config.mlphys_notebook_branch)
    links = launch_links(home, page, branch)
    if links:
        buttons.append(
            {
                "type": "group",
                "label": "launch-buttons",
                "icon": "fas fa-rocket",
                "tooltip": "Run this chapter elsewhere",
                "buttons": [
                    {
                        "type": "link",
                        "text": title,
                        "tooltip": f"Run on {title}",
                        "icon": f"_static/images/{icons[title]}",
                        "url": url,
                    }
                    for title, url in links
                ],
            }
        )


def setup(app: Any) -> dict[str, Any]:
    """Register the configuration values and the handlers."""
    app.add_config_value("mlphys_repository", None, "env")
    app.add_config_value("mlphys_notebook_branch", "notebooks", "html")
    app.connect("config-inited", apply_addresses, priority=100)
    app.connect("html-page-context", offer_launch, priority=502)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
