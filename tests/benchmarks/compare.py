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
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import workloads
from workloads import Step, Workload

Medians = dict[str, float]


def seconds(step: Step) -> float:
    """How long one step takes: repeated within one timing where a step is short."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(step.repeats):
        step.run()
    return (time.perf_counter() - start) / (step.repeats * step.steps_per_run) * step.scale


def measure(workload: Workload, rounds: int) -> Medians:
    """The median time of one step for each engine, in rounds in which all take turns."""
    steps = {name: make() for name, make in workload.engines.items() if is_installed(name)}
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
    for workload in workloads.ALL:
        if chosen.only in workload.name:
            results[workload.name] = measure(workload, chosen.rounds)
            print(f"measured: {workload.name}", file=sys.stderr)
    if not results:
        sys.exit(f"no workload has {chosen.only!r} in its name: {', '.join(w.name for w in workloads.ALL)}")
    print(table(results))
    if not chosen.only:
        workloads.report_growth()
    if chosen.plot:
        plot(results, chosen.plot)


if __name__ == "__main__":
    main()
