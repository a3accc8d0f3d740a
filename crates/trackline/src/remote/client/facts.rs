//! What only Trackline's own server knows of a run, beside what MLflow has.

use std::io::Read;

use trackline_model::{Captured, MetricSummary, Point};
use trackline_store::{Error, ErrorKind, Result};
use ureq::http::Method;

use super::fields::Fields;
use super::{failed, in_path};
use crate::remote::{Kind, Server};

impl Server {
    /// Where every item of a run came from.
    pub fn captured(&self, run_id: &str) -> Result<Vec<Captured>> {
        if self.known_kind()? != Kind::Trackline {
            return Ok(Vec::new());
        }
        let found = self.ask(Method::GET, &path(run_id, "captured"), None)?;
        let items = Fields(&found).list("items", |item| serde_json::from_value(item.0.clone()).ok());
        Ok(items.into_iter().flatten().collect())
    }

    /// The facts beside a run: kind and digest.
    pub fn documents(&self, run_id: &str) -> Result<Vec<(String, String)>> {
        if self.known_kind()? != Kind::Trackline {
            return Ok(Vec::new());
        }
        let found = self.ask(Method::GET, &path(run_id, "documents"), None)?;
        Ok(Fields(&found).list("documents", |item| (item.text("kind"), item.text("digest"))))
    }

    /// The bytes of one of them.
    pub fn document(&self, run_id: &str, kind: &str) -> Result<Option<Vec<u8>>> {
        if self.known_kind()? != Kind::Trackline {
            return Ok(None);
        }
        let path = path(run_id, &format!("documents/{}", in_path(kind)));
        let mut body = match self.http.patiently(|http| http.download(&path)).map_err(failed) {
            Ok(body) => body,
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).map_err(|error| Error {
            kind: ErrorKind::Io,
            message: format!("Cannot read the document '{kind}' of run '{run_id}': {error}."),
        })?;
        Ok(Some(bytes))
    }

    /// What is known of each metric; of a stock MLflow server, from its whole history.
    pub fn summaries(&self, run_id: &str) -> Result<Vec<MetricSummary>> {
        if self.known_kind()? == Kind::Trackline {
            let found = self.ask(Method::GET, &path(run_id, "metrics"), None)?;
            return Ok(Fields(&found).list("metrics", summary));
        }
        let run = self.get_run(run_id)?;
        run.data.metrics.iter().map(|latest| self.summed_up(run_id, &latest.key)).collect()
    }

    fn summed_up(&self, run_id: &str, key: &str) -> Result<MetricSummary> {
        let mut points: Vec<Point> = self
            .history(run_id, key)?
            .iter()
            .map(|metric| Point { step: metric.step, timestamp: metric.timestamp, value: metric.value })
            .collect();
        points.sort_by_key(|point| (point.step, point.timestamp));
        let nothing = Point { step: 0, timestamp: 0, value: f64::NAN };
        Ok(MetricSummary {
            key: key.to_owned(),
            count: points.len() as u64,
            first: points.first().copied().unwrap_or(nothing),
            latest: points.last().copied().unwrap_or(nothing),
            min: points.iter().map(|point| point.value).fold(f64::NAN, f64::min),
            max: points.iter().map(|point| point.value).fold(f64::NAN, f64::max),
        })
    }
}

fn path(run_id: &str, what: &str) -> String {
    format!("/api/trackline/runs/{}/{what}", in_path(run_id))
}

fn summary(fields: Fields<'_>) -> MetricSummary {
    MetricSummary {
        key: fields.text("key"),
        count: fields.integer("count").unsigned_abs(),
        first: point(fields.inner("first")),
        latest: point(fields.inner("latest")),
        min: fields.double("min"),
        max: fields.double("max"),
    }
}

fn point(fields: Fields<'_>) -> Point {
    Point {
        step: fields.integer("step"),
        timestamp: fields.integer("timestamp"),
        value: fields.double("value"),
    }
}
