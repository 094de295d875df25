"""Make the environment that the commands run in.

::

    python -P workflow/install.py            make .venv with this Python, if it is not ready
    python -P workflow/install.py --check    say whether this Python's environment is ready
    python workflow/install.py --stamp       accept an environment that was made by other means

The first two print the environment's ``bin`` folder. An environment is *ready* when it
carries a stamp of ``requirements.lock`` and imports ``hydrascope`` from this checkout.

Only the standard library is used, for nothing else is installed when this runs.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from importlib.machinery import PathFinder
from pathlib import Path

CHECKOUT = Path(__file__).absolute().parents[1].resolve()
STAMP = "hydrascope.stamp"

#: Packages published as source only. All others must come as wheels, so that nobody needs
#: a compiler and no unlocked build tool runs.
SDIST_ONLY = ("connection-pool",)
#: What builds them; itself in the lock.
BUILD_BACKEND = "setuptools"
#: What in a path ends a line, an entry of PATH, a name in a shell, or a wildcard's.
UNFIT = set('\n\r:{}"`$')
#: Seconds between two looks at who holds a folder on a disk without locks.
PAUSE = 0.2
#: Looks at a file that names nobody before it counts as left over.
LOOKS = 5


class Refused(Exception):
    """What somebody has to put right first; the message says how."""


def say(message):
    """Tell the user something; standard output is for the answer that env.sh reads."""
    print(f"hydrascope: {message}", file=sys.stderr, flush=True)


def lock_file(checkout):
    """Path of the lock of a checkout."""
    return Path(checkout) / "requirements.lock"


# --- is an environment ready? ------------------------------------------------------------


def stamp_of(checkout, prefix):
    """What the stamp must hold.

    Parameters
    ----------
    checkout : path-like
        Folder that holds ``requirements.lock``.
    prefix : path-like
        Root of the environment. It is part of the stamp because the scripts in ``bin``
        name their interpreter in full: a moved environment cannot be used.

    Returns
    -------
    bytes
    """
    digest = hashlib.sha256(lock_file(checkout).read_bytes()).hexdigest()
    return digest.encode() + b"\n" + os.fsencode(os.path.realpath(prefix)) + b"\n"


def is_stamped(checkout, prefix):
    """Whether the environment at `prefix` was made from the lock as it stands."""
    try:
        return (Path(prefix) / STAMP).read_bytes() == stamp_of(checkout, prefix)
    except OSError:
        return False


def write_stamp(checkout, prefix):
    """Declare the environment at `prefix` complete."""
    draft = Path(prefix) / f"{STAMP}.{os.getpid()}"
    draft.write_bytes(stamp_of(checkout, prefix))
    draft.replace(Path(prefix) / STAMP)


def imported_checkout(path):
    """The checkout whose ``hydrascope`` Python imports.

    Parameters
    ----------
    path : list of str
        Where Python looks for modules.

    Returns
    -------
    pathlib.Path or None
    """
    spec = PathFinder.find_spec("hydrascope", path)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).resolve().parents[2]


def is_ready(checkout):
    """Whether the running Python's environment is ready for this checkout."""
    # without -P the first entry is this script's folder, where the package always is
    path = sys.path if sys.flags.safe_path else sys.path[1:]
    return is_stamped(checkout, sys.prefix) and imported_checkout(path) == checkout


# --- one set-up at a time ----------------------------------------------------------------


@contextlib.contextmanager
def held(path):
    """Hold the file at `path` locked, waiting for its present holder to end.

    The kernel lets go of the lock when the last process that inherited it is gone, however
    that one ended: nothing is left to judge, to break or to tidy up. Where the disk has no
    locks, a file beside it names the holder.

    Yields
    ------
    int
        File descriptor of the lock, for `run` to hand down.
    """
    if path.is_symlink() or path.is_dir():
        raise Refused(f"{path.name} is a link or a folder; expected a file: delete it")
    lock = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    with os.fdopen(lock, "ab") as file, contextlib.ExitStack() as stack:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this folder to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            holder = Path(f"{path}.holder")
            say(f"this disk has no locks ({error.strerror}): {holder.name} names who sets up")
            stack.enter_context(named(holder))
        yield file.fileno()


@contextlib.contextmanager
def named(holder):
    """Hold a file that names this process, waiting for the one that it names to end."""
    told = False
    while True:
        try:
            with holder.open("x", encoding="utf-8") as file:
                file.write(f"{os.getpid()} {socket.gethostname()}\n")
            break
        except FileExistsError:
            process, host = named_in(holder)
        if host and host != socket.gethostname():
            raise Refused(f"{host} may be setting up this folder: if not, delete {holder.name}")
        if not is_alive(process):
            holder.unlink(missing_ok=True)
            continue
        if not told:
            say(f"waiting for process {process}: if that is no set-up, delete {holder.name}")
            told = True
        time.sleep(PAUSE)
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)


def named_in(holder):
    """The process and the machine that a file names; both empty where it names none."""
    for _ in range(LOOKS):
        with contextlib.suppress(OSError):
            process, _, host = holder.read_text(encoding="utf-8").strip().partition(" ")
            if host:
                return process, host
        # whoever has just made it is still to write it
        time.sleep(PAUSE)
    return "", ""


def is_alive(process):
    """Whether a process of that number runs on this machine; a text that is none does not."""
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError, ValueError):
        return False
    return True


# --- making .venv ------------------------------------------------------------------------


def run(command, lock):
    """Run a command to its end, or raise `subprocess.CalledProcessError`.

    It inherits the lock: if this process is killed, the command may live on and write to
    the environment, and the next set-up must wait for it.
    """
    child = subprocess.Popen(command, stdout=sys.stderr, pass_fds=(lock,))
    try:
        code = child.wait()
    finally:
        child.terminate()
        child.wait()
    if code:
        raise subprocess.CalledProcessError(code, command)


def entry_of(name, lock_text):
    """The lines that a lock has on one package, hashes included."""
    return re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*$", lock_text, re.M)[0] + "\n"


def refuse_place(checkout):
    """Refuse a place that is, or lies behind, something of another, or that no shell can name."""
    if checkout == CHECKOUT and Path(__file__).resolve().parents[1] != checkout:
        raise Refused("workflow/ leads elsewhere by a link: put the folder itself there")
    if found := sorted(set(str(checkout)) & UNFIT):
        raise Refused(
            f"the path of this checkout holds {found[0]!r}, which the set-up or Snakemake would"
            " take for something else: move the checkout"
        )
    env = checkout / ".venv"
    if env.is_symlink():
        raise Refused(
            f".venv is a link to {os.readlink(env)}, which is left alone; expected a folder of"
            " this checkout: remove the link (`rm .venv`), then type the command again"
        )
    if env.exists() and not env.is_dir():
        raise Refused(".venv is no folder: move it away")


def empty(env):
    """Delete what is in the folder `env`; raises OSError where it is a link or no folder."""
    folder = os.open(env, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for name, is_folder in found:
            (shutil.rmtree if is_folder else os.unlink)(name, dir_fd=folder)
    finally:
        os.close(folder)


def create_command(env):
    """The command that makes an environment with pip in the empty folder `env`."""
    # this Python may be the one of the .venv that was emptied
    python = getattr(sys, "_base_executable", None) or sys.executable
    if importlib.util.find_spec("ensurepip"):
        return [python, "-I", "-m", "venv", str(env)]
    return ["uv", "venv", "--quiet", "--seed", "--python", python, str(env)]


def install_commands(env, checkout, backend):
    """The pip calls that fill the environment `env`, in order.

    Parameters
    ----------
    env : pathlib.Path
    checkout : pathlib.Path
    backend : pathlib.Path
        File with the lock's lines on the build backend, which must be there before any
        package is built.
    """
    # -I: what the user's PYTHONPATH holds must not count as installed
    pip = [str(env / "bin" / "python"), "-I", "-m", "pip", "install", "-qq"]
    pip += ["--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    locked = [
        "--require-hashes",
        "--only-binary=:all:",
        f"--no-binary={','.join(SDIST_ONLY)}",
    ]
    return [
        [*pip, *locked, "-r", str(backend)],
        [*pip, *locked, "-r", str(lock_file(checkout))],
        [*pip, "-e", str(checkout)],
    ]


def build(env, checkout, lock):
    """Make the environment `env` anew, its stamp last.

    Always from nothing: after an interruption, a move or a change of the lock nobody knows
    what is left in it.
    """
    env.mkdir(exist_ok=True)
    empty(env)
    text = lock_file(checkout).read_text(encoding="utf-8")
    say(
        f"installing {len(re.findall('^[^ #]+==', text, re.M))} packages into .venv, once:"
        " one to three minutes, 1.6 GB of disk"
    )
    run(create_command(env), lock)
    backend = env / "backend.lock"
    backend.write_text(entry_of(BUILD_BACKEND, text), encoding="utf-8")
    for command in install_commands(env, checkout, backend):
        run(command, lock)
    backend.unlink()
    write_stamp(checkout, env)


def check(env):
    """Ask the Python of `env` whether it is ready."""
    command = [str(env / "bin" / "python"), "-P", __file__, "--check"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def ensure(checkout):
    """Make the ``.venv`` of a checkout ready.

    Returns
    -------
    pathlib.Path
        Its ``bin`` folder.
    """
    python_path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if imported_checkout(python_path) not in (None, checkout):
        raise Refused("PYTHONPATH leads to another copy of hydrascope; unset it")
    refuse_place(checkout)
    env = checkout / ".venv"
    with held(checkout / ".venv.lock") as lock:
        if not check(env):
            build(env, checkout, lock)
    return env / "bin"


# --- environments made by other means ----------------------------------------------------


def differences(lock_text):
    """Compare what is installed with the lock.

    Returns
    -------
    list of tuple of str
        Name, version found (``none`` if missing) and version expected, of each package
        that applies to this machine and differs.
    """
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import Requirement

    found = []
    for line in re.findall(r"^[^\s#]+==.*$", lock_text, re.M):
        wanted = Requirement(line.rstrip(" \\"))
        if wanted.marker and not wanted.marker.evaluate():
            continue
        expected = str(wanted.specifier).removeprefix("==")
        try:
            present = version(wanted.name)
        except PackageNotFoundError:
            found.append((wanted.name, "none", expected))
            continue
        if not wanted.specifier.contains(present, prereleases=True):
            found.append((wanted.name, present, expected))
    return found


def accept(checkout):
    """Stamp the running environment if it agrees with the lock; returns the exit code."""
    differing = differences(lock_file(checkout).read_text(encoding="utf-8"))
    if differing:
        (Path(sys.prefix) / STAMP).unlink(missing_ok=True)
        say("not as requirements.lock has it:")
        for name, found, expected in differing:
            print(f"  {name}: found {found}, expected {expected}", file=sys.stderr)
        say(
            "to install the expected ones: python -m pip install --no-deps"
            " --no-build-isolation --require-hashes -r requirements.lock"
        )
        return 1
    write_stamp(checkout, sys.prefix)
    if not is_ready(checkout):
        say("run `python -m pip install --no-deps --no-build-isolation -e .`, then this again")
        return 1
    say(f"{sys.prefix} agrees with requirements.lock and will be used")
    return 0


def main(arguments):
    """Entry point; returns the exit code."""
    if arguments == ["--stamp"]:
        return accept(CHECKOUT)
    if arguments == ["--check"]:
        if not is_ready(CHECKOUT):
            return 1
        print(os.path.join(sys.prefix, "bin"))
        return 0
    try:
        print(ensure(CHECKOUT))
    except subprocess.CalledProcessError as error:
        say(f"the set-up failed (see above), the next call starts it anew: {error}")
        return 1
    except Refused as error:
        say(error)
        return 1
    except OSError as error:
        say(f"the set-up failed: {error}")
        return 1
    except KeyboardInterrupt:
        say("set-up interrupted, the next call starts it anew")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
