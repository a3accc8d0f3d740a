use std::collections::HashMap;

use serde_json::{Value, json};
use trackline_model::Metric;

/// What a server takes in one batch: 1,000 metrics, 100 params, 100 tags, and 1,000 of all together.
const MOST: [usize; 3] = [1000, 100, 100];
const MOST_TOGETHER: usize = 1000;

/// One item of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Metric(Metric),
    Param(String, String),
    Tag(String, String),
}

impl Item {
    fn kind(&self) -> usize {
        match self {
            Self::Metric(_) => 0,
            Self::Param(..) => 1,
            Self::Tag(..) => 2,
        }
    }
}

/// What waits to be sent to each run.
#[derive(Debug, Default)]
pub struct Outbox {
    runs: HashMap<String, Vec<Item>>,
}

impl Outbox {
    /// Adds an item; what has to be sent before, if anything.
    pub fn add(&mut self, run_id: &str, item: Item) -> Option<Vec<Item>> {
        let waiting = self.runs.entry(run_id.to_owned()).or_default();
        if waiting.contains(&item) && matches!(item, Item::Param(..)) {
            return None;
        }
        let same = |other: &Item| matches!((other, &item), (Item::Param(a, _), Item::Param(b, _)) if a == b);
        let of_kind = waiting.iter().filter(|other| other.kind() == item.kind()).count();
        let full = waiting.len() >= MOST_TOGETHER || of_kind >= MOST[item.kind()];
        // A param twice in one batch makes the server refuse all of it.
        let before = (full || waiting.iter().any(same)).then(|| std::mem::take(waiting));
        waiting.push(item);
        before
    }

    /// What waits for a run.
    pub fn take(&mut self, run_id: &str) -> Vec<Item> {
        self.runs.remove(run_id).unwrap_or_default()
    }

    /// What waits for any run.
    pub fn take_all(&mut self) -> Vec<(String, Vec<Item>)> {
        self.runs.drain().filter(|(_, items)| !items.is_empty()).collect()
    }
}

/// The body of a batch.
pub fn body(run_id: &str, items: &[Item]) -> Value {
    let of = |kind: usize| items.iter().filter(move |item| item.kind() == kind).map(written);
    json!({
        "run_id": run_id,
        "metrics": of(0).collect::<Vec<_>>(),
        "params": of(1).collect::<Vec<_>>(),
        "tags": of(2).collect::<Vec<_>>(),
    })
}

fn written(item: &Item) -> Value {
    match item {
        Item::Param(key, value) | Item::Tag(key, value) => json!({"key": key, "value": value}),
        Item::Metric(metric) => json!({
            "key": metric.key, "value": number(metric.value), "timestamp": metric.timestamp, "step": metric.step,
            "model_id": metric.model_id, "dataset_name": metric.dataset_name,
            "dataset_digest": metric.dataset_digest,
        }),
    }
}

/// JSON has no NaN and no infinities: the server takes their names.
fn number(value: f64) -> Value {
    match value {
        value if value.is_finite() => value.into(),
        value if value.is_nan() => "NaN".into(),
        value if value > 0.0 => "Infinity".into(),
        _ => "-Infinity".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(key: &str, value: &str) -> Item {
        Item::Param(key.to_owned(), value.to_owned())
    }

    #[test]
    fn batches_keep_within_what_the_server_takes() {
        let mut outbox = Outbox::default();
        for number in 0..100 {
            assert_eq!(outbox.add("r", param(&number.to_string(), "1")), None);
        }
        assert_eq!(outbox.add("r", Item::Tag("t".into(), "1".into())), None);
        assert_eq!(outbox.add("s", param("other", "1")), None);
        assert_eq!(outbox.add("r", param("100", "1")).unwrap().len(), 101);
        assert_eq!(outbox.take("r"), [param("100", "1")]);
    }

    #[test]
    fn a_param_is_in_a_batch_once() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.add("r", param("lr", "1")), None);
        assert_eq!(outbox.add("r", param("lr", "1")), None);
        assert_eq!(outbox.add("r", param("lr", "2")).unwrap(), [param("lr", "1")]);
        assert_eq!(outbox.take_all(), [("r".to_owned(), vec![param("lr", "2")])]);
    }
}
