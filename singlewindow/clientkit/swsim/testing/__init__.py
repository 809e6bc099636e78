"""What the pytest plugin is made of: one server for all workers, what a failure tells, what a suite has met."""
