use std::borrow::Cow;

use trackline_model::USER_SOURCE;

/// Who logs an item: the user, or one of the hooks.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub(crate) name: Cow<'static, str>,
    pub(crate) confidence: Option<f64>,
}

impl Source {
    /// An explicit call.
    pub const USER: Self = Self { name: Cow::Borrowed(USER_SOURCE), confidence: None };

    /// A hook that saw the item itself: `sklearn.fit`, `stdout`, …
    pub fn hook(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), confidence: None }
    }

    /// A hook that inferred the item, and how sure it is, 0 to 1 (any other number says nothing).
    pub fn inferred(name: impl Into<Cow<'static, str>>, confidence: f64) -> Self {
        Self { name: name.into(), confidence: (0.0..=1.0).contains(&confidence).then_some(confidence) }
    }
}
