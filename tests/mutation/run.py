"""Would the tests notice? python tests/mutation/run.py [module ...]

A mutant is a module with one small mistake in it, made by the operators of cosmic-ray: a + that became
a -, a 1 that became a 2, a condition turned round, a decorator or an exception taken away. The tests of
the module have to fail on it, or to run into a limit of time or memory: then it is killed.

Prints the survivors and a table. Fails if less than 95 % of a module's mutants are killed: some survivors
are no mistakes, such as a <= where the two sides are never equal.

Annotations say nothing while Python runs, nor do functions whose body is `...`, such as overloads: what
changes nothing else is no mutant.

Every mutant has a process of its own, forked from one that has pytest in memory, and a copy of the
project. As many run at a time as there are processors; with two, all of it takes about half an hour.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

import cosmic_ray.plugins
import hypothesis  # noqa: F401  in memory before the processes fork, as are the next two
import mpmath  # noqa: F401
import numpy as np  # noqa: F401
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

PROJECT = Path(__file__).parents[2]

TESTS = {
    "autograd/declaration.py": "tests/autograd/test_gates.py tests/autograd/test_value.py",
    **{
        f"autograd/gates/{kind}.py": "tests/autograd/test_gates.py autograd/gates"
        for kind in ("arithmetic", "choices", "functions", "activations")
    },
    "autograd/fused.py": "tests/autograd/test_fused.py tests/autograd/test_expansion.py autograd/fused.py",
    "autograd/graph.py": "tests/autograd/test_graph.py autograd/graph.py",
    "autograd/grad_mode.py": "tests/autograd/test_grad_mode.py autograd/grad_mode.py",
    "autograd/value.py": (
        "tests/autograd/test_value.py autograd/value.py tests/autograd/test_graph.py "
        "tests/autograd/test_grad_mode.py"
    ),
    "autograd/derivatives/grad.py": "tests/autograd/derivatives/test_grad.py autograd/derivatives/grad.py",
    "autograd/derivatives/differences.py": (
        "tests/autograd/derivatives/test_differences.py autograd/derivatives/differences.py "
        "tests/autograd/derivatives/test_gradcheck.py"
    ),
    "autograd/derivatives/rounding_noise.py": (
        "tests/autograd/derivatives/test_gradcheck.py tests/autograd/test_gates.py"
    ),
    "autograd/derivatives/gradcheck.py": "tests/autograd/derivatives/test_gradcheck.py",
    "nn/targets.py": "tests/nn/test_losses.py tests/nn/test_metrics.py nn/targets.py",
    "nn/losses.py": "tests/nn/test_losses.py tests/nn/test_outputs.py nn/losses.py",
    "nn/update_rules.py": "tests/nn/test_optimizers.py nn/update_rules.py nn/optimizers.py",
    "nn/optimizers.py": "tests/nn/test_optimizers.py nn/optimizers.py",
}
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not numba"]  # which compiles for seconds

REQUIRED = 0.95
MEMORY = 4 * 2**30


# ── making them ─────────────────────────────────────────────────────────────────────────


def mistakes(module: str) -> list[tuple[str, str, int]]:
    """Every (module, operator, occurrence)."""
    nodes = list(ast_nodes(get_ast((PROJECT / module).read_text(encoding="utf-8"))))
    found = []
    for name in cosmic_ray.plugins.operator_names():
        operator = cosmic_ray.plugins.get_operator(name)
        if operator.arguments():
            continue  # it is to be told which variables to confuse
        count = sum(len(list(operator().mutation_positions(node))) for node in nodes)
        found += [(module, name, occurrence) for occurrence in range(count)]
    return found


def meaning(text: str) -> str:
    """What a module says to Python while it runs: its syntax tree without annotations and bodies of `...`."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
            if ast.unparse(node.body) == "...":
                node.decorator_list = []
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Name("annotation")
    return ast.dump(tree)


def difference(module: str, original: str, text: str) -> str:
    lines = unified_diff(original.splitlines(), text.splitlines(), module, module, n=0, lineterm="")
    return "\n".join(lines)


# ── trying them ─────────────────────────────────────────────────────────────────────────


def copy_project(source: Path, target: Path) -> None:
    for name in ("autograd", "nn", "tests"):
        shutil.copytree(source / name, target / name)
    shutil.copy(source / "pyproject.toml", target)


def prepare(source: Path) -> None:
    """Give this process a copy of its own to make mistakes in."""
    os.chdir(tempfile.mkdtemp(dir=source.parent))
    copy_project(source, Path.cwd())
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def tests_pass(module: str, seconds: int) -> bool:
    """Whether the tests of a module pass, in the project of the working directory, in time."""
    process = multiprocessing.get_context("fork").Process(target=_run_tests, args=(module, seconds))
    process.start()
    process.join(10 * seconds)  # for one that waits for what never comes
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # with whatever it started
    process.join()
    return process.exitcode == 0


def _run_tests(module: str, seconds: int) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os._exit(pytest.main([*OPTIONS, *TESTS[module].split()]))


def survivor(mistake: tuple[str, str, int], seconds: int) -> tuple[str, bool, str]:
    """The module of a mistake, whether it is a mutant, and if it survives, what it changed."""
    module, name, occurrence = mistake
    file = Path(module)
    original = file.read_text(encoding="utf-8")
    text = mutate_code(original, cosmic_ray.plugins.get_operator(name)(), occurrence)
    if meaning(text) == meaning(original):
        return module, False, ""
    for compiled in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
        compiled.unlink()  # of a file of the same second and size it would be taken for a mutant's
    try:
        file.write_text(text, encoding="utf-8")
        survived = tests_pass(module, seconds)
    finally:
        file.write_text(original, encoding="utf-8")
    return module, True, difference(module, original, text) if survived else ""


def processor_seconds() -> float:
    """What the tests that ran so far took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ── the result ──────────────────────────────────────────────────────────────────────────


def main(modules: list[str]) -> int:
    if unknown := set(modules) - TESTS.keys():
        print(f"no mutants for {', '.join(unknown)}; there are some for {', '.join(TESTS)}")
        return 2
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # which would take longer than the tests
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    tried: dict[str, int] = dict.fromkeys(modules, 0)
    survived: dict[str, int] = dict.fromkeys(modules, 0)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "original")
        source.mkdir()
        copy_project(PROJECT, source)
        os.chdir(source)
        todo, limits = [], []
        for module in modules:
            before = processor_seconds()
            if not tests_pass(module, 120):
                print(f"{module}: its tests fail before there is a mistake in it: pytest {TESTS[module]}")
                return 2
            todo += mistakes(module)
            limits += [5 + int(5 * (processor_seconds() - before))] * (len(todo) - len(limits))
        with ProcessPoolExecutor(
            mp_context=multiprocessing.get_context("fork"), initializer=prepare, initargs=(source,)
        ) as pool:
            for module, is_mutant, changed in pool.map(survivor, todo, limits):
                tried[module] += is_mutant
                if changed:
                    survived[module] += 1
                    print(changed, flush=True)

    print("| module | mutants | killed | share |\n|---|---:|---:|---:|")
    totals = [(module, tried[module], survived[module]) for module in modules]
    totals.append(("together", sum(tried.values()), sum(survived.values())))
    for name, count, alive in totals:
        print(f"| {name} | {count} | {count - alive} | {1 - alive / count:.1%} |")
    return 0 if all(1 - alive / count >= REQUIRED for _, count, alive in totals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(TESTS)))
