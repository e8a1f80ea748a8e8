"""`autograd list`, `walk` and `draw`: what they print, what they write, and how they fail."""

import importlib
import io
import os
import select
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

import autograd
from autograd.__main__ import main
from autograd.lectures import EXAMPLES, errata

PROJECT = Path(__file__).parents[3]

USER_FILE = "from autograd import Value\na = Value(2.0)\nloss = (a * a).relu()\nloss.backward()\n"


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(USER_FILE, encoding="utf-8")
    return path


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "autograd", *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload]


# ── list and walk ───────────────────────────────────────────────────────────────────────


def test_list_names_every_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(EXAMPLES)
    assert all(len(line.split()) > 3 for line in lines)


def test_both_ways_to_call_it_are_one() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, function = project["scripts"]["autograd"].split(":")
    assert getattr(importlib.import_module(module), function) is main
    assert run("list").stdout.splitlines()[0].startswith(b"logistic")
    assert run("--help").stdout.startswith(b"usage: autograd ")
    assert run("--version").stdout.decode().strip() == f"autograd {autograd.__version__}"


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "walk" in capsys.readouterr().out


def test_walk_prints_the_derivation_the_update_and_the_errata(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "logistic"]) == 0
    out = capsys.readouterr().out
    assert "∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311\n" in out
    assert "= -2.99973\n" in out
    assert "g8     = 0.7311 → 0.7314\n" in out
    assert "w0 after the step  -2.999731   -2.9973  S3:336  erratum" in out
    assert "\x1b" not in out


def test_backward_is_advised_where_it_was_forgotten_and_not_where_a_lecture_goes_forward_only(
    capsys: pytest.CaptureFixture[str], user_file: Path
) -> None:
    assert main(["walk", "forward"]) == 0
    assert "backward" not in capsys.readouterr().out.lower()
    user_file.write_text(USER_FILE.replace("loss.backward()", ""), encoding="utf-8")
    assert main(["walk", f"{user_file}:loss"]) == 0
    assert "call backward() on loss" in capsys.readouterr().out


def test_text_and_picture_to_two_decimals(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    svg = tmp_path / "x.svg"
    assert main(["walk", "logistic", "--decimals", "2", "--svg", str(svg)]) == 0
    assert "= -1.37 × -0.53 = 0.73\n" in capsys.readouterr().out
    assert ">-1.37<" in svg.read_text(encoding="utf-8") or "∂ -1.37" in svg.read_text(encoding="utf-8")
    assert "0.7311" not in svg.read_text(encoding="utf-8")


def test_every_example_can_be_walked_and_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in EXAMPLES:
        svg = tmp_path / f"{name}.svg"
        assert main(["walk", name, "--svg", str(svg)]) == 0
        assert b"<svg" in svg.read_bytes()
        out, err = capsys.readouterr()
        assert out.endswith(f"drawn: {svg}\n")
        assert err == ""


def test_fused_gates_can_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "forward", "--keep-fused"]) == 0
    assert "I1(1) = w11(1)·x1 + w12(1)·x2 + w13(1)·x3 + w14(1)·x4" in capsys.readouterr().out


def test_a_value_in_a_users_file_is_walked(capsys: pytest.CaptureFixture[str], user_file: Path) -> None:
    assert main(["walk", f"{user_file}:loss"]) == 0
    out = capsys.readouterr().out
    assert "loss = max(0, v1) = max(0, 4) = 4\n" in out
    assert "∂loss/∂a = 2 + 2 = 4\n" in out
    assert "lecture" not in out


def test_pausing_waits_for_enter_after_every_step(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, user_file: Path
) -> None:
    presses = io.StringIO("\n" * 3)
    monkeypatch.setattr("sys.stdin", presses)
    assert main(["walk", f"{user_file}:loss", "--pause"]) == 0
    paused = capsys.readouterr().out
    assert presses.read() == ""
    assert main(["walk", f"{user_file}:loss"]) == 0
    assert capsys.readouterr().out == paused


def test_walk_writes_the_page_that_plays_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in EXAMPLES:
        html = tmp_path / f"{name}.html"
        assert main(["walk", name, "--html", str(html)]) == 0
        assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
        assert capsys.readouterr().out.endswith(f"to play in a browser: {html}\n")
    page = (tmp_path / "two-layer.html").read_text(encoding="utf-8")
    assert '"title":"' + EXAMPLES["two-layer"]().title in page


MODEL_FILE = """
import random
import nn
from autograd import Value

net = nn.MLP(2, [2, 1], rng=random.Random(0))
w = [Value(0.5), Value(-1.0)]
loss = (net([1.0, w[0] * w[1]]) - 1.0) ** 2
loss.backward()
"""


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(MODEL_FILE, encoding="utf-8")
    return path


def test_a_step_of_descent_on_what_is_named(capsys: pytest.CaptureFixture[str], model_file: Path) -> None:
    assert main(["walk", f"{model_file}:loss", "--update", "w", "--learning-rate", "0.5"]) == 0
    out = capsys.readouterr().out
    assert "η = 0.5, the learning rate" in out
    assert out.count(" - η × ∂loss/∂") == 2
    assert "w[0] - η × ∂loss/∂w[0] = 0.5 - 0.5 × " in out
    assert main(["walk", f"{model_file}:loss", "--model", "net"]) == 0
    assert capsys.readouterr().out.count(" - η × ∂loss/∂") == 9  # the parameters of 2-2-1
    assert main(["walk", f"{model_file}:loss", "--update", "w[1],net"]) == 0
    assert capsys.readouterr().out.count(" - η × ∂loss/∂") == 10
    assert main(["walk", f"{model_file}:loss", "--learning-rate", "0.5"]) == 2
    assert "name the parameters with --update or --model" in capsys.readouterr().err


def test_the_learning_rate_of_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "logistic", "--learning-rate", "0.1", "--update", "w0"]) == 0
    out = capsys.readouterr().out
    assert "w0 - η × ∂L/∂w0 = -3 - 0.1 × -0.2689 = -2.9731" in out
    assert "w1 - η" not in out


def test_a_model_is_drawn_and_played_as_one(tmp_path: Path, model_file: Path) -> None:
    svg, html = tmp_path / "x.svg", tmp_path / "x.html"
    assert main(["walk", f"{model_file}:loss", "--model", "net", "--svg", str(svg), "--html", str(html)]) == 0
    assert "layer 1" in svg.read_text(encoding="utf-8")
    assert "layer 1" in html.read_text(encoding="utf-8")


def test_a_walk_in_traditional_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "two-layer", "--language", "zh-TW"]) == 0
    assert "反向傳播" in capsys.readouterr().out
    assert main(["walk", "forward", "--language", "zh-TW"]) == 0
    assert "backward" not in capsys.readouterr().out.split("前向傳播")[1]


# ── the lecture ─────────────────────────────────────────────────────────────────────────


def test_example_prints_its_numbers_beside_the_lectures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["example", "two-layer"]) == 0
    assert capsys.readouterr().out == f"{EXAMPLES['two-layer']()}\n"


def test_errata_of_all_sources_of_one_and_of_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["errata"]) == 0
    assert capsys.readouterr().out.count("printed: ") == len(errata())
    assert main(["errata", "S4"]) == 0
    assert [line[:5] for line in capsys.readouterr().out.splitlines()][::5] == ["S4:16", "S4:77"]
    assert main(["errata", "S3:342"]) == 0
    assert "0.7323 is what the slipped weights give." in capsys.readouterr().out


def test_text_picture_and_page_are_made_from_a_zip(tmp_path: Path) -> None:
    archive, svg, html = tmp_path / "project.zip", tmp_path / "x.svg", tmp_path / "x.html"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in (PROJECT / "autograd").rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                zipped.write(path, path.relative_to(PROJECT))
    environment = os.environ | {"PYTHONPATH": str(archive)}
    done = run("walk", "logistic", "--svg", str(svg), "--html", str(html), cwd=tmp_path, env=environment)
    assert done.stderr == b""
    assert b"<svg" in svg.read_bytes()
    assert b"<html" in html.read_bytes()


# ── draw ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("gv", b"digraph")]
)
def test_draw_writes_what_the_ending_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, user_file: Path, ending: str, begins: bytes
) -> None:
    path = tmp_path / f"drawing.{ending}"
    assert main(["draw", f"{user_file}:loss", "-o", str(path)]) == 0
    assert path.read_bytes().startswith(begins)
    assert capsys.readouterr().out == f"drawn: {path}\n"
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == [path.name, "mine.py"]


# ── animate ─────────────────────────────────────────────────────────────────────────────


def test_animate_writes_the_whole_pass(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, user_file: Path
) -> None:
    path = tmp_path / "pass.gif"
    options = ["--update", "a", "--seconds", "0.5", "--language", "zh-TW"]
    assert main(["animate", f"{user_file}:loss", "-o", str(path), *options]) == 0
    assert path.read_bytes().startswith(b"GIF89a")
    assert capsys.readouterr().out.startswith(f"drawn: {path}, animation of ")


# ── errors ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["walk", "nope"], "no example 'nope': there are logistic, two-layer, forward, or a file"),
        (["walk", "mine.py"], "say which Value in it, as in mine.py:loss"),
        (["walk", "missing.py:loss"], "missing.py: no such file"),
        (["walk", "logistic", "--svg", "no/folder/x.svg"], "no/folder/x.svg: No such file or directory"),
        (["walk", "logistic", "--limit", "3"], "raise the limit with --limit 15"),
        (["walk", "forward", "--limit", "30"], "with --keep-fused"),
        (["walk", "logistic", "--decimals", "0"], "--decimals is a whole number of at least 1"),
        (["walk", "logistc"], "did you mean logistic?"),
        (["walk", "mine.ipynb"], "mine.ipynb is a notebook"),
        (["walk", "logistic", "--svg", "x.png"], "x.png: --svg writes a file that ends in .svg; for others"),
        (["walk", "logistic", "--html", "page.gif"], "page.gif: --html writes a file that ends in .html"),
        (["walk", "logistic", "--update", "w9"], "--update w9: the leaves are w0, w1, x1, w2, x2"),
        (["walk", "logistic", "--model", "net"], "--model is in a file of your own, and logistic is an"),
        (["errata", "S9"], "source is one of S1, S2, S3, S4, S5, got 'S9'"),
        (["draw", "logistic", "-o", "picture"], "'picture': a picture is saved as .svg, .png"),
        (["animate", "logistic", "-o", "x.mp4"], "'x.mp4': an animation is saved as .gif, .webp, .png"),
        (["animate", "logistic", "-o", "x.gif", "--seconds", "0"], "seconds is a finite number above 0"),
    ],
)
def test_an_error_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert err.startswith("autograd: ")
    assert err.count("\n") == 1
    assert "drawn" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["wlk", "logistic"], "did you mean walk?"),
        (["walk"], "EXAMPLE"),
        (["draw", "logistic"], "-o/--output"),
        (["animate", "logistic"], "-o/--output"),
        (["walk", "logistic", "--decimals", "x"], "invalid int value: 'x'"),
        (["list", "two\nlines\x1e\x1b[1m"], r"unrecognized arguments: two lines\x1e\x1b[1m"),
    ],
)
def test_a_mistaken_command_line_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    err = capsys.readouterr().err
    assert stop.value.code == 2
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("raised", "shown"), [("two\\nlines", "two lines"), ("\\x1b[31mred\\x07", "\\x1b[31mred\\x07")]
)
def test_an_error_in_a_users_file_is_one_line_that_steers_no_terminal(
    tmp_path: Path, raised: str, shown: str
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(f"x = 1\nraise ValueError('{raised}')\n", encoding="utf-8")
    done = run("walk", f"{path}:loss")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"autograd: {path}, line 2: ValueError: {shown}\n"


def test_ctrl_c_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, user_file: Path
) -> None:
    def interrupted(prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    assert main(["walk", f"{user_file}:loss", "--pause"]) == 130
    assert capsys.readouterr().err == "\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "autograd", "walk", "logistic"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 141


@pytest.mark.parametrize(
    ("encoding", "signs"), [("ascii", b"dL/dg7"), ("cp1252", b"dL/dg7 = dL/dg8 \xd7 dg8/dg7")]
)
def test_an_output_that_lacks_signs_gets_them_spelled_out(encoding: str, signs: bytes) -> None:
    done = run("walk", "logistic", env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert done.returncode == 0
    assert signs in done.stdout
    assert b"?" not in done.stdout
    assert done.stderr == b""


# ── the terminal ────────────────────────────────────────────────────────────────────────


def on_a_terminal(*arguments: str, presses: bytes = b"", **variables: str) -> str:
    """What the command writes when it runs on a terminal of its own."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "autograd", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment | {"TERM": "xterm"} | variables,
    )
    os.close(theirs)
    os.write(ours, presses)
    written = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            written += part
    process.wait(60)
    os.close(ours)
    assert process.returncode == 0
    return written.decode().replace("\r\n", "\n")


def test_colour_on_a_terminal_alone(user_file: Path) -> None:
    walk = ("walk", f"{user_file}:loss")
    assert "\x1b[1;4mForward\x1b[0m\n" in on_a_terminal(*walk)
    assert "\x1b" not in on_a_terminal(*walk, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(*walk, TERM="dumb")
    assert b"\x1b" not in run(*walk).stdout


def test_pausing_on_a_terminal_shows_a_prompt_and_takes_it_away(user_file: Path) -> None:
    written = on_a_terminal("walk", f"{user_file}:loss", "--pause", presses=b"\n" * 20)
    assert "⏎" in written
    assert written.count("\x1b[A\x1b[2K") == written.count("⏎")


def test_sentences_are_wrapped_between_words_on_a_terminal() -> None:
    lines = on_a_terminal("walk", "two-layer", COLUMNS="50").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("x, y and the weights"))
    assert len(lines[start]) <= 50
    assert "x, y and the weights are reconstructed, as the figure is lost." in " ".join(
        lines[start : start + 3]
    )
