"""Pages that show what the whole book says: kept through builds, written again when it changes."""

from __future__ import annotations

from types import SimpleNamespace

from mlphys_book.marked_pages import MarkedPages


class FakeApp(dict):
    """Keeps the handler of each event."""

    connect = dict.__setitem__


def environment(*docnames):
    return SimpleNamespace(found_docs=set(docnames))


def test_written_again_when_the_state_changes_and_the_page_is_still_there():
    maps, env = MarkedPages("map"), environment("a", "b")
    for docname in ("b", "a", "gone"):
        maps.add(env, docname)
    assert maps.to_write_again(env, {"x": [1]}) == ["a", "b"]
    assert maps.to_write_again(env, {"x": [1]}) == []
    assert maps.to_write_again(env, {"x": [2]}) == ["a", "b"]


def test_two_kinds_of_marks_do_not_mix():
    env = environment("a")
    MarkedPages("map").add(env, "a")
    assert MarkedPages("map").of(env) == {"a"}
    assert MarkedPages("index").of(env) == set()


def test_pages_that_are_read_again_are_forgotten_and_parallel_readers_are_heard():
    maps, env, reader, app = MarkedPages("map"), environment(), environment(), FakeApp()
    maps.connect(app)
    maps.add(env, "a")
    for docname in ("b", "c"):
        maps.add(reader, docname)
    app["env-purge-doc"](app, env, "a")
    app["env-merge-info"](app, env, ["b"], reader)
    assert maps.of(env) == {"b"}
