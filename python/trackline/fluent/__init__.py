"""The functions of the package, by subject: each acts on the current run or the chosen store."""
