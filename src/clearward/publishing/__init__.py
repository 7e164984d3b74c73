"""Makes the repository that machines update from: releases, their log, signed metadata."""
