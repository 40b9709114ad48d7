"""`python -m playground` where the module is installed: there it is a package, which says that it is typed."""

from playground import main

main()
