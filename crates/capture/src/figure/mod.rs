//! Pictures of an evaluation as PNG, drawn here: no plotting library, no fonts of the system, the same bytes always.
//!
//! Texts are in ASCII; other letters of a label show as `?`.

mod axes;
mod canvas;
mod color;
mod confusion;
mod curve;
mod importance;
mod text;

pub use confusion::confusion_matrix;
pub use curve::{precision_recall_curve, roc_curve};
pub use importance::feature_importance;
