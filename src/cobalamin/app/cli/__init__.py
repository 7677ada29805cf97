"""The command line: arguments in, one service call, an answer out. Nothing is decided here."""
