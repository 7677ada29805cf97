"""`python -m cobalamin`"""

from cobalamin.app.cli import main

if __name__ == "__main__":
    main()
