//! Data in the memory of Python, looked at where it lies. The GIL is kept meanwhile, so that no Python code writes to
//! it.

mod array;
mod column;
mod describe;
mod evaluate;

pub use describe::{
    column_spec, describe_table, describe_tensors, describe_unseen, sampled_rows, tensor_spec,
};
pub use evaluate::{
    classification_scores, draw_confusion_matrix, draw_precision_recall_curve, draw_roc_curve,
    regression_scores,
};
