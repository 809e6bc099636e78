"""The sheets of the module, one file each."""
