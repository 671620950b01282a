"""Compile every lock from the two pyproject files; `--check` fails when a committed lock is stale.

Locks carry versions and hashes, never addresses. The torch family has a lock of its own, so that set-up can try the
CPU build before the much larger default one (docs/decisions.md).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from setup import find_uv  # the same uv that set-up uses

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
TORCH_FAMILY = re.compile(r"^(torch|triton|nvidia-[a-z0-9-]+|cuda-[a-z]+)==", re.MULTILINE)


def compile_lock(uv: str, source: Path, committed: list[Path], python: str, *more: str) -> str:
    """The lock's text, resolved with the committed pins as preference, so that an unchanged source changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "requirements.lock"
        out.write_text("".join(lock.read_text() for lock in committed if lock.exists()))
        command = [uv, "pip", "compile", str(source), "-o", str(out), "--python-version", python, *FLAGS, *more]
        subprocess.run(command, check=True, cwd=source.parent)
        return out.read_text()


def locks(uv: str) -> dict[Path, str]:
    """Every lock and the text it should have."""
    app, bot = ROOT / "pyproject.toml", ROOT / "bot" / "pyproject.toml"
    runtime, dev, torch = (ROOT / f"requirements{kind}.lock" for kind in ("", "-dev", "-torch"))
    bot_lock = ROOT / "bot" / "requirements.lock"
    everything = compile_lock(uv, app, [dev, torch], "3.11", "--extra=encoder", "--extra=dev")
    family = sorted({match.group(1) for match in TORCH_FAMILY.finditer(everything)})
    without_torch = [f"--no-emit-package={name}" for name in family]
    entries = re.findall(r"^\S+==.*(?:\n    --hash=.*)+\n", everything, re.MULTILINE)
    return {
        runtime: compile_lock(uv, app, [dev, torch], "3.11", "--extra=encoder", *without_torch),
        dev: compile_lock(uv, app, [dev, torch], "3.11", "--extra=encoder", "--extra=dev", *without_torch),
        torch: "".join(entry for entry in entries if TORCH_FAMILY.match(entry)),
        bot_lock: compile_lock(uv, bot, [bot_lock], "3.10"),
    }


def main() -> None:
    stale = []
    for path, text in locks(find_uv()).items():
        if not path.exists() or path.read_text() != text:
            stale.append(str(path.relative_to(ROOT)))
            if "--check" not in sys.argv:
                path.write_text(text)
    if stale and "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(stale)}: run 'make lock'")


if __name__ == "__main__":
    main()
