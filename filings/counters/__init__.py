"""All other services of the portal, each at a counter of its own."""
