"""Hold an unpacked archive against the profile of a Workflow Run RO-Crate.

``uv tool run --with rocrate==0.16.0 --from roc-validator==0.13.0 python tests/crate/validate.py
FOLDER``: prints what is missing and ends with 1 where anything is. The context that the crate names
is taken from the package rocrate, with two terms that it lacks, so that the answer is the same
where the network cannot be reached.
"""

import json
import sys
from importlib.resources import files
from types import SimpleNamespace

from rdflib.plugins.shared.jsonld import context, util
from rocrate_validator.models import Severity
from rocrate_validator.services import ValidationSettings, validate
from rocrate_validator.utils.http import HttpRequester

NAMED = "w3id.org/ro/crate"
CONTEXT = json.loads(files("rocrate").joinpath("data/ro-crate.jsonld").read_text("utf-8"))
CONTEXT["@context"] |= {
    term: f"https://bioschemas.org/{term}" for term in ("ComputationalWorkflow", "FormalParameter")
}
from_source = util.source_to_json


def read(source, *arguments, **options):
    """JSON-LD from where it is said to be, or the context that we hold."""
    if NAMED in str(source):
        return CONTEXT, None
    return from_source(source, *arguments, **options)


def get(*_, **__):
    """An answer with the context, whatever was asked for."""
    return SimpleNamespace(
        status_code=200,
        ok=True,
        headers={"Content-Type": "application/ld+json"},
        text=json.dumps(CONTEXT),
        json=lambda: CONTEXT,
    )


util.source_to_json = context.source_to_json = read
HttpRequester.get = get
told = validate(
    ValidationSettings(
        rocrate_uri=sys.argv[1],
        profile_identifier="workflow-run-crate-0.5",
        requirement_severity=Severity.REQUIRED,
    )
)
for issue in told.get_issues():
    print(issue.severity.name, issue.check.identifier, issue.message)
sys.exit(not told.passed())
