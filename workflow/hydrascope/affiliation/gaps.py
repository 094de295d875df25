"""Settings of detection that make the signals; the others make the rule."""

__all__ = ["GAPS"]

GAPS = ("window_hours", "batch_minutes", "slot_minutes")
