"""Inputs for every reader, guided by what they reach in its code; run by `make fuzz`.

``python tests/fuzz/fuzz.py [--inputs N]``: the formats have processes of their own, one a core.
Prints a line a format and ends with an error where a promise was not kept; the input that broke
it lies in cache/fuzz/.
"""

import argparse
import faulthandler
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import atheris

# The libraries below the readers are not followed: what is looked for is in these. Nor is the
# loop that cuts lines, which has few ways to go and would take most of the time.
FOLLOWED, LEFT_ALONE = ["hydrascope.ingest"], ["hydrascope.ingest.lines"]
with atheris.instrument_imports(include=FOLLOWED, exclude=LEFT_ALONE):
    from promises import Pool
    from samples import Sample, samples, spoiled

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "cache/fuzz"
LONGEST_INPUT, MEGABYTES = 40_000, 4_096
# Of work, and by the clock, which runs on where others keep the machine busy.
SECONDS, WAIT = 60, 900
# How often an input is changed as its format suggests; otherwise as the fuzzer likes.
STRUCTURED = 0.5
# One input in so many goes the whole way of a study.
WHOLE = 400
LINE = "{:<22} {:>10} {:>10} {:>10} {:>8}"


def main() -> None:
    """Fuzz all formats, or the one that is asked for."""
    arguments = argparse.ArgumentParser(prog="python tests/fuzz/fuzz.py")
    arguments.add_argument("--inputs", type=int, default=1_000_000, help="of all formats together")
    arguments.add_argument("--form", help="only this format, in this process")
    given = arguments.parse_args()
    realdata = Path(
        os.environ.get("HYDRASCOPE_REALDATA") or CHECKOUT.parent / "shared" / "realdata"
    )
    groups: dict[str, list[Sample]] = {}
    for sample in samples(realdata if realdata.is_dir() else None):
        groups.setdefault(f"{sample.form}, {sample.encoding}", []).append(sample)
    if given.form:
        fuzz(given.form, groups[given.form], given.inputs)
    share = -(-given.inputs // len(groups))
    command = [sys.executable, __file__, "--inputs", str(share), "--form"]
    print(LINE.format("format, encoding", "inputs", "refused", "records", "seconds"), flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        codes = list(pool.map(lambda form: _said([*command, form]), groups))
    sys.exit(any(codes))


def _said(command: list[str]) -> int:
    done = subprocess.run(command, capture_output=True, text=True)
    print(done.stdout if done.returncode == 0 else done.stdout + done.stderr, end="", flush=True)
    return done.returncode


def fuzz(form: str, seeds: list[Sample], inputs: int) -> None:
    """Fuzz one format in this process, which ends with it."""
    folder = FOLDER / form.replace(":", "-").replace(", ", "-")
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(seeds):
        (corpus / f"sample{number}").write_bytes(sample.data)
    # Says where it was, and dies.
    faulthandler.register(signal.SIGPROF, chain=True)
    pool, like, began = Pool(seeds[0].form, folder, whole=WHOLE), seeds[0], time.monotonic()

    def one(data: bytes) -> None:
        faulthandler.dump_traceback_later(WAIT, exit=True)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        pool.add(like._replace(data=data))
        if pool.inputs == inputs:
            pool.flush()
            told = (form, f"{inputs:,}", f"{pool.refused:,}", f"{pool.records:,}")
            print(LINE.format(*told, f"{time.monotonic() - began:.0f}"), flush=True)
            os._exit(0)

    def changed(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < STRUCTURED:
            return spoiled(like._replace(data=data), chance).data[:longest]
        return atheris.Mutate(data, longest)

    # The last word on how many inputs there are is ours.
    limits = {"runs": -1, "seed": 1, "max_len": LONGEST_INPUT, "timeout": 2 * WAIT}
    limits |= {"rss_limit_mb": MEGABYTES, "artifact_prefix": f"{folder}/"}
    options = [f"-{name}={value}" for name, value in limits.items()]
    atheris.Setup([sys.argv[0], str(corpus), *options], one, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
