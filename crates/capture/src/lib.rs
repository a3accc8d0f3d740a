//! What can be observed around a run: host, packages, git, data, evaluation.
