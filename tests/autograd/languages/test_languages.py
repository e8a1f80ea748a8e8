"""The sentences of walk and page: every language has them all."""

import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import Gate, gates, playing
from autograd.languages import LANGUAGES, PAGES, SENTENCES, Said, said
from autograd.playing.mistakes import MISTAKES

OTHERS = [language for language in SENTENCES if language != "en"]

PAGE = Path(playing.__file__).with_name("page")

PACKAGE = PAGE.parent.parent

SOURCES = "".join(
    file.read_text(encoding="utf-8")
    for file in PACKAGE.rglob("*")
    if file.suffix in (".py", ".js", ".html") and file.parent.name != "languages"
)


def fields(sentence: str) -> set[str]:
    same = {"ordinal": "number"}  # 1st is a number in other languages
    return {same.get(name, name) for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_that_english_says(language: str) -> None:
    english, other = PAGES["en"], PAGES[language]
    for table in ("sentences", "titles", "keys"):
        assert other[table].keys() == english[table].keys()
    for key, sentence in english["sentences"].items():
        assert fields(other["sentences"][key]) == fields(sentence), key
        assert other["sentences"][key]
    assert len(other["help"]) == len(english["help"])
    table = [gate for gate in vars(gates).values() if isinstance(gate, Gate)]
    texts = {text for gate in table for text in (gate.convention, gate.domain) if re.search("[a-z]{2}", text)}
    assert texts <= LANGUAGES[language].GATES.keys()


def test_what_stands_in_a_sentence_is_in_its_language_but_for_words_of_a_gate_of_ones_own() -> None:
    slot = Said.of("slot in words", ordinal="1st", number="1", input="x")
    assert said("nothing arrives", input=slot) == "nothing arrives here, so nothing is handed on to the 1st x"
    assert "第 1 個 x" in said("nothing arrives", "zh-TW", input=slot)
    assert Said.by_gate("a {mystery}").to("zh-TW") == "a {mystery}"
    assert Said.by_gate("slope 0 at 0").to("zh-TW") == "在 0 處的斜率取 0"


def test_what_is_said_is_in_the_table_and_what_is_in_the_table_is_said() -> None:
    asked = set(re.findall(r'\b(?:say|sayHtml|said|Said\.of)\(\s*"([^"]+)"', SOURCES))
    asked |= set(re.findall(r'data-(?:say|label|title)="([^"]+)"', SOURCES))
    assert len(asked) > 150
    assert asked <= SENTENCES["en"].keys()
    kinds = set(re.findall(r"\bsay\(`(\w+) \$", SOURCES))
    assert kinds <= {key.split()[0] for key in SENTENCES["en"]}
    kinds |= {"tie", "kink"}  # …, by convention
    unsaid = {key for key in SENTENCES["en"] if f'"{key}"' not in SOURCES}
    assert {key for key in unsaid if re.split("[ ,]", key)[0] not in kinds} == set()


def test_every_mistake_and_rule_of_the_page_has_its_sentences() -> None:
    for mistake in MISTAKES:
        kinds = ("mistake", "lesson", "harmless", "slip") if mistake.played else ("slip",)
        assert all(f"{kind} {mistake.key}" in SENTENCES["en"] for kind in kinds), mistake.key
    for rule in ("sgd", "momentum", "rmsprop", "adam"):
        assert f"rule {rule}" in SENTENCES["en"]


def test_a_third_language_needs_one_file(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
    chinese = tmp_path / "autograd" / "languages" / "traditional_chinese.py"
    backwards = chinese.read_text(encoding="utf-8").replace('"zh-TW", "繁體中文"', '"qps", "Pseudo"')
    backwards = backwards.replace('"Backward": "反向傳播"', '"Backward": "drawkcaB"')
    chinese.with_name("pseudo.py").write_text(backwards, encoding="utf-8")
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
