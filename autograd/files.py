"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: bytes, *, lasting: bool = True) -> None:
    """Write a file so that whatever happens meanwhile, the old one or the new one is there, whole.

    The content is written under another name in the same folder, `.saving-…`, and renamed.
    That name alone may be left behind, by a process that was killed or a machine that lost
    power. A link stays a link, and a file keeps its mode. What is no file, as /dev/stdout,
    is written to as it stands.

    lasting  wait until the disk has the content and then its name, so that once this function
             has returned not even a loss of power undoes it; without, the last seconds' work
             may be lost, and what is found then can be damaged

    Raises OSError, with the name of the file itself, where it cannot be written, as into a folder
    that is not there or read-only, or on a full disk; an older file is then left as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _write_and_rename(target, content, lasting)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None


def _write_and_rename(target: Path, content: bytes, lasting: bool) -> None:
    temporary = target.with_name(f".saving-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if lasting:
        _sync_names(target.parent)


def _sync_names(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where the system lets one."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
