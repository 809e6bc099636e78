#!/usr/bin/env python
"""The command line of a checkout; where the package is installed it is `singlewindow`."""

from singlewindow.command import main

if __name__ == "__main__":
    main()
