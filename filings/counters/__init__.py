"""Every other thing one does at the portal, each at a counter of its own."""
