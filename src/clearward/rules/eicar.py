"""The EICAR test file, by its definition and nothing else.

The file is 68 characters, optionally followed by white space or Ctrl-Z so that it is
at most 128 bytes long. A longer file that holds the string is not the test file.

Source: EICAR, "The Anti-Malware Testfile", intended use (May 2003).
"""

LONGEST = 128
NAME = "Eicar-Test-File"

# Put together at run time, so that no scanner mistakes this file for the test file.
_TEST_FILE = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
)
_MAY_FOLLOW = b" \t\n\r\x1a"


def matches(data: bytes) -> bool:
    """Say whether a part is the EICAR test file."""
    return len(data) <= LONGEST and data.rstrip(_MAY_FOLLOW) == _TEST_FILE
