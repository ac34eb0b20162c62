"""`python -m cleardays` is the command `cleardays`."""

from cleardays.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
