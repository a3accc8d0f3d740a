use std::collections::BTreeMap;

use crate::{Metric, Point};

/// What is logged of metrics at once, gathered by key: a key is kept once, however many points it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MetricBatch {
    count: usize,
    series: BTreeMap<String, Vec<Point>>,
    of_models: Vec<Metric>,
}

impl MetricBatch {
    /// Adds a point of a metric.
    pub fn push(&mut self, key: &str, point: Point) {
        self.count += 1;
        match self.series.get_mut(key) {
            Some(points) => points.push(point),
            None => drop(self.series.insert(key.to_owned(), vec![point])),
        }
    }

    /// Adds a metric of a logged model: to the metrics of the run too.
    pub fn push_of_model(&mut self, metric: Metric) {
        self.push(&metric.key, metric.point());
        self.of_models.push(metric);
    }

    /// How many points were added.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The points of each key, in the order in which they came, by key.
    pub fn series(&self) -> impl ExactSizeIterator<Item = (&str, &[Point])> {
        self.series.iter().map(|(key, points)| (key.as_str(), points.as_slice()))
    }

    /// Those of logged models, in the order in which they came.
    pub fn of_models(&self) -> &[Metric] {
        &self.of_models
    }
}

impl<'a> FromIterator<&'a Metric> for MetricBatch {
    fn from_iter<I: IntoIterator<Item = &'a Metric>>(metrics: I) -> Self {
        let mut batch = Self::default();
        for metric in metrics {
            match &metric.model_id {
                Some(_) => batch.push_of_model(metric.clone()),
                None => batch.push(&metric.key, metric.point()),
            }
        }
        batch
    }
}
