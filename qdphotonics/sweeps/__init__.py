"""Sweeps, optimisation and tolerances: many stacks at once, restartable, from a laptop to a cluster."""
