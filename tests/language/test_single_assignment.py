import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.single_assignment import schedule, single_assignment

NAMES = st.sampled_from("abc")
TERMS = st.one_of(NAMES, st.integers(-9, 9).map(str))
LINES = st.one_of(
    st.builds("{} = {} * {} - {}".format, NAMES, TERMS, TERMS, TERMS),
    st.builds("{} -= {}".format, NAMES, TERMS),
)
PROGRAMS = st.lists(LINES, min_size=1, max_size=8).map("\n".join)
START = {"a": 2, "b": 3, "c": 5}


def run(source: str, values: dict) -> dict:
    """Execute a program of arithmetic and return its names."""
    names = dict(values)
    exec(source, {}, names)
    return names


@given(PROGRAMS)
def test_the_renamed_program_computes_the_same(source):
    plain = run(source, START)
    renamed = run(single_assignment(source), {f"{k}_0": v for k, v in START.items()})
    for name in START:
        versions = [key for key in renamed if key.startswith(f"{name}_")]
        last = max(versions, key=lambda key: int(key.split("_")[1]))
        assert renamed[last] == plain[name]


@given(PROGRAMS)
def test_no_name_is_assigned_twice(source):
    targets = [line.split(" = ")[0] for line in single_assignment(source).splitlines()]
    assert len(set(targets)) == len(targets) == len(source.splitlines())


@given(PROGRAMS)
def test_renaming_leaves_the_true_dependences_alone(source):
    renamed = single_assignment(source)
    graph = nx.DiGraph()
    for line in renamed.splitlines():
        target, value = line.split(" = ")
        graph.add_node(target)
        words = value.replace("(", " ").replace(")", " ").replace("-", " ").split()
        graph.add_edges_from((word, target) for word in words if word in graph)
    assert max(schedule(renamed)) == nx.dag_longest_path_length(graph, default_weight=1) + 1
    assert max(schedule(renamed)) <= max(schedule(source))


@given(PROGRAMS)
def test_lines_in_the_order_of_the_schedule_compute_the_same(source):
    lines = source.splitlines()
    order = sorted(range(len(lines)), key=schedule(source).__getitem__)
    assert run("\n".join(lines[i] for i in order), START) == run(source, START)


@pytest.mark.parametrize(
    "line", ["f(x)", "x = f(y)", "x, y = y, x", "if x: y = 1", "x = [1, 2]", "x = y = 1"]
)
def test_other_lines_are_refused_by_number(line):
    with pytest.raises(ValueError, match=r"line 2: expected 'name = arithmetic .*; got"):
        single_assignment(f"x = 1\n{line}")
    with pytest.raises(ValueError, match="line 2"):
        schedule(f"x = 1\n{line}")
