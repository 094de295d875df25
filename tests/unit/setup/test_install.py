"""The set-up's decisions, with stand-ins for whatever would take long."""

import errno
import os
import shutil
import socket
import subprocess
import sys
import time

import pytest

#: What the shell script needs besides the Pythons under test.
TOOLS = ["sh", "dirname", "touch", "true"]

#: A working Python, as far as the script can tell: it says yes to every question, makes the
#: environment by leaving a note, and names its bin folder.
WORKING = """
case "$1 ${{3-}}" in
    -c*) exit {usable} ;;
    *--check) exit 1 ;;
    *) echo {name} >> "$MADE"; echo "$BIN" ;;
esac
"""
BROKEN = "echo 'shim: command not found' >&2; exit 127"


def write_script(path, body):
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def place(tmp_path, checkout):
    """A checkout in a folder with a space, holding the set-up alone."""
    place = tmp_path / "a place"
    (place / "workflow" / "hydrascope").mkdir(parents=True)
    (place / "workflow" / "hydrascope" / "__init__.py").touch()
    for name in ["workflow/env.sh", "workflow/install.py", "requirements.lock"]:
        shutil.copy(checkout / name, place / name)
    return place


@pytest.fixture
def path(tmp_path):
    """A folder that serves as the whole of PATH."""
    path = tmp_path / "on path"
    path.mkdir()
    for tool in TOOLS:
        (path / tool).symlink_to(shutil.which(tool))
    return path


def add_python(path, name, usable=True):
    path.mkdir(exist_ok=True)
    write_script(path / name, WORKING.format(name=name, usable=0 if usable else 1))


def clean(**variables):
    """The surroundings less any active environment, with the given variables."""
    active = {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in active} | variables


def env_sh(place, path, *command, **variables):
    """Run a command through env.sh; `made` lists the Pythons that were told to install."""
    made = path / "made"
    variables = clean(**{"PATH": str(path), "MADE": str(made), "BIN": str(path), **variables})
    script = ["sh", str(place / "workflow" / "env.sh"), *command]
    done = subprocess.run(script, env=variables, capture_output=True, text=True)
    return done, made.read_text().split() if made.exists() else []


@pytest.fixture
def stamped(place, install, tmp_path):
    """A real, empty and ready environment for `place`."""
    prefix = tmp_path / "ready env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", prefix], check=True)
    install.write_stamp(place, prefix)
    return prefix


# --- which Python makes the environment


def test_takes_the_newest_python(place, path):
    for name in ["python3", "python3.11", "python3.12", "python3.13"]:
        add_python(path, name)
    done, made = env_sh(place, path, "true")
    assert made == ["python3.13"] and done.returncode == 0


def test_passes_over_broken_and_unfit_pythons_silently(place, path):
    write_script(path / "python3.13", BROKEN)
    add_python(path, "python3.12", usable=False)
    add_python(path, "python3.11")
    done, made = env_sh(place, path, "true")
    assert made == ["python3.11"]
    assert done.stderr == ""


def test_takes_plain_python3_last(place, path):
    write_script(path / "python3.13", BROKEN)
    add_python(path, "python3")
    assert env_sh(place, path, "true")[1] == ["python3"]


def test_takes_the_python_that_uv_finds(place, path):
    add_python(path, "python3.12", usable=False)
    add_python(path / "not on path", "python")
    write_script(path / "uv", f"echo '{path}/not on path/python'")
    assert env_sh(place, path, "true")[1] == ["python"]


def test_lets_uv_fetch_a_python(place, path):
    add_python(path / "not on path", "python")
    find = f'if [ -e "{path}/fetched" ]; then echo "{path}/not on path/python"; else exit 1; fi'
    write_script(path / "uv", f'case "$2" in find) {find};; install) touch "{path}/fetched";; esac')
    assert env_sh(place, path, "true")[1] == ["python"]


def test_says_in_one_line_what_to_install(place, path):
    write_script(path / "python3.13", BROKEN)
    done, made = env_sh(place, path, "true")
    assert done.returncode == 1 and made == []
    assert len(done.stderr.splitlines()) == 1
    assert "Install Python 3.11, 3.12 or 3.13" in done.stderr


@pytest.mark.parametrize(
    ("version", "fit"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)]
)
def test_accepts_the_stated_versions(place, path, version, fit):
    """The question env.sh asks is put to a real Python that pretends to be another."""
    pretend = f"import sys; sys.version_info = {(*version, 0)}; exec(sys.argv[1])"
    write_script(
        path / "python3.12",
        f'if [ "$1" = -c ]; then exec "{sys.executable}" -c "{pretend}" "$2"; fi\n'
        'echo python3.12 >> "$MADE"; echo "$BIN"',
    )
    write_script(path / "python3", BROKEN)
    assert env_sh(place, path, "true")[1] == (["python3.12"] if fit else [])


# --- the command that is run


def test_command_runs_with_the_environment_first_on_path(place, path, tmp_path):
    add_python(path, "python3.12")
    (tmp_path / "bin").mkdir()
    write_script(tmp_path / "bin" / "greet", 'echo "hello $1"; exit 7')
    done, _ = env_sh(place, path, "greet", "two words", BIN=str(tmp_path / "bin"))
    assert done.stdout == "hello two words\n" and done.returncode == 7


def test_command_does_not_run_after_a_failed_set_up(place, path):
    write_script(path / "python3.12", 'case "$1" in -c) exit 0;; *) exit 1;; esac')
    done, _ = env_sh(place, path, "touch", str(path / "ran"))
    assert done.returncode != 0 and not (path / "ran").exists()


# --- whether an environment is ready


def check(place, prefix, **variables):
    command = [prefix / "bin" / "python", "-P", place / "workflow" / "install.py", "--check"]
    return subprocess.run(command, env=clean(**variables), capture_output=True, text=True)


def test_ready_if_stamped_and_importing_this_checkout(place, stamped):
    done = check(place, stamped, PYTHONPATH=str(place / "workflow"))
    assert done.returncode == 0 and done.stdout == f"{stamped / 'bin'}\n"


def test_not_ready_if_it_imports_nothing_or_another_checkout(place, stamped, tmp_path):
    other = tmp_path / "other" / "workflow"
    shutil.copytree(place / "workflow", other)
    assert check(place, stamped).returncode == 1
    assert check(place, stamped, PYTHONPATH=str(other)).returncode == 1


def test_not_ready_if_the_lock_has_changed(place, stamped):
    with (place / "requirements.lock").open("a") as lock:
        lock.write("\n")
    assert check(place, stamped, PYTHONPATH=str(place / "workflow")).returncode == 1


def test_not_ready_if_the_environment_has_moved(place, stamped, tmp_path):
    moved = stamped.rename(tmp_path / "moved")
    assert check(place, moved, PYTHONPATH=str(place / "workflow")).returncode == 1


def test_uses_a_ready_active_environment_and_does_nothing_else(place, path, stamped):
    add_python(path, "python3.13")
    variables = {"VIRTUAL_ENV": str(stamped), "PYTHONPATH": str(place / "workflow")}
    begun = time.monotonic()
    done, made = env_sh(place, path, "python", "-c", "import sys; print(sys.prefix)", **variables)
    assert done.stdout == f"{stamped}\n" and made == []
    assert time.monotonic() - begun < 3
    assert not (place / ".venv").exists()


def test_passes_over_an_active_environment_that_is_not_ready(place, path, stamped):
    add_python(path, "python3.13")
    assert env_sh(place, path, "true", CONDA_PREFIX=str(stamped))[1] == ["python3.13"]


# --- making .venv


@pytest.fixture
def calls(install, place, monkeypatch):
    """Commands that `install.build` would run; the environment itself is left empty."""
    calls = []

    def run(command, lock):
        calls.append(command)
        (place / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(install, "run", run)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return calls


def test_builds_the_backend_before_what_it_builds(install, place, calls, monkeypatch):
    monkeypatch.setattr(install, "check", lambda env: False)
    assert install.ensure(place) == place / ".venv" / "bin"
    assert [command[-2:] for command in calls[1:]] == [
        ["-r", str(place / ".venv" / "backend.lock")],
        ["-r", str(place / "requirements.lock")],
        ["-e", str(place)],
    ]
    assert all("--require-hashes" in command for command in calls[1:3])
    assert all("--no-build-isolation" in command for command in calls[1:])
    assert install.is_stamped(place, place / ".venv")


def test_makes_nothing_twice(install, place, calls, monkeypatch):
    monkeypatch.setattr(install, "check", lambda env: install.is_stamped(place, env))
    install.ensure(place)
    done = len(calls)
    install.ensure(place)
    assert len(calls) == done


def test_failed_set_up_leaves_no_stamp(install, place, calls, monkeypatch):
    install.ensure(place)

    def fail(command, lock):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(install, "run", fail)
    with pytest.raises(subprocess.CalledProcessError):
        install.ensure(place)
    assert not (place / ".venv" / install.STAMP).exists()


def test_backend_is_cut_from_the_lock_with_its_hashes(install, lock_text):
    entry = install.entry_of(install.BUILD_BACKEND, lock_text)
    assert entry.startswith("setuptools==") and entry.count("--hash=sha256:") >= 1
    assert entry.count("==") == 1 and entry in lock_text + "\n"


def test_uv_makes_the_environment_where_ensurepip_is_missing(install, monkeypatch, tmp_path):
    assert install.create_command(tmp_path)[1:4] == ["-I", "-m", "venv"]
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    command = install.create_command(tmp_path)
    assert command[:2] == ["uv", "venv"] and "--seed" in command and command[-1] == str(tmp_path)


def test_refuses_a_python_path_that_leads_elsewhere(install, place, tmp_path, monkeypatch):
    other = tmp_path / "other" / "workflow"
    shutil.copytree(place / "workflow", other)
    monkeypatch.setenv("PYTHONPATH", str(other))
    with pytest.raises(install.Refused, match="PYTHONPATH"):
        install.ensure(place)


def test_failed_command_raises(install, tmp_path):
    with pytest.raises(subprocess.CalledProcessError), install.held(tmp_path / "lock") as lock:
        install.run([sys.executable, "-c", "raise SystemExit(3)"], lock)


# --- what is another's


@pytest.fixture
def another(tmp_path):
    """A folder outside the checkout with something to lose; gives what is in it."""
    folder = tmp_path / "another"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("precious")
    (folder / "hydrascope.stamp").write_text("precious")

    def held():
        return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}

    held.folder = folder
    return held


@pytest.mark.parametrize("kind", ["environment", "file", "nothing", "itself"])
def test_a_link_in_place_of_the_environment_is_refused_and_left_alone(
    install, place, calls, another, kind
):
    target = {
        "environment": another.folder,
        "file": another.folder / "hydrascope.stamp",
        "nothing": another.folder / "none",
        "itself": place / ".venv",
    }[kind]
    before = another()
    (place / ".venv").symlink_to(target)
    with pytest.raises(install.Refused, match=r"^\.venv is a link to .*`rm \.venv`"):
        install.ensure(place)
    assert another() == before and calls == [] and (place / ".venv").is_symlink()


@pytest.mark.parametrize("ready", [True, False])
def test_the_shell_script_never_enters_a_linked_environment(place, path, another, ready):
    add_python(path, "python3.13")
    body = 'echo ran > "$MADE"; echo "$BIN"' if ready else "exit 1"
    write_script(another.folder / "bin" / "python", body)
    (place / ".venv").symlink_to(another.folder)
    assert env_sh(place, path, "true")[1] == ["python3.13"]


def test_a_link_is_one_line_of_the_whole_set_up(place, tmp_path, another):
    (place / ".venv").symlink_to(another.folder)
    before = another()
    command = [sys.executable, "-P", str(place / "workflow" / "install.py")]
    done = subprocess.run(command, env=clean(), capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("hydrascope: .venv is a link to ")
    assert len(done.stderr.splitlines()) == 1
    assert another() == before


def test_a_workflow_folder_that_is_a_link_does_not_set_up_where_it_leads(place, tmp_path, another):
    (another.folder / ".venv").mkdir()
    (another.folder / ".venv" / "mine").write_text("precious")
    (place / "workflow").rename(another.folder / "workflow")
    (place / "workflow").symlink_to(another.folder / "workflow")
    before = another()
    command = [sys.executable, "-P", str(place / "workflow" / "install.py")]
    done = subprocess.run(command, env=clean(), capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        "hydrascope: workflow/ leads elsewhere by a link: put the folder itself there\n"
    )
    assert another() == before


def test_a_checkout_behind_a_link_is_that_checkout(place, tmp_path):
    (tmp_path / "link").symlink_to(place)
    command = [sys.executable, "-P", str(tmp_path / "link" / "workflow" / "install.py"), "--check"]
    done = subprocess.run(command, env=clean(), capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr == ""


@pytest.mark.parametrize("name", [".venv", ".venv.lock"])
def test_a_file_or_folder_in_the_way_is_named(install, place, calls, name):
    if name == ".venv":
        (place / name).write_text("mine")
    else:
        (place / name).mkdir()
    with pytest.raises(install.Refused, match=f"^{name} "):
        install.ensure(place)
    assert (place / name).exists() and calls == []


def test_a_lock_that_is_a_link_is_refused_and_makes_nothing(install, place, calls, another):
    for target in (another.folder / "hydrascope.stamp", another.folder / "none"):
        before = another()
        (place / ".venv.lock").symlink_to(target)
        with pytest.raises(install.Refused, match=r"^\.venv\.lock is a link"):
            install.ensure(place)
        (place / ".venv.lock").unlink()
        assert another() == before and calls == []


def test_an_environment_is_emptied_without_following_what_is_in_it(install, tmp_path, another):
    env = tmp_path / ".venv"
    (env / "lib" / "deep").mkdir(parents=True)
    (env / "lib" / "deep" / "link").symlink_to(another.folder)
    (env / "bin").symlink_to(another.folder / "bin")
    (env / "none").symlink_to(tmp_path / "nowhere")
    (env / "file").touch()
    before = another()
    install.empty(env)
    assert list(env.iterdir()) == [] and another() == before


@pytest.mark.parametrize("sign", ["\n", ":", "{", "}", '"', "`", "$"])
def test_a_path_that_would_be_taken_for_something_else_is_refused(install, place, calls, sign):
    moved = place.rename(place.with_name(f"a{sign}b"))
    with pytest.raises(install.Refused, match="^the path of this checkout holds "):
        install.ensure(moved)
    assert calls == [] and not (moved / ".venv").exists()


@pytest.mark.parametrize(
    "name", ["it's", "st*r [1]", "100%", "a;b & c", "#h", "~", "微博 é", "a\\b"]
)
def test_any_other_path_will_do(install, tmp_path, name):
    install.refuse_place(tmp_path / name)


def test_what_became_a_link_meanwhile_is_not_emptied(install, tmp_path, another):
    (tmp_path / ".venv").symlink_to(another.folder)
    before = another()
    with pytest.raises(OSError, match="directories|symbolic|directory"):
        install.empty(tmp_path / ".venv")
    assert another() == before


def test_a_stale_environment_is_emptied_before_it_is_made_anew(install, place, calls, monkeypatch):
    monkeypatch.setattr(install, "check", lambda env: False)
    (place / ".venv" / "lib").mkdir(parents=True)
    (place / ".venv" / "lib" / "old.py").touch()
    install.ensure(place)
    assert not (place / ".venv" / "lib").exists()
    assert "--clear" not in calls[0]


# --- one set-up at a time


#: Loads the module under test; what follows runs in a process of its own.
LOAD = """
import importlib.util, os, pathlib, sys, time
spec = importlib.util.spec_from_file_location("install", sys.argv[1])
install = importlib.util.module_from_spec(spec)
spec.loader.exec_module(install)
here = pathlib.Path(sys.argv[2])
"""


@pytest.fixture
def start(checkout):
    """Starts Python code beside this process, with the module under test loaded."""
    started = []

    def start(code, folder):
        module = checkout / "workflow" / "install.py"
        command = [sys.executable, "-c", LOAD + code, module, folder]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def free(install, path):
    """Whether the lock could be had at once."""
    with path.open("ab") as file:
        try:
            install.fcntl.flock(file, install.fcntl.LOCK_EX | install.fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def wait_for(condition, seconds=30):
    """Wait until `condition` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_lock_of_a_killed_process_is_free(install, tmp_path, start):
    holder = start(
        "with install.held(here):\n    print('held', flush=True)\n    time.sleep(60)",
        tmp_path / "lock",
    )
    assert holder.stdout.readline() == "held\n" and not free(install, tmp_path / "lock")
    holder.kill()
    holder.wait()
    assert free(install, tmp_path / "lock")


def test_lock_of_a_living_process_is_waited_for(install, tmp_path, start, monkeypatch):
    holder = start(
        "with install.held(here):\n    print('held', flush=True)\n"
        "    while not here.with_name('told').exists(): time.sleep(0.01)\n"
        "    here.with_name('end').touch()",
        tmp_path / "lock",
    )
    assert holder.stdout.readline() == "held\n"
    told = []
    monkeypatch.setattr(
        install, "say", lambda text: (told.append(text), (tmp_path / "told").touch())
    )
    with install.held(tmp_path / "lock"):
        assert (tmp_path / "end").exists()
    assert told == ["waiting for another set-up of this folder to end"]


def test_lock_outlives_its_holder_while_the_holders_command_runs(install, tmp_path, start):
    child = (
        "import pathlib, sys, time\n"
        "end = pathlib.Path(sys.argv[1])\n"
        "end.with_name('running').touch()\n"
        "while not end.exists(): time.sleep(0.01)\n"
    )
    holder = start(
        "with install.held(here) as lock:\n"
        f"    install.run([sys.executable, '-c', {child!r}, here.with_name('end')], lock)",
        tmp_path / "lock",
    )
    wait_for((tmp_path / "running").exists)
    holder.kill()
    holder.wait()
    assert not free(install, tmp_path / "lock")
    (tmp_path / "end").touch()
    wait_for(lambda: free(install, tmp_path / "lock"))


#: What a disk says that has no locks, or for the moment none left.
NO_LOCKS = ["ENOSYS", "ENOLCK", "ENOTSUP", "EINVAL", "EIO"]
REFUSED = """
def refuse(file, operation): raise OSError(38, "Function not implemented")
install.fcntl.flock = refuse
"""


@pytest.fixture
def without_locks(install, monkeypatch):
    def refuse(file, operation):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(install.fcntl, "flock", refuse)
    monkeypatch.setattr(install, "PAUSE", 0.01)


@pytest.mark.parametrize("number", NO_LOCKS)
def test_disk_without_locks_is_said_and_used(install, tmp_path, monkeypatch, capsys, number):
    def refuse(file, operation):
        raise OSError(getattr(errno, number), "no locks")

    monkeypatch.setattr(install.fcntl, "flock", refuse)
    with install.held(tmp_path / "lock"):
        named = (tmp_path / "lock.holder").read_text(encoding="utf-8")
    assert named == f"{os.getpid()} {socket.gethostname()}\n"
    assert "this disk has no locks (no locks): lock.holder names" in capsys.readouterr().err
    assert not (tmp_path / "lock.holder").exists()


def test_without_locks_a_living_set_up_is_waited_for(install, tmp_path, start, without_locks):
    holder = start(
        REFUSED + "with install.held(here):\n    print('held', flush=True)\n"
        "    time.sleep(0.5)\n    here.with_name('end').touch()",
        tmp_path / "lock",
    )
    assert holder.stdout.readline() == "held\n"
    with install.held(tmp_path / "lock"):
        assert (tmp_path / "end").exists()


@pytest.mark.parametrize("left", ["{gone} {here}", "", "x y z", "-5 {here}", "9" * 40 + " {here}"])
def test_without_locks_what_a_killed_set_up_left_is_taken_over(
    install, tmp_path, without_locks, left
):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    text = left.format(gone=gone.pid, here=socket.gethostname())
    (tmp_path / "lock.holder").write_text(text, encoding="utf-8")
    if left.startswith("x"):
        with pytest.raises(install.Refused, match=r"^y z may be .*: if not, delete lock\.holder$"):
            install.held(tmp_path / "lock").__enter__()
    else:
        with install.held(tmp_path / "lock"):
            assert (tmp_path / "lock.holder").read_text().startswith(f"{os.getpid()} ")


def test_without_locks_only_one_of_many_holds_the_folder(tmp_path, start):
    code = (
        REFUSED + "for _ in range(3):\n"
        "    with install.held(here / 'lock'):\n"
        "        (here / 'inside').touch(exist_ok=False)\n"
        "        time.sleep(0.002)\n"
        "        (here / 'inside').unlink()\n"
    )
    workers = [start(code, tmp_path) for _ in range(4)]
    assert [worker.wait(timeout=60) for worker in workers] == [0] * 4


def test_only_one_of_many_holds_the_lock(tmp_path, start):
    """Eight processes, each of which writes while it holds the lock."""
    code = (
        "for _ in range(5):\n"
        "    with install.held(here / 'lock'):\n"
        "        (here / 'inside').touch(exist_ok=False)\n"
        "        time.sleep(0.002)\n"
        "        (here / 'inside').unlink()\n"
    )
    workers = [start(code, tmp_path) for _ in range(8)]
    assert [worker.wait(timeout=60) for worker in workers] == [0] * 8
    assert not (tmp_path / "inside").exists()


# --- environments made by other means


def test_stamp_lists_what_differs(install):
    from importlib.metadata import version

    listed = (
        f"pytest=={version('pytest')} \\\n    --hash=sha256:00\n"
        "packaging==0.1 \\\n"
        "no-such-package==1.0\n"
        "not-for-us==1.0 ; sys_platform == 'nowhere' \\\n"
    )
    assert install.differences(listed) == [
        ("packaging", version("packaging"), "0.1"),
        ("no-such-package", "none", "1.0"),
    ]


def test_stamp_refuses_and_says_why(install, place, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(install.sys, "prefix", str(tmp_path))
    (place / "requirements.lock").write_text("no-such-package==1.0\n")
    install.write_stamp(place, tmp_path)
    assert install.accept(place) == 1
    assert "no-such-package: found none, expected 1.0" in capsys.readouterr().err
    assert not (tmp_path / install.STAMP).exists()


def test_stamp_accepts_what_agrees(install, place, monkeypatch, tmp_path):
    monkeypatch.setattr(install.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(install.sys, "path", ["", str(place / "workflow")])
    (place / "requirements.lock").write_text("")
    assert install.accept(place) == 0
    assert install.is_stamped(place, tmp_path)
