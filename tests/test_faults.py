"""Faults: power lost and disks full, Ctrl-C at any moment, damaged caches, threads and tasks side by side."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import autograd
from autograd import Value, dot, draw, no_grad, player, sigmoid
from autograd.__main__ import main
from autograd.compiler.recording import record
from autograd.files import write_whole
from autograd.grad_mode import recording
from nn import MLP, Adam, Neuron, fit, squared_error
from tests.tally import tried

PROJECT = Path(__file__).parents[1]

on_unix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork, and limits on files")


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another Python that runs some code, in the project's folder."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """What it printed, when it is through without an error."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


# ── power lost ──────────────────────────────────────────────────────────────────────────

KILLED = """
    import os, resource, signal, sys
    from pathlib import Path
    from nn import Neuron

    folder, fault = Path(sys.argv[1]), sys.argv[2]
    path = folder / "model.json"

    def killed_at(n, work):
        # Whether a process that does the work comes to its n-th call of something written in C,
        # as every system call is, or to its n-th return from one. There it is killed.
        process = os.fork()
        if process == 0:
            left = n
            def watch(frame, event, argument):
                nonlocal left
                if event in ("c_call", "c_return"):
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    left -= 1
            if fault == "between calls":
                sys.setprofile(watch)
            else:  # inside write(), with n bytes of the file written
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            work()
            sys.setprofile(None)
            os._exit(0)
        return os.waitpid(process, 0)[1] != 0

    first, second, reader = Neuron(1, rng=0), Neuron(1, rng=1), Neuron(1, rng=2)
    second.save(path)
    new = path.read_bytes()
    first.save(path)
    old = path.read_bytes()
    states, n = [], 0
    while killed_at(n, lambda: second.save(path)):
        states.append({old: "old", new: "new"}.get(path.read_bytes(), "half"))
        reader.load(path)
        assert reader.state_dict() == {"old": first, "new": second}[states[-1]].state_dict()
        left = [name for name in os.listdir(folder) if name != "model.json"]
        assert all(name.startswith(".saving-") for name in left) and len(left) < 2, left
        if left:
            second.save(path)  # what is left does not stand in the way
            assert path.read_bytes() == new
            (folder / left[0]).unlink()
        path.write_bytes(old)
        n += 1
    assert path.read_bytes() == new and os.listdir(folder) == ["model.json"]
    print(len(states), states.count("old"), states.count("new"), states == sorted(states, reverse=True))
"""


@on_unix
def test_killed_between_any_two_system_calls_a_save_leaves_the_old_file_or_the_new_one(
    tmp_path: Path,
) -> None:
    kills, old, new, in_order = said(child(KILLED, tmp_path, "between calls")).split()
    tried("processes killed while they save", int(kills))
    assert int(kills) > 200
    assert int(old) + int(new) == int(kills)
    assert int(new) > 5  # after the renaming it was killed too
    assert in_order == "True"


@on_unix
def test_killed_with_any_number_of_bytes_written_a_save_leaves_the_old_file(tmp_path: Path) -> None:
    kills, old, _, _ = said(child(KILLED, tmp_path, "while writing")).split()
    tried("processes killed while they save", int(kills))
    assert int(kills) == int(old) > 100  # every length of the file


def test_a_save_asks_the_disk_for_the_content_before_the_name_and_for_the_name_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = []
    sync, rename = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        order.append("folder" if is_folder else f"{os.fstat(descriptor).st_size} bytes")
        sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        order.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    Neuron(1, rng=0).save(tmp_path / "model.json")
    size = (tmp_path / "model.json").stat().st_size
    assert order == [f"{size} bytes", "rename", *["folder"] * hasattr(os, "O_DIRECTORY")]


# ── disks that are full, folders that are not there ─────────────────────────────────────


def value() -> Value:
    w = Value(2.0, "w")
    y = (w * 3.0).tanh()
    y.backward()
    return y


WRITERS: dict[str, Callable[[Path], Any]] = {
    "model": lambda path: Neuron(1, rng=0).save(path),
    "player": lambda path: player(value()).save(path),
    "drawing": lambda path: draw(value()).save(path),
}
COMMANDS: dict[str, list[str]] = {
    "draw": ["draw", "logistic", "-o"],
    "walk --svg": ["walk", "logistic", "--svg"],
    "walk --html": ["walk", "logistic", "--html"],
}
ENDINGS = {"player": ".html", "walk --html": ".html"}
"""What a writer's files end in, if not in .svg."""


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """As on a full disk, the system itself refuses to write more: EFBIG in the place of ENOSPC.

    -1 is no limit.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@on_unix
@pytest.mark.parametrize("size", [0, 1, 60])
@pytest.mark.parametrize("writer", WRITERS)
def test_on_a_full_disk_the_old_file_stays_whole_and_nothing_else(
    tmp_path: Path, writer: str, size: int
) -> None:
    path = tmp_path / f"file{ENDINGS.get(writer, '.svg')}"
    path.write_bytes(b"old")
    with files_no_longer_than(size), pytest.raises(OSError, match=r"file\."):
        WRITERS[writer](path)
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208
    assert path.read_bytes() == b"old"
    WRITERS[writer](path)
    assert path.read_bytes() != b"old"


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_disk_that_fails_later_leaves_the_old_file_whole_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", ".saving-0")

    monkeypatch.setattr(*((Path, "replace") if step == "replace" else (os, step)), full)
    with pytest.raises(OSError, match=r"No space left on device: '.*file'$"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("place", ["no/folder/file.svg", "file/file.svg", "folder.svg"])
def test_where_nothing_can_be_written_the_command_line_says_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, place: str
) -> None:
    path = (tmp_path / place).with_suffix(ENDINGS.get(command, ".svg"))
    (tmp_path / "file").write_bytes(b"old")
    folder = (tmp_path / "folder").with_suffix(path.suffix)
    folder.mkdir()
    assert main([*COMMANDS[command], str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"autograd: {path}: ")
    assert sorted(os.listdir(tmp_path)) == ["file", folder.name]  # noqa: PTH208


@on_unix
@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_full_disk_the_command_line_says_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = tmp_path / f"file{ENDINGS.get(command, '.svg')}"
    path.write_bytes(b"old")
    with files_no_longer_than(60):
        assert main([*COMMANDS[command], str(path)]) == 2
    assert capsys.readouterr().err == f"autograd: {path}: File too large\n"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_standard_output_on_a_full_disk_is_one_line_too(tmp_path: Path) -> None:
    for arguments in (["walk", "logistic"], ["list"], ["draw", "logistic", "-o", str(tmp_path / "a.svg")]):
        with Path("/dev/full").open("w") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "autograd", *arguments],
                cwd=PROJECT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert ended.returncode == 2
        assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("place", ["no/folder/file", "file/file", "folder"])
@pytest.mark.parametrize("writer", ["model", "player"])
def test_where_nothing_can_be_written_the_error_names_the_file(
    tmp_path: Path, writer: str, place: str
) -> None:
    path = (tmp_path / place).with_suffix(ENDINGS.get(writer, ""))
    (tmp_path / "file").write_bytes(b"old")
    folder = (tmp_path / "folder").with_suffix(path.suffix)
    folder.mkdir()
    with pytest.raises(OSError, match=place):
        WRITERS[writer](path)
    assert sorted(os.listdir(tmp_path)) == ["file", folder.name]  # noqa: PTH208
    assert (tmp_path / "file").read_bytes() == b"old"


@on_unix
def test_in_a_folder_that_may_only_be_read_the_old_file_stays() -> None:
    code = """
        import os, sys
        from pathlib import Path
        from nn import Neuron

        path = Path(sys.argv[1]) / "model.json"
        Neuron(1, rng=0).save(path)
        before = path.read_bytes()
        path.parent.chmod(0o555)
        if os.geteuid() == 0:
            os.setuid(65534)  # the superuser may write anywhere
        try:
            Neuron(1, rng=1).save(path)
        except PermissionError as error:
            print(error.filename)
        assert path.read_bytes() == before and os.listdir(path.parent) == ["model.json"]
    """
    with tempfile.TemporaryDirectory() as folder:  # where another user may look, as not in tmp_path
        Path(folder).chmod(0o755)
        assert said(child(code, folder)) == f"{folder}/model.json\n"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs a device")
def test_a_device_is_written_to_and_not_replaced() -> None:
    Neuron(1, rng=0).save("/dev/null")
    assert Path("/dev/null").is_char_device()


# ── Ctrl-C ──────────────────────────────────────────────────────────────────────────────

INTERRUPTED = """
    import math, random, sys
    from nn import MLP, Momentum, fit, mean_absolute_error, squared_error
    from nn.data import shuffled_batches
    from nn.runners import EagerRunner, Task

    compiled, watched = sys.argv[1] != "eager", sys.argv[1] == "compiled, watched"
    rng = random.Random(0)
    X = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(1000)]
    y = [x1 * x2 for x1, x2 in X]

    def new():
        model = MLP(2, [4, 1], "tanh", rng=0)
        return model, Momentum(model.parameters(), lr=0.001)

    model, optimizer = new()
    if compiled:  # kernels that are not there yet take their time
        fit(model, squared_error, X, y, optimizer=optimizer, epochs=1, batch_size=1, compiled=True)
        model, optimizer = new()
    print("training", flush=True)
    history = fit(
        model, squared_error, X, y, optimizer=optimizer, epochs=10**9, batch_size=1, rng=0,
        compiled=compiled, metrics=[mean_absolute_error] if watched else (), progress=False,
    )
    made = optimizer.step_count
    assert history.stopped == "interrupted" and history.epochs == made // 1000, (history, made)
    numbers = [p.data for p in model.parameters()]
    assert all(map(math.isfinite, numbers))

    again, steps = new()
    def evaluate(x, target):
        prediction = again(x)
        return prediction, squared_error(prediction, target)

    task = Task(evaluate, list(zip(X, y)), steps, None, again.parameters())
    if compiled:
        from nn.compiled_runner import CompiledRunner
    runner, order = (CompiledRunner if compiled else EagerRunner)(task), random.Random(0)
    while steps.step_count < made:
        batches = shuffled_batches(1000, 1, order)[: made - steps.step_count]
        list(runner.epochs([batches], stop=lambda: False, ahead=False))
    assert numbers == [p.data for p in again.parameters()]
    assert optimizer.state == steps.state

    more = fit(model, squared_error, X, y, optimizer=optimizer, epochs=1, compiled=compiled)
    assert (more.stopped, more.epochs, optimizer.step_count) == ("", 1, made + 1)
    print("whole", made)
"""


@on_unix
@pytest.mark.parametrize("how", ["eager", "compiled", "compiled, watched"])
def test_ctrl_c_in_another_process_leaves_a_whole_number_of_updates(how: str) -> None:
    if how != "eager":
        pytest.importorskip("numba")
    process = child(INTERRUPTED, how)
    assert process.stdout is not None
    assert process.stdout.readline() == "training\n"
    threading.Event().wait(0.5)
    process.send_signal(signal.SIGINT)
    *_, last = said(process).splitlines()
    assert last.startswith("whole ")
    assert int(last.split()[1]) > 0


def test_ctrl_c_at_any_moment_ends_a_pause_and_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python reports, and passes over, what is raised while it clears away a generator.
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)

    def pause() -> None:
        with no_grad():
            Value(1.0).exp()
            with recording():
                assert (Value(1.0) * 2.0).gate is not None

    def derive() -> None:
        autograd.grad(lambda x: x * x.tanh())(0.5)
        autograd.gradcheck(lambda x: x * x, [2.0])

    def record_a_function() -> None:
        record(lambda x: x * x + 1.0, 0.5)

    def pressed(work: Callable[[], None], at: int) -> bool:
        left = at

        def watch(frame: Any, event: str, argument: Any) -> None:
            nonlocal left
            # When Python looks for signals, but for the way into and out of a `with` block, where what
            # stands in the block may never hear of it: https://bugs.python.org/issue29988
            left -= event in ("call", "c_return") and "contextlib" not in frame.f_code.co_filename
            if left == 0:
                tried("moments at which Ctrl-C was pressed")
                raise KeyboardInterrupt

        sys.setprofile(watch)  # until it raises an error
        try:
            work()
        except KeyboardInterrupt:
            return True
        finally:
            sys.setprofile(None)
        return False

    for work in (pause, derive, record_a_function):
        at = 1
        while pressed(work, at):
            at += 1
            assert (Value(1.0) * 2.0).gate is not None
            assert float(Value(1.0)) == 1.0  # which a recording refuses
        assert at > 30


# ── the cache of machine code ───────────────────────────────────────────────────────────


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a process that has no kernel yet."""
    pytest.importorskip("numba")
    from autograd.compiler import kernels, machine_code

    folder = tmp_path / "cache"
    monkeypatch.setattr(machine_code, "folders", lambda: [folder])
    monkeypatch.setattr(kernels, "_addresses", {})
    kernels._driver.cache_clear()
    yield folder
    kernels._driver.cache_clear()


def forget_kernels() -> None:
    from autograd.compiler import kernels

    kernels._addresses.clear()
    kernels._driver.cache_clear()


def compiled_run() -> tuple[float, float]:
    w = Value(0.7, "w")
    loss = autograd.compile(lambda x: (w * x).tanh(), 0.0).backward([0.5, 2.0])
    return loss, w.grad


def eager_run() -> tuple[float, float]:
    w = Value(0.7, "w")
    loss = ((w * 0.5).tanh() + (w * 2.0).tanh()) / 2
    loss.backward()
    return loss.data, w.grad


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "garbage of the right length": lambda content: random.Random(0).randbytes(len(content)),
    "a bit flipped in the machine code": lambda content: (
        content[:-500] + bytes([content[-500] ^ 4]) + content[-499:]
    ),
    "a bit flipped in the digest": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "something else": lambda content: b"#!/bin/sh\nexit 1\n",
}


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]


def test_a_damaged_cache_is_compiled_anew(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd.compiler import native

    compiled, calls = native.compiled, []

    def counted(*made_of: Any) -> Any:
        calls.append(made_of)
        return compiled(*made_of)

    monkeypatch.setattr(native, "compiled", counted)
    right = pytest.approx(eager_run(), rel=1e-15)
    assert compiled_run() == right
    assert len(calls) == len(list(cache.iterdir())) == 4  # two drivers, two gates
    for i, spoil in enumerate(DAMAGE.values()):
        path = sorted(cache.iterdir())[i % 4]
        path.write_bytes(spoil(path.read_bytes()))
        for compilations in (1, 0):  # the damaged one is compiled, and kept again
            calls.clear()
            forget_kernels()
            assert compiled_run() == right
            assert len(calls) == compilations


@on_unix
def test_programs_run_where_the_disk_is_full(cache: Path) -> None:
    with files_no_longer_than(100):
        assert compiled_run() == pytest.approx(eager_run(), rel=1e-15)
    assert list(cache.iterdir()) == []


def test_programs_run_where_nothing_can_be_kept(cache: Path) -> None:
    cache.write_bytes(b"a file in the folder's place")
    assert compiled_run() == pytest.approx(eager_run(), rel=1e-15)


def test_programs_run_for_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_code = pytest.importorskip("autograd.compiler.machine_code")

    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert len(machine_code.folders()) == 1


def test_a_compilation_that_is_interrupted_can_be_done_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograd.compiler import native

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(native, "compiled", interrupted)
        with pytest.raises(KeyboardInterrupt):
            compiled_run()
    assert compiled_run() == pytest.approx(eager_run(), rel=1e-15)


def test_processes_that_fill_the_cache_at_once_all_get_it_right(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    code = """
        import sys
        from pathlib import Path
        import autograd
        from autograd.compiler import kernels, machine_code

        machine_code.folders = lambda: [Path(sys.argv[1])]
        from autograd.compiler import native  # numba takes its time: begin together, when all have it
        print("ready", flush=True)
        sys.stdin.readline()
        w = autograd.Value(0.7, "w")
        program = autograd.compile(lambda x: (w * x).tanh(), 0.0)
        print(program.backward([0.5, 2.0]), w.grad)
    """
    processes = []
    for _ in range(3):
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "cache")],
                cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        assert [float(word) for word in said(process).split()] == pytest.approx(eager_run(), rel=1e-15)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".o"] * 4


# ── threads and tasks ───────────────────────────────────────────────────────────────────


@pytest.fixture
def _hasty() -> Iterator[None]:
    """Threads take turns after a microsecond in the place of five thousand."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def side_by_side(works: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, run in threads that start together; the first error, if there is any."""
    results: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(i: int) -> None:
        start.wait()
        try:
            results[i] = works[i]()
        except BaseException as error:
            results[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def recorded_here_and_paused_there(seed: int) -> list[float]:
    """Graphs built, pauses entered and left, backward passes: numbers that depend on all of them."""
    rng = random.Random(seed)
    told = []
    for _ in range(60):
        leaves = [Value(rng.uniform(-2.0, 2.0)) for _ in range(4)]
        node = leaves[0]
        for _ in range(12):
            other = rng.choice(leaves)
            if rng.random() < 0.3:
                with no_grad():
                    assert (node * other).gate is None
                    constant = sigmoid(node + other)
                    with no_grad():
                        assert constant.exp().gate is None
                    assert constant.sin().gate is None
                node = node * constant
            else:
                node = dot([node, other], [other, node], leaves[1]).tanh()
            assert node.gate is not None
        node.backward()
        told += [node.data, *(leaf.grad for leaf in leaves)]
    return told


@pytest.mark.usefixtures("_hasty")
def test_threads_have_graphs_and_pauses_of_their_own() -> None:
    alone = [recorded_here_and_paused_there(seed) for seed in range(8)]
    together = side_by_side([lambda seed=seed: recorded_here_and_paused_there(seed) for seed in range(8)])
    assert together == alone
    assert (Value(1.0) + Value(2.0)).gate is not None


@pytest.mark.usefixtures("_hasty")
def test_one_thread_pauses_for_ever_and_the_others_record() -> None:
    paused, done = threading.Event(), threading.Event()

    def pause() -> None:
        with no_grad():
            paused.set()
            done.wait()
            assert (Value(1.0) * 2.0).gate is None

    thread = threading.Thread(target=pause)
    thread.start()
    paused.wait()
    try:
        together = side_by_side([lambda seed=seed: recorded_here_and_paused_there(seed) for seed in range(4)])
    finally:
        done.set()
        thread.join()
    assert together == [recorded_here_and_paused_there(seed) for seed in range(4)]


def test_tasks_have_pauses_of_their_own() -> None:
    async def task(seed: int) -> list[float]:
        rng = random.Random(seed)
        told = []
        for _ in range(20):
            x = Value(rng.uniform(-1.0, 1.0))
            y = x * x
            await asyncio.sleep(0)
            if rng.random() < 0.5:
                with no_grad():
                    await asyncio.sleep(0)
                    assert (x * y).gate is None
                    await asyncio.sleep(0)
            z = y * x
            await asyncio.sleep(0)
            z.backward()
            told.append(x.grad / (3.0 * x.data * x.data))
        return told

    async def all_tasks() -> list[list[float]]:
        return await asyncio.gather(*(task(seed) for seed in range(20)))

    assert all(ratio == pytest.approx(1.0, rel=1e-15) for told in asyncio.run(all_tasks()) for ratio in told)


@pytest.mark.usefixtures("_hasty")
def test_threads_may_run_one_program() -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("numba")
    w = [Value(0.5, "w1"), Value(-1.5, "w2")]
    program = autograd.compile(lambda x: dot(w, x).tanh(), [0.0, 0.0])
    rng = np.random.default_rng(0)
    batches = [rng.normal(size=(size, 2)) for size in (1, 2, 3, 7, 64, 100)]
    alone = [program(batch).tolist() for batch in batches]
    losses = [program.backward(batch) for batch in batches]
    gradients = [leaf.grad for leaf in w]
    for leaf in w:
        leaf.grad = 0.0

    fresh = autograd.compile(lambda x: dot(w, x).tanh(), [0.0, 0.0])  # whose first run is in threads too

    def run(i: int) -> tuple[list[list[float]], float]:
        outputs = [fresh(batches[i]).tolist() for _ in range(30)]
        return outputs, fresh.backward(batches[i])

    told = side_by_side([lambda i=i: run(i) for i in range(len(batches))])
    assert [outputs for outputs, _ in told] == [[outputs] * 30 for outputs in alone]
    assert [loss for _, loss in told] == losses
    assert [leaf.grad for leaf in w] == pytest.approx(gradients, rel=1e-14)  # added up in another order


@pytest.mark.usefixtures("_hasty")
def test_threads_may_train_models_of_their_own() -> None:
    pytest.importorskip("numba")
    X, y = [[0.5, -1.0], [2.0, 1.0], [0.0, 1.0]], [1.0, 0.0, 3.0]

    def train(seed: int, compiled: bool) -> list[float]:
        model = MLP(2, [3, 1], "tanh", rng=seed)
        optimizer = Adam(model.parameters(), lr=0.05)
        fit(
            model,
            squared_error,
            X,
            y,
            optimizer=optimizer,
            epochs=5,
            batch_size=2,
            rng=seed,
            compiled=compiled,
        )
        return [p.data for p in model.parameters()]

    works = [(seed, compiled) for seed in range(3) for compiled in (False, True)]
    alone = [train(*work) for work in works]
    assert side_by_side([lambda work=work: train(*work) for work in works]) == alone


@pytest.mark.usefixtures("_hasty")
def test_threads_may_draw_and_play() -> None:
    roots = [value() * float(i) for i in range(1, 4)]
    for root in roots:
        root.backward()
    works = [lambda root=root: (draw(root).svg, player(root).html) for root in roots]
    assert side_by_side(works) == [work() for work in works]


def test_all_of_a_threads_errors_are_its_own() -> None:
    """An error inside a pause, in one thread, ends the pause there and nowhere else."""

    def fail() -> str:
        try:
            with no_grad():
                Value(-1.0, "x").log()
        except autograd.GateError as error:
            assert (Value(1.0) * 2.0).gate is not None
            return str(error)
        return ""

    assert side_by_side([fail] * 8) == ["log(x = -1.0) is not defined: it needs x > 0"] * 8
