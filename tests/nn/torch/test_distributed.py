"""The script of notebook 17, as a reader copies it: two processes land where one does."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import torch

PROJECT = Path(__file__).parents[3]
NAMES = ("moons", "gpt")


def script() -> str:
    notebook = nbformat.read(PROJECT / "notebooks" / "17_pytorch.ipynb", 4)
    (cell,) = (cell for cell in notebook.cells if cell.source.startswith("%%writefile train.py\n"))
    text: str = cell.source.partition("\n")[2]
    return text


@pytest.mark.thorough  # as its notebook is
def test_two_processes_land_on_the_weights_of_one(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    path.write_text(script(), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1"}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    # Processes of PyTorch now and then abort while they end: all of them then start once more.
    command = [*torchrun, "--max-restarts=1", path.name, *NAMES]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    train = runpy.run_path(str(path))["train"]
    for name in NAMES:
        shared, alone, start = torch.load(tmp_path / f"{name}.pt"), train(name), train(name, steps=0)
        for key, weights in alone.items():
            assert torch.allclose(shared[key], weights, rtol=0.0, atol=1e-9)
            assert not torch.allclose(start[key], weights, rtol=0.0, atol=1e-2)
