//! Metrics within an event. JSON has no NaN and no infinities, so that a value is written as text: the shortest
//! that reads back as the same double.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use trackline_model::Metric;

#[derive(Serialize, Deserialize)]
struct Written {
    key: String,
    value: String,
    timestamp: i64,
    step: i64,
    model_id: Option<String>,
    dataset_name: Option<String>,
    dataset_digest: Option<String>,
}

pub fn serialize<S: Serializer>(metrics: &[Metric], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(metrics.iter().cloned().map(|metric| Written {
        key: metric.key,
        value: metric.value.to_string(),
        timestamp: metric.timestamp,
        step: metric.step,
        model_id: metric.model_id,
        dataset_name: metric.dataset_name,
        dataset_digest: metric.dataset_digest,
    }))
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Metric>, D::Error> {
    let written = Vec::<Written>::deserialize(deserializer)?;
    written
        .into_iter()
        .map(|metric| {
            Ok(Metric {
                value: metric.value.parse().map_err(D::Error::custom)?,
                key: metric.key,
                timestamp: metric.timestamp,
                step: metric.step,
                model_id: metric.model_id,
                dataset_name: metric.dataset_name,
                dataset_digest: metric.dataset_digest,
            })
        })
        .collect()
}
