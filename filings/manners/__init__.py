"""The manners both HTTP planes share (CONTRACT §1): JSON, problems, idempotency, preconditions, cursor pages."""
