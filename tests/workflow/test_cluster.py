"""The same study through SLURM, on a cluster of one machine that the test sets up."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

CONF = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue")
SETTINGS = """
ClusterName=one
SlurmctldHost={host}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MinJobAge=3600
NodeName={host} CPUs={cores} RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """munge, slurmctld and slurmd of Debian's packages, for as long as the test takes."""
    if os.geteuid() or not all(map(shutil.which, PROGRAMS)) or CONF.exists():
        pytest.skip(f"needs root, {', '.join(PROGRAMS)} and no {CONF}")
    folder = tmp_path_factory.mktemp("cluster")
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o600)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 * 9 // 10
    place = {"host": socket.gethostname(), "folder": folder, "cores": os.cpu_count()}
    CONF.parent.mkdir(parents=True, exist_ok=True)
    CONF.write_text(SETTINGS.format(**place, memory=memory), encoding="utf-8")
    files = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munged.pid"}
    files |= {"log-file": "munged.log", "seed-file": "munged.seed"}
    munge = ["munged", "--force", *(f"--{name}={folder / file}" for name, file in files.items())]
    try:
        for command in (munge, ["slurmctld"], ["slurmd"]):
            subprocess.run(command, check=True)
        for _ in range(60):
            idle = subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True)
            if idle.stdout.strip() == "idle":
                break
            time.sleep(1)
        else:
            pytest.fail((folder / "slurmctld.log").read_text(encoding="utf-8"))
        yield
    finally:
        CONF.unlink()
        for pid in sorted(folder.glob("*.pid"), reverse=True):
            subprocess.run(["kill", pid.read_text(encoding="ascii").strip()], check=False)


def test_a_cluster_gives_the_bytes_of_one_machine(cluster, make_small):
    local, sent = (make_small(scale=0.1, days=7) for _ in range(2))
    text, code = local.snakemake()
    assert code == 0, text
    # This cluster keeps no accounts, and its jobs are short.
    own = ("--slurm-no-account", "--slurm-status-command", "squeue")
    own += ("--slurm-init-seconds-before-status-checks", "5")
    text, code = sent.snakemake("--profile", "profiles/slurm", *own)
    assert code == 0, text
    assert len(set(re.findall(r"SLURM jobid (\d+)", text))) > 50, text
    assert local.bytes() == sent.bytes()
