"""The evaluator: against closed forms, against Python, and against GNU CLISP where installed."""

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlphys.language import clisp
from mlphys.language.lisp import Environment, evaluate, global_environment, run
from mlphys.language.lisp_reader import read
from mlphys.language.lisp_trees import Cons, LispError, Symbol, elements, show
from mlphys.language.machine import LISP_TABLE, lisp_of_python

MANY = 100_000

PROGRAMS = {
    "table": LISP_TABLE + "(table 5)",
    "factorial": "(define (f n) (if (< n 2) 1 (* n (f (- n 1))))) (f 25) (f 1)",
    "ratios": "(define (h n) (if (= n 0) 0 (+ (/ 1 n) (h (- n 1))))) (h 10) (/ 6 3) (- 1/2 1/3)",
    "quotation": "'x '(a . b) '(a b . c) ''x '(quote) '(1 nil t (2)) (car '(1 2)) (cdr '(1))",
    "truth": "(< 1 2 3) (< 1 3 2) (= 1 1) (not nil) (not 0) (null '()) (if '() 1 2) (if 0 1 2) (if nil 1)",
    "lists": "(append '(1) '(2 3) nil) (reverse '(1 2 3)) (length '(1 (2 3))) (cons 1 2) (list)",
    "tests": "(equal '(1 (2)) '(1 (2))) (equal 1 1.0) (atom 'x) (atom '(1)) (consp nil)",
    "scope": "(define y 1) (define (f x) (+ x y)) (let ((y 100)) (f 5)) (define y 2) (f 5)",
    "parallel let": "(let ((x 1) (y 2)) (let ((x y) (y x)) (list x y)))",
    "closure": (
        "(define (adder n) (lambda (x) (+ x n))) (define add3 (adder 3)) (funcall add3 4)"
        "(funcall (adder 10) 4)"
    ),
    "lambda": "((lambda (x y) (list y x)) 1 2)",
    "higher": (
        "(define (each f xs) (if (null xs) nil (cons (funcall f (car xs)) (each f (cdr xs)))))"
        "(each (lambda (x) (* x x)) '(1 2 3))"
    ),
    "signs": "(mod -7 3) (mod 7 -3) (- 5) (/ 4) (+) (*) (>= 3 3 2) (> 3 3)",
    "decimals": "(+ 0.5 1/4) (* 2 1.5) 0.25 (- 1 0.75)",
    "body": "(define (f x) x (* 2 x)) (f 4)",
    "big": "(define (p n) (if (= n 0) 1 (* 7 (p (- n 1))))) (p 300)",
    "mutual": (
        "(define (ev n) (if (= n 0) t (od (- n 1)))) (define (od n) (if (= n 0) nil (ev (- n 1))))"
        "(ev 1001)"
    ),
}
# functions and other values share one namespace here, so that funcall is an ordinary function
FUNCALL = "(define (funcall f x) (f x))"


def last(text, **options):
    return run(text, **options)[-1]


def printed(text):
    """Print the last value in a fresh Python: the tests' type checks make long runs 30 times slower."""
    code = (
        "import sys; from mlphys.language.lisp import run;"
        "from mlphys.language.lisp_trees import show; print(show(run(sys.argv[1])[-1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, text], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(
    not clisp.installed(),
    reason="clisp is not installed: the tiny Lisp is NOT compared with another one; "
    "on Debian: apt-get install clisp",
)
@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_clisp(name):
    environment = global_environment()
    run(FUNCALL, environment)
    ours = [show(value) for value in run(PROGRAMS[name], environment)]
    assert ours == clisp.print_values(PROGRAMS[name])


def test_factorial_and_powers():
    program = "(define (f n) (if (< n 2) 1 (* n (f (- n 1)))))"
    assert last(program + "(f 200)") == math.factorial(200)


def test_tail_recursion_takes_constant_space():
    depths = []
    program = "(define (count n) (if (= n 0) 'done (count (- n 1))))"
    environment = global_environment()
    run(program, environment)
    for n in (10, 1000):
        seen = []
        run(f"(count {n})", environment, watch=seen.append)
        depths.append(max(seen))
    assert depths[0] == depths[1] <= 4
    assert printed(program + f"(count {MANY})") == "done"


@pytest.mark.parametrize(
    "body",
    [
        "(if (= n 0) 'done (loop (- n 1)))",
        "n (if (= n 0) 'done (loop (- n 1)))",
        "(let ((m (- n 1))) (if (= n 0) 'done (loop m)))",
        "((lambda (m) (if (= n 0) 'done (loop m))) (- n 1))",
    ],
)
def test_every_tail_position_is_one(body):
    environment = global_environment()
    run(f"(define (loop n) {body})", environment)
    most = []
    for n in (5, 500):
        seen = []
        assert last(f"(loop {n})", environment=environment, watch=seen.append) == Symbol("done")
        most.append(max(seen))
    assert most[0] == most[1]


def test_other_recursion_grows_with_the_task():
    environment = global_environment()
    run("(define (sum n) (if (= n 0) 0 (+ n (sum (- n 1)))))", environment)
    most = []
    for n in (10, 110):
        seen = []
        assert last(f"(sum {n})", environment=environment, watch=seen.append) == n * (n + 1) // 2
        most.append(max(seen))
    assert most[1] - most[0] == 100


def test_long_list_is_built_and_printed_both_ways():
    tail = "(define (up n xs) (if (= n 0) xs (up (- n 1) (cons n xs))))"
    plain = "(define (from i n) (if (> i n) nil (cons i (from (+ i 1) n))))"
    expected = "(" + " ".join(map(str, range(1, MANY + 1))) + ")"
    assert printed(tail + f"(up {MANY} nil)") == expected
    assert printed(plain + f"(from 1 {MANY})") == expected


def test_scope_is_lexical():
    program = "(define x 1) (define (f) x) (define (g x) (f)) (g 2)"
    assert last(program) == 1


def test_definition_inside_a_function_stays_there():
    environment = global_environment()
    program = "(define (f x) (define y (* 2 x)) (+ y 1)) (f 5)"
    assert last(program, environment=environment) == 11
    with pytest.raises(LispError, match="unbound symbol y"):
        run("y", environment)


def test_each_call_has_its_own_arguments():
    program = "(define (adder n) (lambda (x) (+ x n))) (define a (adder 1)) (define b (adder 10))"
    assert last(program + "(list (a 5) (b 5))") == read("(6 15)")


PYTHON = st.recursive(
    st.integers(-9, 9).map(str) | st.sampled_from(["x", "y"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else {t[0]})")
        | st.tuples(inner, inner).map(lambda t: f"(lambda x: {t[0]})({t[1]})")
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(PYTHON)
def test_agrees_with_python(source):
    environment = Environment({"x": 3, "y": -2}, global_environment())
    assert evaluate(lisp_of_python(source), environment) == eval(source, {"x": 3, "y": -2})


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 40))
def test_euclid(a, b):
    program = f"(define (gcd a b) (if (= b 0) a (gcd b (mod a b)))) (gcd {a} {b})"
    assert last(program) == math.gcd(a, b)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(+ 1\n  (* 2 foo))", r"^line 2, column 8: .*got the unbound symbol foo; write \(define"),
        ("(foo 1)", r"^line 1, column 2: .*unbound symbol foo"),
        ("\n (1 2)", r"^line 2, column 2: expected a function at the head .*; got 1; quote the"),
        ("(car 1 2)", r"^line 1, column 1: expected 1 argument for car; got 2"),
        ("(+ 1 (/ 1 0))", r"^line 1, column 6: expected a divisor other than 0; got \(/ 1 0\)"),
        (
            "(define (f x) x)\n(f 1 2)",
            r"^line 2, column 1: expected 1 arguments for f \(x\); got 2",
        ),
        ("(if t)", r"^line 1, column 1: expected \(if condition then else\); got a list of 2"),
        ("(quote)", r"^line 1, column 1: expected \(quote x\); got a list of 1"),
        ("(quote . x)", r"^line 1, column 1: expected \(quote x\); got \(quote \. x\); remove"),
        ("(define x)", r"^line 1, column 1: expected \(define name value\).* got a list of 2"),
        ("(define x 1 2)", r"^line 1, column 1: expected \(define name value\).* list of 4"),
        ("(define 3 4)", r"^line 1, column 1: expected a name in \(define.*; got 3"),
        ("(define (3 x) 4)", r"^line 1, column 1: expected a name in \(define.*; got 3"),
        ("(define if 4)", r"^line 1, column 9: expected a name that is free; got if"),
        ("(define t 4)", r"^line 1, column 9: expected a name that is free; got t"),
        ("(lambda (x))", r"^line 1, column 1: expected \(lambda .*got a list of 2"),
        ("(lambda x x)", r"^line 1, column 9: expected \(lambda .*; got x; add parentheses"),
        ("(lambda (1) x)", r"^line 1, column 1: expected a name in \(lambda .*; got 1"),
        ("(lambda (x x) x)", r"^line 1, column 1: expected different names .*; got x x; rename"),
        ("(let ((x)) x)", r"^line 1, column 7: expected \(let .*; got a list of 1"),
        ("(let (x) x)", r"^line 1, column 7: expected \(let .*; got x; add parentheses"),
        ("(let 3 x)", r"^line 1, column 1: expected \(let .*; got 3"),
        ("(f . 3)", r"^line 1, column 1: expected \(function argument ...\); got \(f \. 3\)"),
        ("(car 1", r"^line 1, column 1: expected \"\)\" for this"),
    ],
)
def test_what_is_wrong_and_where(text, message):
    with pytest.raises(LispError, match=message):
        run(text)


def test_nothing_runs_of_a_program_that_cannot_be_read():
    environment = global_environment()
    with pytest.raises(LispError, match="line 2, column 1"):
        run("(define x 1)\n(define y", environment)
    assert "x" not in environment.values


def test_loop_without_end_is_stopped():
    with pytest.raises(LispError, match=r"^expected an end within 1000 steps; got none"):
        run("(define (f) (f)) (f)", steps=1000)


def test_steps_that_suffice_change_nothing():
    assert run("(+ 1 2)", steps=8) == [3]
    with pytest.raises(LispError, match="within 7 steps"):
        run("(+ 1 2)", steps=7)


def test_functions_print_without_an_address():
    assert [show(value) for value in run("(define (f x) x) f (lambda (x) x) car")] == [
        "f",
        "#<function f>",
        "#<function lambda>",
        "#<primitive car>",
    ]


def test_a_list_may_be_made_of_code_and_run():
    made = last("(list '+ 1 (list '* 2 3))")
    assert isinstance(made, Cons)
    assert evaluate(made, global_environment()) == 7
    assert elements(made)[0] == Symbol("+")
