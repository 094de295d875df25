"""Every locked package installs on every supported machine and Python, as a wheel."""

import os
import subprocess
import sys

import pytest

PLATFORMS = ["x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "aarch64-apple-darwin"]
PYTHONS = ["3.11", "3.12", "3.13"]

#: What uv says when it cannot ask at all, which is no finding about the lock.
UNREACHABLE = ("Failed to fetch", "error sending request", "Could not connect", "dns error")


def resolve(checkout, target, platform, python, *options):
    """Ask uv, without installing, whether the lock can be installed somewhere."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--target", str(target)]
    command += ["--python-platform", platform, "--python-version", python]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", *options]
    command += ["-r", "requirements.lock"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    if any(sign in done.stderr for sign in UNREACHABLE) and os.environ.get("CI") != "true":
        pytest.skip("the package registry cannot be reached")
    return done


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_wheels_exist(checkout, install, tmp_path, platform, python):
    source = [option for name in install.SDIST_ONLY for option in ("--no-binary", name)]
    done = resolve(checkout, tmp_path, platform, python, *source)
    assert done.returncode == 0, done.stderr


def test_a_source_only_package_is_noticed(checkout, install, tmp_path):
    done = resolve(checkout, tmp_path, PLATFORMS[0], PYTHONS[0])
    assert done.returncode != 0
    assert [name for name in install.SDIST_ONLY if name not in done.stderr] == []
