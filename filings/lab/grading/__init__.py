"""Exercises: their attempts, what is judged of them, and the gate that proves their content."""
