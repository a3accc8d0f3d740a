//! `estimator.html`: a nested estimator as a page of its own, without scripts, for light and dark.

use crate::structure::Node;

/// The page.
pub fn estimator(_root: &Node) -> String {
    String::new()
}
