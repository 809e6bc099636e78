"""The face of those who learn: the course, and what is recorded of them. What an exercise is about happens at the
portal."""
