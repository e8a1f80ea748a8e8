"""The sentences of walk and page: every language has them all."""

import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import Gate, gates, playing
from autograd.languages import GATES, PAGES, SENTENCES, Said, said
from autograd.playing.mistakes import MISTAKES

OTHERS = [language for language in SENTENCES if language != "en"]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_out(language: str) -> None:
    assert SENTENCES[language].keys() == SENTENCES["en"].keys()
    assert all(SENTENCES[language].values())


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_says_the_same_things_in_every_language(language: str) -> None:
    for key, english in SENTENCES["en"].items():
        same = {"ordinal": "number"}  # 1st is a number in other languages
        there = {same.get(name, name) for name in fields(english)}
        assert fields(SENTENCES[language][key]) == there, key


def test_sentences_within_sentences_are_in_the_same_language() -> None:
    slot = Said.of("slot in words", ordinal="1st", number="1", input="x")
    assert said("nothing arrives", input=slot) == "nothing arrives here, so nothing is handed on to the 1st x"
    assert "第 1 個 x" in said("nothing arrives", "zh-TW", input=slot)


def test_what_a_gate_of_ones_own_says_stays_as_it_is() -> None:
    assert Said.by_gate("a {mystery}").to("zh-TW") == "a {mystery}"
    assert Said.by_gate("slope 0 at 0").to("zh-TW") == GATES["zh-TW"]["slope 0 at 0"]


@pytest.mark.parametrize("language", OTHERS)
def test_the_conventions_of_the_table_of_gates_are_known(language: str) -> None:
    conventions = {gate.convention for gate in vars(gates).values() if isinstance(gate, Gate)} - {""}
    assert conventions <= GATES[language].keys()


PAGE = Path(playing.__file__).with_name("page")


def used() -> set[str]:
    """The sentences that the page asks for by name."""
    asked = set()
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8")
        asked |= set(re.findall(r'\bsay(?:Html)?\("([^"]+)"', text))
        asked |= set(re.findall(r'data-(?:say|label|title)="([^"]+)"', text))
        for kind in re.findall(r"\bsay\(`(\w+) \$", text):
            assert any(key.startswith(f"{kind} ") for key in SENTENCES["en"]), kind
    return asked


def test_the_page_says_nothing_that_is_not_in_the_table() -> None:
    assert len(used()) > 150
    assert used() <= SENTENCES["en"].keys()


def test_every_sentence_is_said_somewhere() -> None:
    package = PAGE.parent.parent
    sources = [file for file in package.rglob("*") if file.suffix in (".py", ".js", ".html")]
    text = "".join(file.read_text(encoding="utf-8") for file in sources if file.parent.name != "languages")
    kinds = set(re.findall(r"\bsay\(`(\w+) \$", text)) | {"tie", "kink"}  # …, by convention
    unsaid = {key for key in SENTENCES["en"] if f'"{key}"' not in text}
    assert {key for key in unsaid if re.split("[ ,]", key)[0] not in kinds} == set()


def test_a_third_language_needs_one_file(tmp_path: Path) -> None:
    shutil.copytree(PAGE.parent.parent, tmp_path / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
    english = tmp_path / "autograd" / "languages" / "english.py"
    backwards = english.read_text(encoding="utf-8").replace('"en", "English"', '"qps", "Pseudo"')
    backwards = backwards.replace('"Backward": "Backward"', '"Backward": "drawkcaB"')
    english.with_name("pseudo.py").write_text(backwards, encoding="utf-8")
    program = """if True:
        from autograd import Value, player, walk
        x = Value(3.0, "x")
        y = x * x
        y.backward()
        print("drawkcaB" in walk(y).text(language="qps"))
        print('"language":"qps"' in player(y, language="qps").html)
        from autograd.languages import SENTENCES
        print(*SENTENCES)
    """
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True", "en", "qps", "zh-TW"]


def test_every_mistake_and_rule_of_the_page_has_its_sentences() -> None:
    for mistake in MISTAKES:
        kinds = ("mistake", "lesson", "harmless", "slip") if mistake.played else ("slip",)
        assert all(f"{kind} {mistake.key}" in SENTENCES["en"] for kind in kinds), mistake.key
    for rule in ("sgd", "momentum", "rmsprop", "adam"):
        assert f"rule {rule}" in SENTENCES["en"]


@pytest.mark.parametrize("language", OTHERS)
def test_titles_keys_and_help_are_complete(language: str) -> None:
    english, other = PAGES["en"], PAGES[language]
    assert other["titles"].keys() == english["titles"].keys()
    assert other["keys"].keys() == english["keys"].keys()
    assert len(other["help"]) == len(english["help"])
