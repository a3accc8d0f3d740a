use serde::{Serialize, Serializer};
use serde_json::Value;

/// What a message tells: fields in the order that MLflow has them in, which receivers may see.
#[derive(Debug, Default)]
pub(super) struct Data(pub Vec<(&'static str, Value)>);

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// `data!({ "name": name, … })`
macro_rules! data {
    ({ $($key:literal: $value:expr),* $(,)? }) => {
        $crate::webhooks::data::Data(vec![$(($key, serde_json::json!($value))),*])
    };
}

pub(super) use data;

#[cfg(test)]
mod tests {
    #[test]
    fn fields_keep_their_order() {
        let text =
            serde_json::to_string(&data!({ "name": "churn", "alias": "best", "by": ["ann"] })).unwrap();
        assert_eq!(text, r#"{"name":"churn","alias":"best","by":["ann"]}"#);
    }
}
