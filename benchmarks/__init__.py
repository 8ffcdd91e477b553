"""What the solver costs and how it stands beside its peers: ``make bench``; proofs too long for CI: ``make prove``."""
