"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file so that, whatever happens meanwhile, the old one or the new one is there, whole.

    The content goes into another file of the same folder, `.saving-…`, which is then renamed.
    A link stays a link. A device, such as /dev/stdout, is written to as it is.

    Raises OSError that names the file if it cannot be written; an older file is left as it was.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".saving-{secrets.token_hex(8)}")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        try:
            temporary.write_bytes(content)
            os.replace(temporary, target)  # noqa: PTH105  one call, which tests can make fail
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
