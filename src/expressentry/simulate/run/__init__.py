"""One simulation, day by day: who arrives, what falls due, the rounds, and who leaves."""
