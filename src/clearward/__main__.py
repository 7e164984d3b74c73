"""`python -m clearward`, the same as the command `clearward`."""

from clearward.faces.cli.main import main

if __name__ == "__main__":
    main()
