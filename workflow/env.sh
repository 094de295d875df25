#!/bin/sh
# Runs a command in an environment that holds the packages of requirements.lock:
#
#     sh workflow/env.sh COMMAND [ARGUMENT...]
#
# The active environment serves if it holds them and imports this checkout; otherwise
# .venv does, which is made first where it is missing or stale. A .venv that is a link is
# another's, and refused.
set -eu

checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

# -P keeps workflow/ off Python's path, so that only a real installation counts
install() {
    "$1" -P "$checkout/workflow/install.py" ${2:+"$2"}
}

ready() {
    for python in \
        ${VIRTUAL_ENV:+"$VIRTUAL_ENV/bin/python"} \
        ${CONDA_PREFIX:+"$CONDA_PREFIX/bin/python"} \
        "$(command -v python3 || command -v python)" \
        "$checkout/.venv/bin/python"
    do
        [ ! -L "$checkout/.venv" ] || [ "${python%/*/*}" != "$checkout/.venv" ] || continue
        install "$python" --check 2>/dev/null && return
    done
    return 1
}

# A name on PATH proves little: version managers leave stubs that only fail, and
# Debian's python3 lacks ensurepip until python3-venv is installed.
usable() {
    "$1" -c 'import ensurepip, sys, venv
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

interpreter() {
    for python in python3.13 python3.12 python3.11 python3; do
        usable "$python" && command -v "$python" && return
    done
    command -v uv >/dev/null || return 1
    uv python find --system '>=3.11,<3.14' 2>/dev/null && return
    uv python install --quiet 3.13 && uv python find --system 3.13
}

if ! bin=$(ready); then
    python=$(interpreter) || {
        echo 'hydrascope: no usable Python found. Install Python 3.11, 3.12 or 3.13 with its venv module (Debian: python3 and python3-venv), or uv.' >&2
        exit 1
    }
    bin=$(install "$python")
fi

PATH=$bin:$PATH
export PATH
exec "$@"
