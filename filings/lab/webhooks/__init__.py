"""Webhooks: who is told, and how it gets there."""
