"""Settings of detection that make the signals; the others make the rule."""

__all__ = ["CONFIGURED", "GAPS", "signals_of"]

GAPS = ("window_hours", "batch_minutes", "slot_minutes")
CONFIGURED = "configured"


def signals_of(setting: str, value: str) -> str:
    """Name the signals that a cell of sensitivity.tsv needs: its own gap's, or the study's."""
    return f"{setting}~{value}" if setting in GAPS else CONFIGURED
