"""`python -m cobalamin`"""

from cobalamin.app.cli.main import main

if __name__ == "__main__":
    main()
