"""The exercises: what is to be done, and how it is judged. Their content is data, one YAML file each."""
