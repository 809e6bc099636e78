"""The manners both HTTP planes share: JSON, problems, idempotency, preconditions, cursor pages."""
