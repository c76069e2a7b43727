"""What the benchmarks measure is in README.md; a package, so that no other of the name is found."""
