"""The builder of the rule image: signatures and digests in, one flat file out."""
