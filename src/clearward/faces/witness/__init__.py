"""The witness: signs heads of logs that continue what it signed before."""
