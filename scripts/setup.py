"""Create the two environments from the committed locks: `.venv` for the app, `bot/.venv` for Rasa.

Standard library only, on any Python >= 3.8: this is the first thing that runs on a new machine. It does nothing that
is already done: a stamp beside each environment holds the hash of the lock it was made from.
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
BIN = "Scripts" if os.name == "nt" else "bin"
APP_VERSIONS = ((3, 11), (3, 14))
BOT_VERSIONS = ((3, 10), (3, 11))
FREE_SPACE_NEEDED = 12 * 2**30  # bytes: both environments with the largest torch build, and uv's cache


class SetupError(Exception):
    """What is missing, in one sentence that says what to do."""


def step(text, started=None):
    took = "" if started is None else "  %.1f s" % (time.monotonic() - started)
    print("%-8s %s%s" % ("set-up", text, took), flush=True)


def run(*command):
    """Run quietly; on failure show what the command said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment())
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        if "No space left" in said:
            raise SetupError("The disk is full: free some space and run the same command again.")
        raise SetupError("%s failed:\n%s" % (Path(str(command[0])).name, said[-3000:]))
    return done.stdout


def environment():
    """Our locks decide, not a configuration of uv that happens to be on the machine."""
    env = dict(os.environ, UV_NO_CONFIG="1", UV_NO_PROGRESS="1")
    if env.get("PIP_CERT"):  # the certificates pip trusts here; uv doesn't read pip's configuration
        env.setdefault("SSL_CERT_FILE", env["PIP_CERT"])
    return env


def find_uv():
    """uv from the PATH, else one of our own brought from the package registry."""
    found = shutil.which("uv")
    if found:
        said = subprocess.run([found, "--version"], capture_output=True, text=True)
        version = said.stdout.split()[1].split(".")[:2] if said.returncode == 0 and said.stdout.strip() else ["0", "0"]
        if tuple(map(int, version)) >= (0, 9):
            return found
    own = TOOLS / BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not own.exists():
        started = time.monotonic()
        try:
            run(sys.executable, "-m", "venv", TOOLS)
        except SetupError as error:
            if "ensurepip" in str(error) or "venv" in str(error):
                raise SetupError(
                    "Python's venv module is missing: on Debian or Ubuntu, 'apt-get install python3-venv'."
                ) from error
            raise
        run(TOOLS / BIN / "python", "-m", "pip", "install", "--quiet", "uv>=0.9,<1")
        step("uv brought from the package registry", started)
    return str(own)


def fits(python, versions):
    """Whether this interpreter runs and its version is in range. Inactive pyenv shims don't run."""
    try:
        said = subprocess.run(
            [python, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    if said.returncode:
        return False
    low, high = versions
    return low <= tuple(map(int, said.stdout.strip().split("."))) < high


def find_python(variable, versions, uv):
    """An interpreter in range: the named variable, this one, pyenv's real ones, the PATH, then uv's own download."""
    (major, low), (_, high) = versions
    candidates = [os.environ.get(variable), sys.executable]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    minors = range(high - 1, low - 1, -1)
    for minor in minors:
        candidates += sorted(glob.glob(str(pyenv / "versions" / ("%d.%d.*" % (major, minor)) / BIN / "python")))
    candidates += [shutil.which("python%d.%d" % (major, minor)) for minor in minors]
    for candidate in candidates:
        if candidate and fits(candidate, versions):
            return candidate
    spec = "%d.%d" % (major, high - 1)
    if subprocess.run([uv, "python", "install", spec], capture_output=True, env=environment()).returncode == 0:
        return run(uv, "python", "find", "--managed-python", spec).strip()
    wanted = spec if low == high - 1 else "%d.%d to %d.%d" % (major, low, major, high - 1)
    raise SetupError(
        "Python %s was not found and could not be downloaded: install it (for instance 'pyenv install %s') "
        "or set %s to its path." % (wanted, spec, variable)
    )


def make_environment(uv, folder, variable, versions, locks, torch=False):
    """One environment that holds what its locks say, made or brought up to date only when they changed."""
    wanted = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    stamp = folder / ".sportello-locks"
    python = folder / BIN / "python"
    have = stamp.read_text().split() if stamp.exists() else []
    if wanted in have and fits(str(python), versions):
        return
    started = time.monotonic()
    interpreter = find_python(variable, versions, uv)
    if not (have and fits(str(python), versions)):
        run(uv, "venv", "--quiet", "--clear", "--python", interpreter, folder)
        have = []
    install = [uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--require-hashes"]
    run(*install, *[part for lock in locks for part in ("-r", lock)])
    if torch:
        install_torch(install)
        # the project itself, so that the `sportello` command exists
        run(
            uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation", "--editable", ROOT
        )
    stamp.write_text(wanted)
    step("%s from %s" % (folder.relative_to(ROOT), ", ".join(lock.name for lock in locks)), started)


def install_torch(install):
    """The CPU build from the machine's own wheels or PyTorch's index, else the registry's; all of them hash-checked."""
    quick = dict(environment(), UV_HTTP_TIMEOUT="5", UV_HTTP_RETRIES="0")
    if os.environ.get("PIP_FIND_LINKS"):  # uv doesn't read pip's configuration
        quick["UV_FIND_LINKS"] = ",".join(os.environ["PIP_FIND_LINKS"].split())
    for where in ([], ["--torch-backend", "cpu"]):
        cpu = [*install, *where, "-r", ROOT / "requirements-torch-cpu.lock"]
        installed = subprocess.run([*map(str, cpu)], capture_output=True, env=quick).returncode == 0
        if installed and imports(install[install.index("--python") + 1], "torch"):
            return
    run(*install, "-r", ROOT / "requirements-torch.lock")


def imports(python, module):
    """Whether that interpreter can import the module; a lock line for another platform installs nothing."""
    return subprocess.run([str(python), "-c", "import %s" % module], capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with the tools that checks and tests need")
    dev = parser.parse_args().dev
    if sys.version_info < (3, 8):
        raise SetupError("This script needs Python 3.8 or newer.")
    venv = ROOT / ".venv"
    if not venv.exists() and shutil.disk_usage(ROOT).free < FREE_SPACE_NEEDED:
        raise SetupError("Less than %d GB are free here: free some space first." % (FREE_SPACE_NEEDED // 2**30))
    uv = find_uv()
    lock = ROOT / ("requirements-dev.lock" if dev or (venv / ".sportello-dev").exists() else "requirements.lock")
    make_environment(uv, venv, "SPORTELLO_APP_PYTHON", APP_VERSIONS, [lock], torch=True)
    if dev:
        (venv / ".sportello-dev").touch()
    make_environment(
        uv, ROOT / "bot" / ".venv", "SPORTELLO_BOT_PYTHON", BOT_VERSIONS, [ROOT / "bot" / "requirements.lock"]
    )


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
