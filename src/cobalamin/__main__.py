"""`python -m cobalamin`"""

import sys

try:
    from cobalamin.app.cli.main import main
except KeyboardInterrupt:  # while it is loading
    sys.exit(130)

if __name__ == "__main__":
    main()
