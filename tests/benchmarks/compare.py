"""Every workload with every engine that is installed, in one process, in turns.

    python -m pip install micrograd jax   # and PyTorch; whatever is missing is left out
    python tests/benchmarks/compare.py [--rounds 5] [--only moons] [--plot comparison.png]

One thread each, double precision. Engines take turns, round after round; the garbage
collector runs before every timing and is left at its default during it. The table has the
medians, and how many times as long as ours every engine takes: compiled, where that is in the
workload. Nothing is asserted: machines differ.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import argparse
import datetime
import gc
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import peers
import small_value
import workloads
from workloads import ADAM, DIGITS, IMAGES, MOONS, RATE, Step

import autograd
import nn

OURS, EAGER = "ours, compiled", "ours, eager"
Engines = dict[str, Callable[[], Step]]
Medians = dict[str, float]

WORKLOADS: dict[str, Engines] = {
    "moons: one step of 2-16-16-1 on 100 points": {
        OURS: partial(workloads.compiled, MOONS, 100, 500),
        "ours, nn.fit(compiled=True)": partial(workloads.fitted, MOONS, nn.SGD, RATE, 5000, epochs=5000),
        "ours, program.backward and step": workloads.moons_by_hand,
        "ours, compiled, written out in + and ×": workloads.compiled_written_out_moons,
        EAGER: workloads.eager_moons,
        "ours, eager, written out in + and ×": partial(workloads.written_out_step, autograd.Value),
        "micrograd": peers.micrograd_moons,
        "PyTorch": partial(peers.torch_training, MOONS, 100, 20),
        "jax.jit": partial(peers.jax_training, MOONS, 100),
        "NumPy by hand": partial(peers.numpy_training, MOONS),
    },
    "the same as one graph of 100 samples, without lanes": {
        OURS: workloads.compiled_whole_batch,
        "micrograd": peers.micrograd_moons,
    },
    "the same, one sample at a time": {
        OURS: partial(workloads.compiled, MOONS, 1, 100),
        "PyTorch": partial(peers.torch_training, MOONS, 1, 1),
        "jax.jit": partial(peers.jax_training, MOONS, 1),
    },
    "the same, nn.fit(compiled=True) for one epoch": {
        OURS: partial(workloads.fitted, MOONS, nn.SGD, RATE, repeats=20, epochs=1)
    },
    "prediction on a grid of 200 × 200 points": {
        OURS: workloads.compiled_grid,
        EAGER: workloads.eager_grid,
        "micrograd": peers.micrograd_grid,
        "PyTorch": peers.torch_grid,
        "NumPy by hand": peers.numpy_grid,
    },
    "784-50-10, one step on 64 samples": {
        OURS: partial(workloads.compiled, IMAGES, 64, 100),
        "PyTorch": partial(peers.torch_training, IMAGES, 64, 20),
        "jax.jit": partial(peers.jax_training, IMAGES, 64),
        "NumPy by hand": partial(peers.numpy_training, IMAGES),
    },
    "a character GPT of 4,192 scalars, one name, with Adam": {
        OURS: workloads.compiled_gpt,
        "ours, program.backward and step": workloads.gpt_by_hand,
        EAGER: workloads.eager_gpt,
        "NumPy by hand": peers.numpy_of_gpt,
    },
    "the same, eager, written out in + and ×": {
        EAGER: partial(workloads.written_out_gpt, autograd.Value),
        "a Value of forty lines": partial(workloads.written_out_gpt, small_value.SmallValue),
    },
    "the same, 1,000 names from the start of Python on": {OURS: workloads.gpt_in_a_new_process},
    "digits: 64-32-10, 20 epochs of Adam in batches of 32": {
        OURS: partial(workloads.fitted, DIGITS, nn.Adam, ADAM[0], epochs=20, batch_size=32, rng=0),
        "PyTorch": peers.torch_digits,
    },
}


def seconds(step: Step) -> float:
    """How long one step takes: repeated within one timing where a step is short."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(step.repeats):
        step.run()
    return (time.perf_counter() - start) / (step.repeats * step.steps_per_run) * step.scale


def measure(engines: Engines, rounds: int) -> Medians:
    """The median time of one step for each engine, in rounds in which all take turns."""
    steps = {name: make() for name, make in engines.items() if is_installed(name)}
    for step in steps.values():
        step.run()  # compiles what compiles
    times: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(rounds):
        for name, step in steps.items():
            if not step.slow or turn < 3:
                times[name].append(seconds(step))
    return {name: statistics.median(taken) for name, taken in times.items()}


def is_installed(engine: str) -> bool:
    package = {"PyTorch": "torch", "jax.jit": "jax", "micrograd": "micrograd"}.get(engine, "numpy")
    return find_spec(package) is not None


def written(duration: float) -> str:
    """A time with three digits and its unit."""
    units = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))
    unit, size = next(((unit, size) for unit, size in units if duration >= size), units[-1])
    digits = f"{duration / size:.3g}" if duration / size < 100 else f"{duration / size:.0f}"
    return f"{digits} {unit}"


def times_ours(duration: float, ours: float) -> str:
    ratio = duration / ours
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def table(results: dict[str, Medians]) -> str:
    """The results as a Markdown table: one row for each workload and engine."""
    lines = ["| workload | engine | time | × ours |", "|---|---|---:|---:|"]
    for name, medians in results.items():
        ours = next(iter(medians.values()))
        for engine, duration in sorted(medians.items(), key=lambda item: item[1]):
            lines.append(f"| {name} | {engine} | {written(duration)} | {times_ours(duration, ours)} |")
            name = ""
    return "\n".join(lines)


def plot(results: dict[str, Medians], path: str) -> None:
    """One panel for each workload of several engines: their times as points on a logarithmic axis."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    results = {name: medians for name, medians in results.items() if len(medians) > 1}
    heights = [len(medians) + 0.8 for medians in results.values()]
    figure, panels = pyplot.subplots(
        len(results), 1, figsize=(8, 0.42 * sum(heights) + 0.5), height_ratios=heights, squeeze=False
    )
    for panel, (name, medians) in zip(panels[:, 0], results.items(), strict=True):
        ours = next(iter(medians.values()))
        engines = sorted(medians, key=medians.__getitem__, reverse=True)
        durations = [medians[engine] for engine in engines]
        colours = ["#0072B2" if "ours" in engine else "#BBBBBB" for engine in engines]
        panel.scatter(durations, engines, color=colours, s=36, zorder=3)
        for engine, duration in zip(engines, durations, strict=True):
            label = f"{written(duration)}  ({times_ours(duration, ours)} ×)"
            panel.annotate(
                label, (duration, engine), (8, 0), textcoords="offset points", va="center", fontsize=8
            )
        panel.set_xscale("log")
        panel.set_ylim(-0.6, len(engines) - 0.4)
        panel.grid(axis="y", color="#EEEEEE")
        panel.set_xlim(min(durations) / 3, max(durations) * 60)
        panel.set_title(name, loc="left", fontsize=9, fontweight="bold")
        panel.tick_params(labelsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    panels[-1, 0].set_xlabel("seconds (× ours)", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=150)


def processor() -> str:
    """The processor's name, where Linux tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all engines (default 5)")
    parser.add_argument("--only", default="", help="only workloads whose name has this text in it")
    parser.add_argument("--plot", default="", metavar="FILE", help="also draw the table, as PNG, SVG or PDF")
    return parser.parse_args()


def main() -> None:
    """Measure, print, plot."""
    chosen = options()
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {processor()}, one thread, "
        f"double precision, {datetime.date.today().isoformat()}; medians of {chosen.rounds} rounds\n"
    )
    results: dict[str, Medians] = {}
    for name, engines in WORKLOADS.items():
        if chosen.only in name:
            results[name] = measure(engines, chosen.rounds)
            print(f"measured: {name}", file=sys.stderr)
    if not results:
        sys.exit(f"no workload has {chosen.only!r} in its name: {', '.join(WORKLOADS)}")
    print(table(results))
    if chosen.plot:
        plot(results, chosen.plot)


if __name__ == "__main__":
    main()
