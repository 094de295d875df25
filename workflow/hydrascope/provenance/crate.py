"""What an archive says of itself: a Workflow Run RO-Crate."""

import mimetypes
from collections.abc import Mapping
from pathlib import PurePosixPath

import pandas as pd

__all__ = ["CRATE", "workflow_run_crate"]

CRATE = "ro-crate-metadata.json"
WORKFLOW = "Snakefile"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
LICENCE = "https://spdx.org/licenses/MIT"
SIMULATED = (
    "Simulated collection: nobody in it is real, and nothing here is evidence about anyone. "
)
MEDIA = {
    **{".tsv": "text/tab-separated-values", ".parquet": "application/vnd.apache.parquet"},
    **{".npy": "application/octet-stream", ".smk": "text/plain", ".md": "text/markdown"},
    **{".yaml": "application/yaml", ".yml": "application/yaml"},
    **{".ipynb": "application/x-ipynb+json", ".j2": "text/plain", ".toml": "application/toml"},
}


def workflow_run_crate(
    study: Mapping, run: Mapping, *, raw: pd.DataFrame, packed: pd.DataFrame
) -> dict:
    """Describe the run of a study, what went into it and what came out.

    Parameters
    ----------
    study : mapping
        The study's settings, as `sharing.shared_settings` gave them.
    run : mapping
        What `run_record` gave.
    raw : pandas.DataFrame
        path, sha256 and bytes of the raw files, none of which is packed.
    packed : pandas.DataFrame
        path in the archive, sha256, bytes and kind (code, setting or result) of each file.

    Returns
    -------
    dict
        JSON-LD by the Workflow Run Crate profile 0.5. The raw files are named with their
        checksums alone, and no person is: who ran the study is for the archive to say.
    """
    files = [_file(row) for row in packed.itertuples()]
    went_in = [_raw_file(row) for row in raw.itertuples()]
    by_kind = {kind: list(rows["path"]) for kind, rows in packed.groupby("kind")}
    about = (
        f"{SIMULATED if study['simulated'] else ''}Tables, figures and pages of the study, and "
        "the workflow that made them. The raw files are not in it, nor anything that names an "
        "account, a post or a text, be it by a pseudonym. Whoever holds the public posts and the "
        "seeds can run the workflow and has verdicts of their own; where a cell counts few "
        "accounts, who knows all candidates may know who is counted (ETHICS.md). Raw files are "
        "called by number, in settings too. To have them, "
        f"{study['obtain']}."
    )
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": study["title"],
        "description": about,
        "datePublished": run["finished"],
        "license": {"@id": LICENCE},
        "conformsTo": _references(PROFILES),
        "mainEntity": {"@id": WORKFLOW},
        "hasPart": _references(packed["path"]),
        "mentions": [{"@id": "#run"}],
    }
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run of the study {study['study']}",
        "description": f"Commit {run['commit'] or 'unknown'}"
        f"{', changed' if run['changed'] else ''}; Python {run['python']} on {run['machine']}; "
        f"seed {study['seed']}. Versions, settings, seconds and memory are in run.json.",
        "endTime": run["finished"],
        "instrument": {"@id": WORKFLOW},
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
        "object": _references([*(one["@id"] for one in went_in), *by_kind["setting"]]),
        "result": _references(by_kind["result"]),
    }
    fixed = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": _references(
                [SPECIFICATION, "https://w3id.org/workflowhub/workflow-ro-crate/1.0"]
            ),
        },
        root,
        action,
        {
            "@id": "#snakemake",
            "@type": "ComputerLanguage",
            "name": "Snakemake",
            "alternateName": "Snakefile",
            "version": run["packages"]["snakemake"],
            "identifier": {"@id": "https://snakemake.github.io"},
            "url": {"@id": "https://snakemake.github.io"},
        },
        {
            "@id": LICENCE,
            "@type": "CreativeWork",
            "name": "MIT License",
            "identifier": "MIT",
            "description": "Of the code and of what the code made; the raw collection keeps "
            "the terms under which it was obtained.",
        },
        *(
            {
                "@id": profile,
                "@type": "CreativeWork",
                "name": name,
                "version": profile.rpartition("/")[2],
            }
            for profile, name in PROFILES.items()
        ),
    ]
    return {"@context": CONTEXT, "@graph": [*fixed, *files, *went_in]}


def _references(names) -> list[dict]:
    return [{"@id": name} for name in names]


def _file(row) -> dict:
    suffix = PurePosixPath(row.path).suffix
    described = {
        "@id": row.path,
        "@type": "File",
        "name": row.path,
        "encodingFormat": MEDIA.get(suffix) or mimetypes.guess_type(row.path)[0] or "text/plain",
        "contentSize": str(row.bytes),
        "sha256": row.sha256,
    }
    if row.path != WORKFLOW:
        return described
    return described | {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "Hydrascope",
        "programmingLanguage": {"@id": "#snakemake"},
        "license": {"@id": LICENCE},
    }


def _raw_file(row) -> dict:
    return {
        "@id": f"#raw/{row.path}",
        "@type": "CreativeWork",
        "name": f"Raw file {row.path}",
        "contentSize": str(row.bytes),
        "sha256": row.sha256,
    }
