"""`python -m swsim.cli`, where the script is not on the path."""

from swsim.cli import main

main()
