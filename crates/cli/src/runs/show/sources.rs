use std::collections::HashMap;

use trackline_model::{Captured, CapturedKind};

use crate::table::{Align, Table};

/// Where each item came from, if that was asked for.
pub(super) struct Sources<'a>(Option<HashMap<(CapturedKind, &'a str), &'a Captured>>);

impl<'a> Sources<'a> {
    /// With `why`, all; else none.
    pub(super) fn of(captured: &'a [Captured], why: bool) -> Self {
        let items = captured.iter().map(|item| ((item.kind, item.key.as_str()), item));
        Self(why.then(|| items.collect()))
    }

    pub(super) fn are_shown(&self) -> bool {
        self.0.is_some()
    }

    /// Adds a column that says where the item of each row came from.
    pub(super) fn add_to<'k>(
        &self,
        table: &mut Table,
        kind: CapturedKind,
        keys: impl Iterator<Item = &'k str>,
    ) {
        let Some(sources) = &self.0 else { return };
        let cells = keys.map(|key| match sources.get(&(kind, key)) {
            Some(Captured { source, confidence: Some(confidence), .. }) => {
                format!("{source} ({:.0} % sure)", confidence * 100.0)
            }
            Some(Captured { source, .. }) => source.clone(),
            None => "-".to_owned(),
        });
        table.column("from", Align::Left, cells);
    }
}
