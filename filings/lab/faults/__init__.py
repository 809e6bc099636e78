"""What goes wrong on purpose: faults of transport and delivery, and documented misbehaviours."""
