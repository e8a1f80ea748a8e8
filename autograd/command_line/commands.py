"""The command line: `autograd`, or `python -m autograd`.

    autograd list
    autograd walk logistic --pause
    autograd walk path/to/file.py:loss --svg loss.svg --html loss.html
    autograd walk path/to/file.py:loss --model net --learning-rate 0.1
    autograd draw two-layer -o two_layer.png
    autograd animate logistic -o logistic.gif
    autograd errata S3

An error is one line on standard error, and exit status 2.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from autograd.arguments import did_you_mean
from autograd.command_line.examine_engine import add_examine
from autograd.command_line.target import Target, target_of
from autograd.command_line.terminal import Terminal, speak_every_encoding
from autograd.languages import SENTENCES, said
from autograd.lectures import EXAMPLES, errata
from autograd.lectures.example import Example
from autograd.stepping.narration import Line, Walk, text_lines
from autograd.stepping.walk import walk
from autograd.typesetting.columns import aligned

FAILED, INTERRUPTED, PIPE_CLOSED = 2, 130, 141
"""Exit statuses; the last two are what a shell reports of programs that signals end."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and leaves the usage to --help."""

    def error(self, message: str) -> NoReturn:
        choice = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        hint = did_you_mean(choice[1], re.findall(r"[\w-]+", choice[2])) if choice else ""
        self.exit(FAILED, f"{self.prog}: {_on_one_line(message)}{hint}\n")


def main(arguments: Sequence[str] | None = None, version: str = "") -> int:
    """Run a command; returns the exit status."""
    speak_every_encoding()
    asked = command_line(version).parse_args(arguments)
    try:
        status: int = asked.run(asked) or 0
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


def command_line(version: str) -> Parser:
    """The parser of all commands."""
    parser = Parser(
        prog="autograd",
        description="Step through a computation, or draw it.",
        epilog="To begin with: autograd walk logistic --html logistic.html, and open that page in a browser.",
    )
    parser.add_argument("--version", action="version", version=f"autograd {version}")
    parser.set_defaults(run=lambda asked: parser.print_help())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    listing = commands.add_parser("list", help="the worked examples")
    listing.set_defaults(run=list_examples)

    example = commands.add_parser("example", help="a worked example: what is printed, and what is right")
    example.add_argument("example", metavar="EXAMPLE", choices=EXAMPLES, help=", ".join(EXAMPLES))
    example.set_defaults(run=print_example)

    slips = commands.add_parser("errata", help="where the lecture is wrong")
    slips.add_argument("place", metavar="PLACE", nargs="?", default="", help="S1 to S5, or a line: S3:336")
    slips.set_defaults(run=print_errata)

    graph = Parser(add_help=False)
    add = graph.add_argument
    target = "one of `autograd list`, or a Value in a file: path/to/file.py:loss, :net.loss or :ws[0]"
    add("target", metavar="EXAMPLE", help=target)
    add("--model", metavar="NAME", help="a model in that file: its layers are shown as such")
    add("--keep-fused", action="store_true", help="show a dot as one gate, not as × and +")
    add("--decimals", type=int, default=4, metavar="N", help="round numbers (default 4)")
    add("--limit", type=int, default=500, metavar="N", help="refuse a larger graph (default 500)")
    graph.set_defaults(update=None, learning_rate=None)

    steps = Parser(add_help=False)
    add = steps.add_argument
    add("--update", metavar="NAMES", help="also take a step of gradient descent on these, such as w,b")
    rate = "of that step (default 0.001, or the example's)"
    add("--learning-rate", type=float, metavar="RATE", help=rate)
    add("--language", default="en", choices=SENTENCES, help="of the sentences (default en)")

    about = "step through a computation and its gradients"
    walking = commands.add_parser("walk", parents=[graph, steps], help=about)
    walking.add_argument("--pause", action="store_true", help="wait for Enter after every step")
    walking.add_argument("--svg", type=Path, metavar="FILE", help="also draw the graph: .svg")
    walking.add_argument("--html", type=Path, metavar="FILE", help="also write a page that plays it: .html")
    walking.set_defaults(run=walk_target)

    drawing = commands.add_parser("draw", parents=[graph], help="draw a computation and its gradients")
    output = drawing.add_mutually_exclusive_group(required=True)
    _add_output(output, ".svg, .png, .pdf, .gv", required=False)
    output.add_argument("--svg", type=Path, metavar="FILE", help="the same for .svg alone, as of walk")
    drawing.set_defaults(run=draw_target)

    about = "write the whole pass as a moving picture"
    animating = commands.add_parser("animate", parents=[graph, steps], help=about)
    _add_output(animating, ".gif, .webp, .png")
    seconds = "how long a step stays (default 1.2)"
    animating.add_argument("--seconds", type=float, default=1.2, metavar="S", help=seconds)
    animating.set_defaults(run=animate_target)

    add_examine(commands)
    return parser


def _add_output(parser: Any, endings: str, required: bool = True) -> None:
    what = f"what to write: {endings}"
    parser.add_argument("-o", "--output", type=Path, required=required, metavar="FILE", help=what)


# ── commands ────────────────────────────────────────────────────────────────────────────


def list_examples(asked: argparse.Namespace) -> None:
    """Print the names and titles of the worked examples."""
    print(*aligned((name, build().title) for name, build in EXAMPLES.items()), sep="\n")


def print_example(asked: argparse.Namespace) -> None:
    """Print a worked example: its numbers beside those of the lecture."""
    print(EXAMPLES[asked.example]())


def print_errata(asked: argparse.Namespace) -> None:
    """Print where the lecture is wrong."""
    print(*errata(asked.place), sep="\n\n")


def walk_target(asked: argparse.Namespace) -> None:
    """Print the walk of an example, or of a Value in a user's file."""
    _check_ending("--svg", asked.svg, ".svg")
    _check_ending("--html", asked.html, ".html", ".htm")
    target = target_of(asked)
    walked = walk(target.root, **target.step, keep_fused=asked.keep_fused, limit=asked.limit)
    if asked.svg:
        _write_drawing(target, asked.svg, asked)
    if asked.html:
        from autograd.playing.player import player  # only if a page is asked for

        step = target.step | {"parameters": target.parameters or None}  # the page finds some itself
        look = _look(target, asked) | {"language": asked.language, "about": target.example}
        player(target.root, **step, **look).save(asked.html)
    _print_walk(walked, target.example, asked)
    if asked.svg or asked.html:
        print()
    if asked.svg:
        print(f"drawn: {asked.svg}")
    if asked.html:
        print(f"to play in a browser: {asked.html}")


def _print_walk(walked: Walk, example: Example | None, asked: argparse.Namespace) -> None:
    terminal = Terminal()
    if example:
        title, *others = str(example).splitlines()
        terminal.show([Line("title", title), *(Line("", line) for line in others), Line("", "")])
    for lines in text_lines(walked, asked.decimals, asked.language):
        if example and not example.parameters and Line("section", said("Backward", asked.language)) in lines:
            continue  # the lecture goes forward only: there is no backward() to advise
        terminal.show(lines)
        if asked.pause:
            terminal.pause()


def draw_target(asked: argparse.Namespace) -> None:
    """Write the drawing of an example, or of a Value in a user's file."""
    _check_ending("--svg", asked.svg, ".svg")
    path = asked.svg or asked.output
    _write_drawing(target_of(asked), path, asked)
    print(f"drawn: {path}")


def animate_target(asked: argparse.Namespace) -> None:
    """Write the walk of an example, or of a Value in a user's file, as a moving picture."""
    from autograd.picture.animation import animate

    target = target_of(asked)
    look = _look(target, asked) | {"language": asked.language, "seconds": asked.seconds}
    animation = animate(target.root, **target.step, **look)
    animation.save(asked.output)
    print(f"drawn: {asked.output}, {repr(animation)[1:-1]}")


def _check_ending(option: str, path: Path | None, *endings: str) -> None:
    if path and path.suffix.lower() not in endings:
        other = f"; for others there is autograd draw … -o {path}" if option == "--svg" else ""
        raise ValueError(f"{path}: {option} writes a file that ends in {endings[0]}{other}")


def _write_drawing(target: Target, path: Path, asked: argparse.Namespace) -> None:
    from autograd.picture.drawing import draw  # only if a picture is asked for

    draw(target.root, **_look(target, asked)).save(path)


def _look(target: Target, asked: argparse.Namespace) -> dict[str, Any]:
    """The options of every picture of a target."""
    options = {name: getattr(asked, name) for name in ("keep_fused", "decimals", "limit")}
    return {"model": target.model, **options}


# ── errors ──────────────────────────────────────────────────────────────────────────────


def _one_line(error: Exception) -> str:
    """An error on one line; it calls options as the command line does."""
    if isinstance(error, OSError) and error.filename:
        return _on_one_line(f"{error.filename}: {error.strerror}")
    said = _on_one_line(str(error)).replace("keep_fused=True", "--keep-fused")
    said = re.sub(r"^(learning_rate|seconds) is", lambda match: f"--{match[1].replace('_', '-')} is", said)
    return re.sub(r"limit=(\d+)", r"--limit \1", said)


def _on_one_line(text: str) -> str:
    """Text with spaces for line breaks, and with unprintable characters escaped."""
    shown = (x if x.isprintable() or x in "\n\t" else ascii(x)[1:-1] for x in text)
    return " ".join("".join(shown).split())
