# Made by tools/generate.py out of _async: not to be edited.
"""The synchronous half of the kit."""
