"""The thirty entries as something to try."""
