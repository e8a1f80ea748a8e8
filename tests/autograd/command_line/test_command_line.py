"""`autograd list`, `walk` and `draw`: what they print, what they write, and how they fail."""

import importlib
import io
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import autograd
from autograd.__main__ import main
from autograd.lectures import EXAMPLES, errata

PROJECT = Path(__file__).parents[3]

USER_FILE = "from autograd import Value\na = Value(2.0)\nloss = (a * a).relu()\nloss.backward()\n"

MODEL_FILE = """
import random
import nn
from autograd import Value

net = nn.MLP(2, [2, 1], rng=random.Random(0))
w = [Value(0.5), Value(-1.0)]
loss = (net([1.0, w[0] * w[1]]) - 1.0) ** 2
loss.backward()
"""

Printed = Callable[..., str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    """What a command prints: on standard error if its exit status is not 0."""

    def run_here(*arguments: object, status: int = 0) -> str:
        assert main(list(map(str, arguments))) == status
        out, err = capsys.readouterr()
        assert not (out if status else err)
        return err if status else out

    return run_here


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(USER_FILE, encoding="utf-8")
    return path


@pytest.fixture
def model_file(user_file: Path) -> Path:
    user_file.write_text(MODEL_FILE, encoding="utf-8")
    return user_file


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "autograd", *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload]


# ── list and walk ───────────────────────────────────────────────────────────────────────


def test_list_names_every_example(printed: Printed) -> None:
    lines = printed("list").splitlines()
    assert [line.split()[0] for line in lines] == list(EXAMPLES)
    assert all(len(line.split()) > 3 for line in lines)


def test_both_ways_to_call_it_are_one() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, function = project["scripts"]["autograd"].split(":")
    assert getattr(importlib.import_module(module), function) is main
    assert run("--version").stdout.decode().strip() == f"autograd {autograd.__version__}"


def test_without_a_command_it_says_what_there_is(printed: Printed) -> None:
    out = printed()
    assert out.startswith("usage: autograd ")
    assert "step through a computation" in out


def test_walk_prints_the_derivation_the_update_and_the_errata(printed: Printed) -> None:
    out = printed("walk", "logistic")
    assert "∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311\n" in out
    assert "= -2.99973\n" in out
    assert "g8     = 0.7311 → 0.7314\n" in out
    assert "w0 after the step  -2.999731   -2.9973  S3:336  erratum" in out
    assert "\x1b" not in out


def test_backward_is_advised_where_it_was_forgotten_and_not_where_a_lecture_goes_forward_only(
    printed: Printed, user_file: Path
) -> None:
    out = printed("walk", "forward", "--keep-fused")
    assert "backward" not in out.lower()
    assert "I1(1) = w11(1)·x1 + w12(1)·x2 + w13(1)·x3 + w14(1)·x4" in out
    user_file.write_text(USER_FILE.replace("loss.backward()", ""), encoding="utf-8")
    assert "call backward() on loss" in printed("walk", f"{user_file}:loss")


def test_text_and_picture_to_two_decimals(printed: Printed, tmp_path: Path) -> None:
    svg = tmp_path / "x.svg"
    assert "= -1.37 × -0.53 = 0.73\n" in printed("walk", "logistic", "--decimals", 2, "--svg", svg)
    drawn = svg.read_text(encoding="utf-8")
    assert ">-1.37<" in drawn or "∂ -1.37" in drawn
    assert "0.7311" not in drawn


def test_a_value_in_a_users_file_is_walked(printed: Printed, user_file: Path) -> None:
    out = printed("walk", f"{user_file}:loss")
    assert "loss = max(0, v1) = max(0, 4) = 4\n" in out
    assert "∂loss/∂a = 2 + 2 = 4\n" in out
    assert "lecture" not in out


def test_pausing_waits_for_enter_after_every_step(
    printed: Printed, monkeypatch: pytest.MonkeyPatch, user_file: Path
) -> None:
    presses = io.StringIO("\n" * 3)
    monkeypatch.setattr("sys.stdin", presses)
    paused = printed("walk", f"{user_file}:loss", "--pause")
    assert presses.read() == ""
    assert printed("walk", f"{user_file}:loss") == paused


def test_every_example_is_walked_drawn_and_played(tmp_path: Path, printed: Printed) -> None:
    svg, html = tmp_path / "x.svg", tmp_path / "x.html"
    for name, build in EXAMPLES.items():
        out = printed("walk", name, "--svg", svg, "--html", html)
        assert out.endswith(f"\n\ndrawn: {svg}\nto play in a browser: {html}\n")
        assert b"<svg" in svg.read_bytes()
        assert '"title":"' + build().title in html.read_text(encoding="utf-8")


def test_a_step_of_descent_on_what_is_named(printed: Printed, model_file: Path) -> None:
    walk = ("walk", f"{model_file}:loss")
    out = printed(*walk, "--update", "w", "--learning-rate", 0.5)
    assert "η = 0.5, the learning rate" in out
    assert "w[0] - η × ∂loss/∂w[0] = 0.5 - 0.5 × " in out
    assert out.count(" - η × ∂loss/∂") == 2
    assert printed(*walk, "--model", "net").count(" - η × ∂loss/∂") == 9  # the parameters of 2-2-1
    assert printed(*walk, "--update", "w[1],net").count(" - η × ∂loss/∂") == 10
    refused = printed(*walk, "--learning-rate", 0.5, status=2)
    assert "name the parameters with --update or --model" in refused
    refused = printed(*walk, "--model", "w", status=2)
    assert "--model w is a list, which has no named_parameters()" in refused


def test_the_learning_rate_of_an_example(printed: Printed, tmp_path: Path) -> None:
    out = printed("walk", "logistic", "--learning-rate", 0.1, "--update", "w0")
    assert "w0 - η × ∂L/∂w0 = -3 - 0.1 × -0.2689 = -2.9731" in out
    assert "w1 - η" not in out
    assert "w0 - η × ∂L/∂w0 = -3 - 0 × -0.2689 = -3" in printed("walk", "logistic", "--learning-rate", 0)
    page = printed("walk", "logistic", "--learning-rate", 0, "--html", tmp_path / "page.html", status=2)
    assert "--learning-rate is a finite number above 0, got 0.0" in page


def test_a_model_is_drawn_and_played_as_one(tmp_path: Path, printed: Printed, model_file: Path) -> None:
    svg, html = tmp_path / "x.svg", tmp_path / "x.html"
    printed("walk", f"{model_file}:loss", "--model", "net", "--svg", svg, "--html", html)
    assert "layer 1" in svg.read_text(encoding="utf-8")
    assert "layer 1" in html.read_text(encoding="utf-8")


def test_a_walk_in_traditional_chinese(printed: Printed) -> None:
    assert "反向傳播" in printed("walk", "two-layer", "--language", "zh-TW")
    assert "backward" not in printed("walk", "forward", "--language", "zh-TW").split("前向傳播")[1]


# ── the lecture ─────────────────────────────────────────────────────────────────────────


def test_example_prints_its_numbers_beside_the_lectures(printed: Printed) -> None:
    assert printed("example", "two-layer") == f"{EXAMPLES['two-layer']()}\n"


def test_errata_of_all_sources_and_of_one(printed: Printed) -> None:
    assert printed("errata").count("printed: ") == len(errata())
    assert [line[:5] for line in printed("errata", "S4").splitlines()][::5] == ["S4:16", "S4:77"]


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


# ── draw and animate ────────────────────────────────────────────────────────────────────


def test_draw_writes_what_the_ending_says(printed: Printed, tmp_path: Path, user_file: Path) -> None:
    path = tmp_path / "drawing.png"
    assert printed("draw", f"{user_file}:loss", "-o", path) == f"drawn: {path}\n"
    assert path.read_bytes().startswith(b"\x89PNG")
    path = tmp_path / "drawing.svg"
    assert printed("draw", f"{user_file}:loss", "--svg", path) == f"drawn: {path}\n"


def test_animate_writes_the_whole_pass(printed: Printed, tmp_path: Path, user_file: Path) -> None:
    path = tmp_path / "pass.gif"
    options = ("--update", "a", "--seconds", 0.5, "--language", "zh-TW")
    out = printed("animate", f"{user_file}:loss", "-o", path, *options)
    assert out.startswith(f"drawn: {path}, animation of ")
    assert path.read_bytes().startswith(b"GIF89a")


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
        (["walk", "mine.ipynb"], "mine.ipynb is a notebook, and Python files alone are run here"),
        (["walk", "logistic", "--svg", "x.png"], "x.png: --svg writes a file that ends in .svg; for others"),
        (["walk", "logistic", "--html", "page.gif"], "page.gif: --html writes a file that ends in .html"),
        (["walk", "logistic", "--update", "w9"], "--update w9: the leaves are w0, w1, x1, w2, x2"),
        (["walk", "logistic", "--model", "net"], "--model is in a file of your own, and logistic is an"),
        (
            ["walk", "logistic", "--learning-rate", "inf"],
            "--learning-rate is a finite number, got inf",
        ),
        (["examine", __file__, "--seconds", "0"], "--seconds is a finite number above 0, got 0.0"),
        (["errata", "S3:1"], "there is no erratum at S3:1; those of S3 are at S3:127, S3:183"),
        (["draw", "logistic", "--svg", "x.png"], "x.png: --svg writes a file that ends in .svg; for others"),
        (["draw", "logistic", "-o", "picture"], "'picture': a picture is saved as .svg, .png"),
    ],
)
def test_an_error_is_one_line_and_status_2(printed: Printed, arguments: list[str], message: str) -> None:
    err = printed(*arguments, status=2)
    assert message in err
    assert err.startswith("autograd: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["wlk", "logistic"], "did you mean walk?"),
        (["draw", "logistic"], "-o/--output"),
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


def test_an_error_in_a_users_file_is_one_line_that_steers_no_terminal(
    printed: Printed, user_file: Path
) -> None:
    user_file.write_text("x = 1\nraise ValueError('two\\nlines, \\x1b[31mred\\x07')\n", encoding="utf-8")
    shown = "two lines, \\x1b[31mred\\x07"
    err = printed("walk", f"{user_file}:loss", status=2)
    assert err == f"autograd: {user_file}, line 2: ValueError: {shown}\n"


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
def test_an_output_that_lacks_signs_gets_them_spelled_out(
    encoding: str, signs: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr("sys.stdout", output)
    assert main(["walk", "logistic"]) == 0
    written = output.buffer.getvalue()  # type: ignore[attr-defined]
    assert signs in written
    assert b"?" not in written


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
    with suppress(OSError):  # the other end is closed
        while part := os.read(ours, 65536):
            written += part
    assert process.wait(60) == 0
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def test_colour_wrapped_sentences_and_a_prompt_that_goes_away_on_a_terminal() -> None:
    written = on_a_terminal("walk", "two-layer", "--pause", presses=b"\n" * 100, COLUMNS="50")
    assert "\x1b[1;4mForward\x1b[0m\n" in written
    assert written.count("\x1b[A\x1b[2K") == written.count("⏎") > 10
    lines = written.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("x, y and the weights"))
    assert len(lines[start]) <= 50
    sentence = "x, y and the weights are reconstructed, as the figure is lost."
    assert sentence in " ".join(lines[start : start + 3])


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_it_is_not_wanted(variables: dict[str, str]) -> None:
    assert "\x1b" not in on_a_terminal("walk", "logistic", **variables)
