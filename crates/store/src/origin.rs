use trackline_model::USER_SOURCE;

/// Where an item came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub source: &'a str,
    pub confidence: Option<f64>,
    pub time: i64,
}

impl Origin<'_> {
    /// An explicit call.
    pub fn user(time: i64) -> Self {
        Self { source: USER_SOURCE, confidence: None, time }
    }
}
