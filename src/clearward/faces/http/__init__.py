"""The HTTP face: Kaspersky Scan Engine's interface, REST, figures and readiness."""
