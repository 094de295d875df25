"""Settings of detection that make the signals; the others make the rule."""

__all__ = ["CONFIGURED", "GAPS", "signals_of"]

# The signals that each moves.
GAPS = {
    "window_hours": ("texts", "links", "media", "hashtags", "targets"),
    "batch_minutes": ("batches",),
    "slot_minutes": ("slots",),
}
CONFIGURED = "configured"


def signals_of(setting: str, value: str) -> list[str]:
    """Names of the signals of a cell of sensitivity.tsv: the study's, then what its gap moved."""
    return [CONFIGURED, f"{setting}~{value}"] if setting in GAPS else [CONFIGURED]
