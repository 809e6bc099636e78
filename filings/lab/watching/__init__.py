"""What happened, and what it means: the journal, coverage, explanations, the statement of fidelity."""
