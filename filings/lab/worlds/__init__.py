"""Worlds: made, filled, taken, kept, planted, and their clocks."""
