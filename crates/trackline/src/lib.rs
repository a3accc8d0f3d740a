//! Experiment tracking in the process of the user: runs, journal, drain.
