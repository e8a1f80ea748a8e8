"""The command line: `python -m autograd`, or `autograd`.

    autograd list
    autograd walk logistic --pause
    autograd walk path/to/file.py:loss --svg loss.svg --html loss.html
    autograd draw two-layer -o two_layer.png

An error is one line on standard error, and exit status 2.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograd.command_line.examine_engine import add_examine
from autograd.command_line.user_file import value_in_file
from autograd.lectures import EXAMPLES
from autograd.lectures.example import Example, table
from autograd.stepping.narration import Line, text_lines
from autograd.stepping.walk import walk
from autograd.value import Value

FAILED, INTERRUPTED, PIPE_CLOSED = 2, 130, 141
"""Exit statuses; the last two are what a shell reports of programs that signals end."""

STYLES = {"section": "1;4", "title": "1", "note": "33"}
"""How a terminal shows the kinds of lines: bold and underlined, bold, yellow."""


class CommandError(Exception):
    """What went wrong, in one line."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and leaves the usage to --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, f"{self.prog}: {_on_one_line(message)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever called: `>&-`
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  as long as the program runs
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without ∂ shows a ? instead
    parser = command_line()
    asked = parser.parse_args(arguments)
    try:
        if "run" in asked:
            status = int(asked.run(asked) or 0)
        else:
            status = 0
            parser.print_help()
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads on: the interpreter must not try to write what is left when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        print(f"autograd: {_one_line(error)}", file=sys.stderr)
        return FAILED
    return status


def command_line() -> Parser:
    """What can be asked for."""
    parser = Parser(
        prog="autograd",
        description="Step through a computation, or draw it.",
        epilog="To begin with: autograd walk logistic --html logistic.html, and open that page in a browser.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    listing = commands.add_parser("list", help="the worked examples")
    listing.set_defaults(run=list_examples)

    graph = Parser(add_help=False)
    graph.add_argument(
        "example",
        metavar="EXAMPLE",
        help="one of `autograd list`, or path/to/file.py:name of a Value in a file",
    )
    graph.add_argument("--keep-fused", action="store_true", help="show a dot as one gate, not as × and +")
    graph.add_argument(
        "--limit", type=int, default=500, metavar="N", help="refuse a larger graph (default 500)"
    )

    walking = commands.add_parser(
        "walk", parents=[graph], help="step through a computation and its gradients"
    )
    walking.add_argument("--pause", action="store_true", help="wait for Enter after every step")
    walking.add_argument("--decimals", type=int, default=4, metavar="N", help="round numbers (default 4)")
    walking.add_argument("--svg", type=Path, metavar="FILE", help="also draw the graph")
    walking.add_argument("--html", type=Path, metavar="FILE", help="also write a page that plays it")
    walking.set_defaults(run=walk_example)

    drawing = commands.add_parser("draw", parents=[graph], help="draw a computation and its gradients")
    drawing.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="what to write: .svg, .png, .pdf, .gv",
    )
    drawing.set_defaults(run=draw_example)

    add_examine(commands)
    return parser


# ── commands ────────────────────────────────────────────────────────────────────────────


def list_examples(asked: argparse.Namespace) -> None:
    """Print the names and titles of the worked examples."""
    widest = max(map(len, EXAMPLES))
    for name, build in EXAMPLES.items():
        print(f"{name:<{widest}}  {build().title}")


def walk_example(asked: argparse.Namespace) -> None:
    """Print the walk of an example, or of a Value in a user's file."""
    if not 1 <= asked.decimals <= 100:
        raise CommandError(f"--decimals must be at least 1 and at most 100, got {asked.decimals}")
    example, root = _asked_for(asked.example)
    limits = {"keep_fused": asked.keep_fused, "limit": asked.limit}
    walked = example.walk(**limits) if example else walk(root, **limits)
    if asked.svg:
        _write_drawing(walked.root, asked.svg, asked)
    if asked.html:
        _write_player(example, root, asked)
    terminal = Terminal()
    if example:
        terminal.show(
            [Line("title", example.title), *(Line("", remark) for remark in example.remarks), Line("", "")]
        )
    for lines in text_lines(walked, asked.decimals, "en"):
        if example and not example.parameters and Line("section", "Backward") in lines:
            continue  # the lecture goes forward only: there is no backward() to advise
        terminal.show(lines)
        if asked.pause:
            terminal.pause()
    if example:
        compared = [Line("", ""), Line("section", "What the lecture prints")]
        compared += [Line("equation", f"  {line}") for line in table(example.comparisons).splitlines()]
        terminal.show(compared)
        for erratum in example.errata:
            source, *rest = str(erratum).splitlines()
            terminal.show(
                [Line("", ""), Line("note", f"Erratum: {source}"), *(Line("", line) for line in rest)]
            )
    written = [f"drawn: {asked.svg}"] if asked.svg else []
    written += [f"to play in a browser: {asked.html}"] if asked.html else []
    if written:
        print("\n" + "\n".join(written))


def draw_example(asked: argparse.Namespace) -> None:
    """Write the drawing of an example, or of a Value in a user's file."""
    _write_drawing(_asked_for(asked.example)[1], asked.output, asked)
    print(f"drawn: {asked.output}")


def _asked_for(name: str) -> tuple[Example | None, Value]:
    """The example of a name, with its gradients, and what it computes; or the Value in a file."""
    if name in EXAMPLES:
        example = EXAMPLES[name]()
        if example.parameters:
            example.root.backward()
        return example, example.root
    if name.endswith(".py"):
        raise CommandError(f"{name}: say which Value in it, as in {name}:loss")
    file, colon, value = name.rpartition(":")
    if colon:
        return None, value_in_file(Path(file), value)
    raise CommandError(
        f"no example {name!r}: there are {', '.join(EXAMPLES)}, or a file: path/to/file.py:name"
    )


def _write_drawing(root: Value, path: Path, asked: argparse.Namespace) -> None:
    from autograd.picture.drawing import draw  # only if a picture is asked for

    draw(root, keep_fused=asked.keep_fused, limit=asked.limit).save(path)


def _write_player(example: Example | None, root: Value, asked: argparse.Namespace) -> None:
    from autograd.playing.player import player  # needs Graphviz too

    limits = {"keep_fused": asked.keep_fused, "limit": asked.limit}
    if example:
        page = player(root, update=example.parameters, learning_rate=example.learning_rate, **limits)
    else:
        page = player(root, **limits)
    page.save(asked.html)


def _one_line(error: Exception) -> str:
    """What an error says, on one line, with the names that options have on the command line."""
    if isinstance(error, OSError) and error.filename:
        return _on_one_line(f"{error.filename}: {error.strerror}")
    said = _on_one_line(str(error)).replace("keep_fused=True", "--keep-fused")
    return re.sub(r"limit=(\d+)", r"--limit \1", said)


def _on_one_line(text: str) -> str:
    """Spaces in place of line breaks; what else a terminal does not print, escaped."""
    shown = (x if x.isprintable() or x in "\n\t" else ascii(x)[1:-1] for x in text)
    return " ".join("".join(shown).split())


# ── the terminal ────────────────────────────────────────────────────────────────────────


class Terminal:
    """Standard output: in colour where people see it, plain where it goes into a file."""

    def __init__(self) -> None:
        self.styled = (
            sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def show(self, lines: Sequence[Line]) -> None:
        """Print lines, each in the style of its kind."""
        for line in lines:
            style = STYLES.get(line.kind) if self.styled else None
            print(f"\x1b[{style}m{line.text}\x1b[0m" if style else line.text)

    def pause(self) -> None:
        """Wait for Enter; where nobody is there to press it, go on."""
        sys.stdout.flush()
        prompt = "  ⏎ " if sys.stdin.isatty() else ""
        try:
            input(prompt)
        except EOFError:
            return
        if prompt and self.styled:
            print("\x1b[A\x1b[2K", end="")  # the prompt has done its work
