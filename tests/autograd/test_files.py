"""Files that appear whole: whatever happens while one is written, the old one or the new one is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, player
from autograd.files import write_whole
from nn import Neuron
from tests.processes import child, output_of

on_unix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits on the size of files")

WRITERS: dict[str, Callable[[Path], Any]] = {
    "model": lambda path: Neuron(1, rng=0).save(path),
    "player": lambda path: player(Value(2.0, "w") * 3.0).save(path),
}

KILLED = """
    import os, resource, signal, sys
    from pathlib import Path
    from autograd.files import write_whole

    folder = Path(sys.argv[1])
    path = folder / "file"
    write_whole(path, b"old")
    for n in range(20):
        process = os.fork()
        if process == 0:  # killed inside write(), with n bytes of the file written
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            write_whole(path, b"new" * 7)
            os._exit(0)
        assert os.waitpid(process, 0)[1] != 0
        assert path.read_bytes() == b"old"
    write_whole(path, b"new")  # what was left behind does not stand in the way
    print(path.read_text())
"""


@on_unix
def test_killed_with_any_number_of_bytes_written_it_leaves_the_old_file(tmp_path: Path) -> None:
    assert output_of(child(KILLED, tmp_path)) == "new\n"


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    path = tmp_path / "file.html"
    path.write_bytes(b"old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match=r"No space left on device: '.*file\.html'$"):
            WRITERS[writer](path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file.html"]  # noqa: PTH208
    WRITERS[writer](path)
    assert path.read_bytes() != b"old"


@pytest.mark.parametrize("place", ["no/folder/file.html", "file/file.html", "folder.html"])
@pytest.mark.parametrize("writer", WRITERS)
def test_where_nothing_can_be_written_the_error_names_the_file(
    tmp_path: Path, writer: str, place: str
) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(OSError, match=Path(place).name) as caught:
        WRITERS[writer](tmp_path / place)
    assert caught.value.filename == str(tmp_path / place)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder.html"]  # noqa: PTH208


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs a device")
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_whole("/dev/null", b"content")
    assert not Path("/dev/null").is_file()
