//! Checks of the house that no compiler makes.
fn main() {}
