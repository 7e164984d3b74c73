"""Read what signatures ask about programs: entry point, sections, imports, versions."""
