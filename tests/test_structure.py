"""The shape of the project: what stands where, what may import what, and that nothing is defined twice."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

import autograd
import nn
from autograd import Gate
from autograd.choice import AnyGate
from autograd.fused import SequenceGate

PROJECT = Path(__file__).parents[1]

TOP_LEVEL = {"README.md", "LICENSE", "pyproject.toml", "autograd", "nn", "tests", "notebooks"}

# In this order: a module imports from those before it alone. Its place is also where a reader meets it.
LAYOUT = [
    ("autograd", "reals declaration"),
    ("autograd.gates", "arithmetic choices functions activations __init__"),
    ("autograd", "fused choice grad_mode value graph foreign_words"),
    ("autograd.languages", "english traditional_chinese __init__"),
    (
        "autograd",
        "passes expansion advice arguments draws not_finite shapes files parameter_names function_source",
    ),
    ("autograd.typesetting", "__init__ labels numbers columns notation text latex mathml"),
    ("autograd.typesetting", "formulas gate_formulas symbols"),
    ("autograd.derivatives", "__init__ local_values gradients grad differences rounding_noise gradcheck"),
    ("autograd.stepping", "__init__ steps applied_gate narration walk forward_walk"),
    ("autograd.picture", "__init__ looks grouping folding sheet scene dot rendering layered chips"),
    ("autograd.picture", "arrangement svg picture drawing animation network"),
    (
        "autograd.playing",
        "__init__ javascript translation graph_data views view_data mistakes assembly player",
    ),
    ("autograd.recording", "__init__ garbage recording tracing fold_sums schedule listing batches"),
    ("autograd.bridges", "__init__ array_gates parameter_arrays steps torch_module jax_function"),
    ("autograd.compiler", "__init__ fingerprints machine_code signatures products templates drivers native"),
    ("autograd.compiler", "kernels layout execution program compiling descent"),
    ("autograd.lectures", "errata example labelled logistic two_layer forward __init__"),
    (
        "autograd.examining",
        "child expressions local_mistakes mistakes process examination skills examine folder",
    ),
    ("autograd.examining", "__init__"),
    ("autograd.course", "exercises figures planes texts __init__"),
    ("autograd.command_line", "__init__ terminal user_file target examine_engine commands"),
    ("autograd", "__init__ __main__"),
    ("nn", "foreign_words module outputs activations initializers layers embedding attention noise"),
    ("nn", "targets losses character_gpt"),
    ("nn", "schedules update_rules optimizers data datasets metrics figures history progress"),
    ("nn", "interrupts runners samples compiled_runner gradients training interop examining __init__"),
]

ORDER = [f"{package}.{module}" for package, modules in LAYOUT for module in modules.split()]
PACKAGES = {package for package, _ in LAYOUT}

# The packages beyond Python's own, and the modules that import them.
OUTSIDE = [
    ("pygraphviz", "autograd.picture", "rendering"),
    ("numba", "autograd.compiler", "products templates drivers native"),
    ("llvmlite", "autograd.compiler", "products drivers machine_code"),
    ("numpy", "autograd.compiler", "kernels layout execution descent"),
    ("numpy", "autograd.recording", "batches"),
    ("numpy", "autograd.bridges", "jax_function"),
    ("numpy", "autograd.course", "planes"),
    ("numpy", "nn", "compiled_runner"),
    ("torch", "autograd.bridges", "torch_module"),
    ("torch", "nn", "interop"),
    ("jax", "autograd.bridges", "jax_function"),
    ("PIL", "autograd.picture", "animation"),
    ("matplotlib", "autograd.course", "figures"),
    ("matplotlib", "nn", "figures"),
    ("matplotlib_inline", "autograd.course", "figures"),
    ("tqdm", "autograd.examining", "folder"),
    ("tqdm", "nn", "progress"),
]
IMPORTERS = {(outside, f"{package}.{name}") for outside, package, names in OUTSIDE for name in names.split()}

# The functions of `math` that have a derivative worth a gate, and who else calls them, for what.
CALCULUS = {"exp", "expm1", "log", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "pow", "erf"}
OTHER_CALCULUS = {
    "nn.datasets": {"sin", "cos"},  # points on circles
    "nn.schedules": {"cos"},  # the cosine schedule
    "autograd.course.planes": {"log"},  # the logit of 0.9
    "nn.losses": {"log"},  # the base of a logarithm
    "autograd.passes": {"log"},  # the number that a slope e^x was made from
}

MODULES = sorted(path for package in ("autograd", "nn") for path in (PROJECT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that a module imports, at once or later, but for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            for alias in node.names:
                module = f"{package}.{alias.name}"
                if module in ORDER:
                    yield module
                elif module in PACKAGES:
                    yield f"{module}.__init__"
                else:
                    yield f"{package}.__init__" if package in PACKAGES else package
        yield from imports(node)


each_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


def test_the_top_level_holds_what_the_layout_names() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    entries = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {entry for entry in entries if entry[0] != "."} <= TOP_LEVEL


def test_every_module_has_its_place_in_the_layout() -> None:
    assert {name_of(path) for path in MODULES} <= set(ORDER), "LAYOUT names the modules, in reading order"
    folders = [package for package, _ in groupby(package for package, _ in LAYOUT) if package != "autograd"]
    assert len(folders) == len(set(folders)), "folders too import from those before them alone"


@each_module
def test_imports_point_to_modules_before(path: Path) -> None:
    earlier = set(ORDER[: ORDER.index(name_of(path))])
    inside = {name for name in imports(parsed(path)) if name.split(".")[0] in PACKAGES}
    assert inside <= earlier
    if name_of(path).startswith("autograd"):
        assert not {name for name in inside if name.startswith("nn")}


@each_module
def test_other_packages_are_imported_where_the_layout_says(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(parsed(path))} - set(sys.stdlib_module_names) - PACKAGES
    assert outside == {package for package, importer in IMPORTERS if importer == name_of(path)}


def printed_by(*command: str) -> list[str]:
    """The words that a program prints when it runs in the project."""
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_importing_the_packages_loads_the_engine_and_the_layers_alone() -> None:
    loaded = set(printed_by(sys.executable, "-c", "import sys, autograd, nn; print(*sys.modules)"))
    assert not loaded & {package for package, _ in IMPORTERS}
    assert not loaded & (PACKAGES - {"autograd", "autograd.gates", "autograd.derivatives", "nn"})
    assert "autograd.derivatives.gradcheck" not in loaded


def test_what_is_imported_later_is_found_and_the_public_names_are_listed() -> None:
    program = "import autograd; print(dir(autograd) == sorted(autograd.__all__), autograd.walk.__name__)"
    assert printed_by(sys.executable, "-c", program) == ["True", "walk"]
    assert dir(nn) == sorted(nn.__all__)
    assert all(hasattr(autograd, name) for name in autograd.__all__)
    with pytest.raises(AttributeError, match="no attribute 'jit'"):
        autograd.jit  # noqa: B018


# ── one definition ──────────────────────────────────────────────────────────────────────


@each_module
def test_functions_with_a_derivative_are_computed_in_gates_alone(path: Path) -> None:
    if name_of(path).startswith("autograd.gates."):
        return
    used = set()
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Attribute(value=ast.Name(id="math" | "np"), attr=name):
                used.add(name)
            case ast.ImportFrom(module="math" | "cmath" | "numpy", names=names):
                used |= {alias.name for alias in names}
    assert used & CALCULUS <= OTHER_CALCULUS.get(name_of(path), set())


@cache
def all_gates() -> dict[AnyGate, str]:
    """Every gate that stands in a module, and the module that it was made in."""
    found: dict[AnyGate, str] = {}
    for path in MODULES:
        if path.stem == "__main__" or {("torch", name_of(path)), ("jax", name_of(path))} & IMPORTERS:
            continue
        module = importlib.import_module(name_of(path).removesuffix(".__init__"))
        for thing in vars(module).values():
            if isinstance(thing, Gate):
                found[thing] = thing.function.__module__
            elif isinstance(thing, SequenceGate):
                found.setdefault(thing, thing.__class__.__module__)
    return found


def test_every_gate_is_made_in_one_place() -> None:
    elementary = {module for module in ORDER if module.startswith("autograd.gates.")}
    made_in = elementary - {"autograd.gates.__init__"} | {"autograd.fused", "autograd.choice"}
    assert set(all_gates().values()) == made_in


def test_no_two_gates_are_the_same_function() -> None:
    formulas = [gate.formula for gate in all_gates()]
    names = [gate.name for gate in all_gates()]
    assert len(set(formulas)) == len(formulas)
    assert len(set(names)) == len(names)


@each_module
def test_no_formula_of_a_derivative_is_written_a_second_time(path: Path) -> None:
    if name_of(path).startswith("autograd.gates."):
        return
    formulas = {formula for gate in all_gates() for formula in getattr(gate, "local", ())}
    telling = {formula for formula in formulas if any(sign in formula for sign in "*/(")}
    written = {
        node.value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not telling & written


def test_only_gates_make_local_gradients() -> None:
    """A `local_grads` that anything but a gate's own function gives is a second derivative."""
    making = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign) and "gate" not in ast.unparse(node.value)
        if any("local_grads" in ast.unparse(target) for target in node.targets)
    }
    assert making <= {"autograd.fused", "autograd.choice", "autograd.value"}
