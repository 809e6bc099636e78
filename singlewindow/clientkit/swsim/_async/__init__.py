"""The asynchronous half of the kit."""
